// The tool `conversations`, offered where conversations are kept: what there is of the caller's, what was said in one, and
// an end to one.

import type { JsonObject } from '../../core/json.ts';
import { Fault } from '../../core/fault.ts';
import type { ObjectSchema } from '../../core/schema.ts';
import type { Room } from '../../core/text-cut.ts';
import { numberOf, stringOf } from '../../providers/openai-form/read.ts';
import { partFacts, partOf } from '../answer/list-part.ts';
import { copiesOfJson, json } from '../answer/result.ts';
import { roomFor } from '../answer/room.ts';
import { ownerOf } from '../conversations/goes-on.ts';
import type { Conversations } from '../conversations/goes-on.ts';
import { widened } from '../request/arguments.ts';
import type { Tool } from '../tool.ts';
import type { Terms } from './terms.ts';

const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    action: { type: 'string', enum: ['list', 'get', 'drop'], description: 'Default: list.' },
    session: { type: 'string', description: 'For get and drop: which one.' },
    offset: { type: 'integer', minimum: 0, description: 'For list and get: next_offset of before.' },
  },
};

export function conversationsTool(conversations: Conversations, { maxOutputChars }: Terms): Tool {
  return {
    name: 'conversations',
    title: 'Conversations kept here',
    description: 'List, show or drop the conversations that chat keeps by session.',
    inputSchema: INPUT,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const asked: Asked = {
        owner: ownerOf(ctx),
        session: stringOf(args['session']) ?? '',
        from: numberOf(args['offset']) ?? 0,
        room: roomFor({ maxChars: maxOutputChars, copies: copiesOfJson(ctx) }, ctx),
      };
      const found = actionOf(args)(conversations, asked);
      return { content: [json(found)], ...(ctx.structured ? { structuredContent: found } : {}) };
    },
  };
}

interface Asked {
  readonly owner: string;
  readonly session: string;
  readonly from: number;
  readonly room: Room;
}

type Action = (conversations: Conversations, asked: Asked) => JsonObject;

type ActionName = 'list' | 'get' | 'drop';

const ACTIONS: Readonly<Record<ActionName, Action>> = {
  list(conversations, { owner, from, room }) {
    const all = conversations.of(owner).map(({ id, length, chars, updatedAt }) => ({
      session: id,
      messages: length,
      characters: chars,
      updated_at: new Date(updatedAt).toISOString(),
    }));
    const part = partOf(all, from, room, bytesOf);
    return { conversations: [...part.shown], ...(part.isAll ? {} : partFacts(part)) };
  },
  get(conversations, { owner, session, from, room }) {
    const messages = conversations.get(owner, session);
    if (messages === undefined) throw none(session);
    const part = partOf(messages, from, room, bytesOf);
    return { session, messages: [...part.shown], ...(part.isAll ? {} : partFacts(part)) };
  },
  drop(conversations, { owner, session }) {
    if (!conversations.drop(owner, session)) throw none(session);
    return { session, dropped: true };
  },
};

function bytesOf(item: unknown): number {
  return Buffer.byteLength(JSON.stringify(item));
}

function actionOf({ action }: JsonObject): Action {
  // The schema lets nothing else by.
  return ACTIONS[action === 'get' || action === 'drop' ? action : 'list'];
}

function none(session: string): Fault {
  return new Fault('INVALID_INPUT', `There is no conversation ${JSON.stringify(session.slice(0, 128))}.`, {
    data: { next: 'Call conversations without arguments to see which there are.' },
  });
}
