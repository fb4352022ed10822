// What a client asks of the mock: the body of a request, checked as far as the mock uses it. What OpenAI would
// refuse is refused in the same shape, so that a mistake of ours shows here and not first in the field.

import { isObject, parseJson } from '../core/json.ts';
import { findModel } from './models.ts';
import type { Model } from './models.ts';
import { refusal } from './reply.ts';
import type { Reply } from './reply.ts';

export interface Ask {
  readonly model: Model;
  /** What the last user message, or the prompt, says. */
  readonly said: string;
  /** Words of everything sent, for the usage. */
  readonly promptWords: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly maxTokens: number;
  /** The first tool offered, unless tools may not be called. */
  readonly tool?: { readonly name: string; readonly parameters: unknown };
  /** What the tool answered, when the last message is its result. */
  readonly toolResult?: string;
}

type Checked<T> = { readonly ask: T } | { readonly reply: Reply };

/** `body` must be a JSON object that names a model there is. */
export function readModel(text: string): Checked<{ readonly body: Record<string, unknown>; readonly model: Model }> {
  const body = parseJson(text);
  if (!isObject(body)) return wrong('We could not parse the JSON body of your request. It must be a JSON object.');
  const asked = body['model'] ?? '';
  if (typeof asked !== 'string') return wrong('model must be a string.', 'model');
  const model = findModel(asked);
  if (model !== undefined) return { ask: { body, model } };
  const message = `The model '${asked.slice(0, 100)}' does not exist or you do not have access to it.`;
  return { reply: refusal({ status: 404, message, code: 'model_not_found', param: 'model' }) };
}

export function readChat(text: string): Checked<Ask> {
  const read = readModel(text);
  if ('reply' in read) return read;
  const { body } = read.ask;
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    return wrong('messages must be a list that is not empty.', 'messages');
  for (const [i, message] of messages.entries()) {
    const known = isObject(message) && typeof message['role'] === 'string' && ROLES.has(message['role']);
    if (!known) return wrong(`messages[${i}].role must be one of ${[...ROLES].join(', ')}.`, `messages[${i}].role`);
  }
  const talk = messages.filter(isObject);
  const texts = talk.map((message) => textOf(message['content']));
  const last = talk.at(-1);
  const user = talk.findLastIndex((message) => message['role'] === 'user');
  const shared = readShared(body, texts);
  if ('reply' in shared) return shared;
  const tool = toolOf(body);
  return {
    ask: {
      ...shared.ask,
      model: read.ask.model,
      said: texts[user] ?? '',
      ...(tool === undefined ? {} : { tool }),
      ...(last?.['role'] === 'tool' ? { toolResult: textOf(last['content']) } : {}),
    },
  };
}

export function readCompletion(text: string): Checked<Ask> {
  const read = readModel(text);
  if ('reply' in read) return read;
  const { prompt } = read.ask.body;
  const said = Array.isArray(prompt) ? prompt.filter((one) => typeof one === 'string').join(' ') : prompt;
  if (typeof said !== 'string') return wrong('prompt must be a string or a list of strings.', 'prompt');
  const shared = readShared(read.ask.body, [said]);
  return 'reply' in shared ? shared : { ask: { ...shared.ask, model: read.ask.model, said } };
}

type Shared = Pick<Ask, 'stream' | 'includeUsage' | 'maxTokens' | 'promptWords'>;

function readShared(body: Record<string, unknown>, texts: readonly string[]): Checked<Shared> {
  const options = body['stream_options'];
  const stream = body['stream'] === true;
  if (options !== undefined && !stream) {
    return wrong("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
  const limit = body['max_completion_tokens'] ?? body['max_tokens'] ?? Infinity;
  if (typeof limit !== 'number' || limit < 1) return wrong('max_tokens must be a number of at least 1.', 'max_tokens');
  const promptWords = texts.reduce((sum, one) => sum + countWords(one), 0);
  const includeUsage = !stream || (isObject(options) && options['include_usage'] === true);
  return { ask: { stream, includeUsage, maxTokens: limit, promptWords } };
}

const ROLES: ReadonlySet<string> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);

/** The text of a message: a string, or the text parts of a list. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('');
}

function toolOf(body: Record<string, unknown>): Ask['tool'] {
  const { tools } = body;
  const first: unknown = Array.isArray(tools) && body['tool_choice'] !== 'none' ? tools[0] : undefined;
  const made = isObject(first) ? first['function'] : undefined;
  if (!isObject(made) || typeof made['name'] !== 'string') return undefined;
  return { name: made['name'], parameters: made['parameters'] };
}

export function countWords(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/\S+/g)) count++;
  return count;
}

function wrong(message: string, param?: string): { readonly reply: Reply } {
  return { reply: refusal(param === undefined ? { status: 400, message } : { status: 400, message, param }) };
}
