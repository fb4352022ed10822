// A chat that goes on where an earlier one of its session stopped: what was said before is put in front of what is said now,
// and once there is an answer both are kept. A call that fails leaves what is kept as it was.
// Messages are kept in the form callers give them, so that they are checked together with the new ones.

import { Fault } from '../../core/fault.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Histories } from '../../jobs/histories.ts';
import { listOf, stringOf } from '../../providers/openai-form/read.ts';
import type { ToolContext } from '../tool.ts';

export type Conversations = Histories<JsonObject>;

/** What a call says, and who hears that it was answered. */
export interface Said {
  /** The arguments with the whole conversation as `messages`. */
  readonly args: JsonObject;
  /** Keeps it, with its answer. */
  answered(message: JsonObject): void;
}

/** Runs a call in its session. Throws `INVALID_INPUT` where there can be none. */
export async function inSession<Result>(
  session: string,
  args: JsonObject,
  { conversations, ctx }: { readonly conversations: Conversations; readonly ctx: ToolContext },
  run: (said: Said) => Promise<Result>,
): Promise<Result> {
  const turn = await conversations.enter(ownerOf(ctx), checked(session), ctx);
  try {
    const messages = goesOn(turn.messages, spoken(args));
    if (conversations.isFull(messages)) throw full(session);
    const { prompt: _prompt, images: _images, system: _system, ...rest } = args;
    return await run({
      args: { ...rest, messages: [...messages] },
      answered: (message) => turn.keep([...messages, message]),
    });
  } finally {
    turn.end();
  }
}

/** Whose conversations a call may go on with. Throws where nobody could be told from anybody else. */
export function ownerOf({ owner }: ToolContext): string {
  if (owner !== undefined) return owner;
  throw invalid(
    'session',
    'needs a client that is known by a key or a connection of its own',
    'Send the conversation so far in messages.',
  );
}

function checked(session: string): string {
  if (/^[\w.:-]{1,128}$/.test(session)) return session;
  throw invalid('session', 'must have at most 128 letters, digits, ".", ":", "_" and "-"', 'Choose another name.');
}

/** Instructions of now take the place of those of before, and stand first. */
function goesOn(before: readonly JsonObject[], fresh: readonly JsonObject[]): readonly JsonObject[] {
  const instructions = fresh.filter(instructs);
  if (instructions.length === 0) return [...before, ...fresh];
  const said = [...before, ...fresh].filter((one) => !instructs(one));
  return [...instructions, ...said];
}

function instructs({ role }: JsonObject): boolean {
  return role === 'system' || role === 'developer';
}

/** What is said now, with its images where they belong. What is no message is left for the checker. */
function spoken({ prompt, messages, images, system }: JsonObject): JsonObject[] {
  const text = stringOf(prompt) ?? '';
  const given = (listOf(messages) ?? []).filter(isMessage);
  if (text !== '' && given.length > 0) throw invalid('prompt', 'cannot be given together with messages', CORRECT);
  const said: JsonObject[] = text === '' ? given : [{ role: 'user', content: text }];
  if (said.length === 0) throw invalid('messages', 'or prompt is required, and not empty', CORRECT);
  const shown = withImages(said, listOf(images) ?? []);
  const instructions = stringOf(system) ?? '';
  return instructions === '' ? shown : [{ role: 'system', content: instructions }, ...shown];
}

function withImages(said: readonly JsonObject[], images: readonly JsonValue[]): JsonObject[] {
  const at = said.findLastIndex(({ role }) => role === 'user');
  const last = said[at];
  if (images.length === 0) return [...said];
  if (last === undefined) throw invalid('images', 'need a user message to go with', CORRECT);
  const { content } = last;
  const parts: JsonValue[] = Array.isArray(content) ? content : [{ type: 'text', text: content ?? '' }];
  const shown = images.map((url): JsonValue => ({ type: 'image_url', image_url: { url } }));
  return said.with(at, { ...last, content: [...parts, ...shown] });
}

function isMessage(value: JsonValue): value is JsonObject {
  return isObject(value);
}

const CORRECT = 'Correct the arguments and call again.';

function full(session: string): Fault {
  return invalid(
    'session',
    `${JSON.stringify(session)} is as long as a conversation may be`,
    'Drop it, or go on under another name.',
  );
}

function invalid(path: string, rule: string, next: string): Fault {
  return new Fault('INVALID_INPUT', `Invalid arguments: ${path} ${rule}.`, { data: { next } });
}
