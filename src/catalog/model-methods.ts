// The methods beyond the MCP specification (product sheet, section 5), apart from the wire: bare requests that work
// without a tool call and before any handshake. The checks are those of the tool `chat`; only the failure differs.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { check } from '../core/schema.ts';
import type { Problem } from '../core/schema.ts';
import { ask, modelContext } from './answer/ask.ts';
import type { Reply } from './answer/ask.ts';
import { apiMessageObject, ending } from '../providers/answer/openai-shape.ts';
import { failedRows, modelRow } from './model-list.ts';
import { accepted } from './request/arguments.ts';
import { toChatRequest } from './request/chat-request.ts';
import { withFiles } from './request/named-files.ts';
import { fromOpenAi } from './request/openai-request.ts';
import { refuse } from '../core/problems.ts';
import { checkProvider } from './request/provider.ts';
import { objectOf, stringOf } from '../providers/openai-form/read.ts';
import type { ModelListing } from '../providers/chat.ts';
import type { ModelMethods, ToolContext } from './tool.ts';
import { CHAT_SCHEMA } from './tools/chat.ts';
import type { Terms } from './tools/terms.ts';

/** Most models on one page. */
const PAGE = 500;

export function createModelMethods(terms: Terms, clock: Clock): ModelMethods {
  return {
    async list(params, ctx) {
      const { provider, start } = await asParams(() => listParams(params, terms.providers));
      const { models, failed } = await terms.models.list(present({ provider }), modelContext(ctx, ''));
      if (start > 0 && start >= models.length)
        throw new Fault('invalid-params', 'Invalid params: no page has this cursor.');
      const end = start + PAGE;
      const nextCursor = end < models.length ? cursorAt(end) : undefined;
      return { models: models.slice(start, end).map(modelRow), ...present({ nextCursor }), ...notAll(failed) };
    },

    async complete(params, ctx) {
      const reply = await answerTo(messagesOf(params), terms, ctx);
      return {
        completion: { values: [String(reply.text)], total: 1, hasMore: false },
        message: apiMessageObject(reply),
        model: reply.model,
        ...ending(reply),
      };
    },

    async createCompletion(params, ctx) {
      const reply = await answerTo(await asParams(() => fromOpenAi(CHAT_SCHEMA, params)), terms, ctx);
      const { finish_reason, ...rest } = ending(reply);
      return {
        id: reply.id || `chatcmpl-${ctx.requestId}`,
        object: 'chat.completion',
        created: reply.created ?? Math.floor(clock.wall() / 1000),
        model: reply.model,
        choices: [{ index: 0, message: apiMessageObject(reply), ...present({ finish_reason }) }],
        ...rest,
      };
    },
  };
}

/** The answer to a request with the arguments of the tool `chat`. */
async function answerTo(args: JsonObject, terms: Terms, ctx: ToolContext): Promise<Reply> {
  const { models, providers, maxOutputChars } = terms;
  const answer = (shown: JsonObject): Promise<() => Reply> => {
    const request = toChatRequest(shown, { schema: CHAT_SCHEMA, providers });
    const asking = { model: request.model, silent: args['stream'] === false, maxChars: maxOutputChars };
    return settled(ask((context, hear) => models.chat(request, context, hear), asking, ctx));
  };
  const answered = await asParams(() => withFiles(accepted(CHAT_SCHEMA, args), terms, ctx, answer));
  return answered();
}

/** How it ended, to be found out by whoever calls the function. */
function settled<Value>(promise: Promise<Value>): Promise<() => Value> {
  return promise.then(
    (value) => () => value,
    (thrown: unknown) => () => {
      throw thrown;
    },
  );
}

/** The params with `prompt.messages` as `messages`, and without what the specification's own form of the method has. */
function messagesOf({ prompt, ref: _ref, argument: _argument, context: _context, ...rest }: JsonObject): JsonObject {
  const inner = objectOf(prompt);
  if (inner === undefined) return { ...rest, ...present({ prompt }) };
  return { ...rest, ...present({ messages: inner['messages'] }) };
}

function listParams(params: JsonObject, providers: readonly string[]): { provider: string | undefined; start: number } {
  const { provider, cursor } = params;
  const problems: Problem[] = check({ type: 'object', properties: { provider: { type: 'string' } } }, params);
  checkProvider(provider, providers, problems);
  refuse(problems);
  return { provider: stringOf(provider) || undefined, start: startOf(cursor) };
}

/** Providers that could not be asked are named beside the list, not in it. */
function notAll(failed: ModelListing['failed']): { _meta?: JsonObject } {
  return failed.length === 0 ? {} : { _meta: { 'anymodel/failed': failedRows(failed) } };
}

/** Opaque to the peer: the number of models on the pages before. */
function cursorAt(start: number): string {
  const place = `models:${start}`;
  return Buffer.from(place).toString('base64url');
}

function startOf(cursor: JsonValue | undefined): number {
  if (cursor === undefined || cursor === null) return 0;
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : '';
  const start = Number(/^models:([1-9]\d{0,9})$/.exec(text)?.[1]);
  if (Number.isNaN(start) || start % PAGE !== 0)
    throw new Fault('invalid-params', 'Invalid params: no page has this cursor.');
  return start;
}

/** What is bad input to a tool is bad params to a method. */
async function asParams<Value>(read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (thrown) {
    const fault = Fault.from(thrown);
    if (fault.kind !== 'INVALID_INPUT') throw fault;
    throw new Fault('invalid-params', fault.message.replace('Invalid arguments', 'Invalid params'));
  }
}
