// One question to a model, from the tool's side: opens the record of who served it, collects the answer, cuts it to what its
// caller takes, and turns an answer that was withheld into the error it is.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Text } from '../../core/json.ts';
import { wholeDraft } from '../../jobs/draft.ts';
import type { Draft } from '../../jobs/draft.ts';
import type { Hear, ModelContext, Served } from '../../providers/chat.ts';
import type { Keeping, ToolContext } from '../tool.ts';
import { brief } from '../../providers/answer/brief.ts';
import { collect } from '../../providers/answer/collect.ts';
import type { Answer, Holding, TextSoFar } from '../../providers/answer/collect.ts';
import type { AnswerImages } from '../../providers/answer/images.ts';
import { beginningOf } from '../../providers/answer/text.ts';
import { imageBlocks, ImageRoom, roomTaken } from './images.ts';

export interface Asking {
  /** As asked; empty means the default model. */
  readonly model: string;
  readonly silent: boolean;
  /** Most characters of text in a result. */
  readonly maxChars: number;
  /** How often the result says the text; absent: once. */
  readonly copies?: number;
}

/** An answer, and how it came about. */
export interface Reply extends Answer {
  readonly served: Served;
  /** The model that answered, as well as it is known. */
  readonly model: string;
  /** Where the rest of the text is to be read. */
  readonly rest?: NonNullable<Cut['rest']>;
}

/** The context a model is called in, with a record for the route to write. */
export function modelContext(ctx: ToolContext, model: string): ModelContext {
  return {
    cancel: ctx.cancel,
    deadline: ctx.deadline,
    log: ctx.log,
    requestId: ctx.requestId,
    client: ctx.client,
    about: ctx.about,
    phase: (phase, attempt) => ctx.phase(phase, attempt),
    served: { provider: '', model, attempts: [], changed: [] },
  };
}

/** Most characters of answer in a result for this caller; `taken`: of those its client shows, what has other uses. */
export function roomFor(
  { maxChars, copies = 1 }: Pick<Asking, 'maxChars' | 'copies'>,
  { resultChars = Infinity }: ToolContext,
  taken = 0,
): number {
  return Math.min(maxChars, Math.floor((resultChars - taken) / copies));
}

/** Asks and waits for the whole answer. Throws `CONTENT_FILTER`, with what was said before, when it was withheld. */
export async function ask(
  answer: (ctx: ModelContext, hear: Hear) => Promise<void>,
  asking: Asking,
  ctx: ToolContext,
): Promise<Reply> {
  const { model, silent } = asking;
  const context = modelContext(ctx, model);
  const { served } = context;
  const room = roomFor(asking, ctx);
  const restarted = (attempt: number): void => ctx.phase('restart', attempt);
  const gathered = await collect((hear) => answer(context, hear), {
    progress: ctx.progress,
    restarted,
    silent,
    maxChars: Math.max(room, ctx.keep?.most ?? 0),
    ...present({ holding: holdingOf(ctx, served) }),
  });
  const reply = { served, model: brief(served.model || gathered.statedModel || model), ...gathered };
  if (gathered.finishReason === 'content_filter') throw withheld(reply);
  if (gathered.images !== undefined) return withImages(reply, gathered.images, asking, ctx);
  const cut = withinRoom(reply.text, room, ctx.keep);
  return { ...reply, ...cut, omitted: cut.omitted + reply.omitted };
}

/** The same with images, which take some of the room. */
function withImages(reply: Reply, given: AnswerImages, asking: Asking, ctx: ToolContext): Reply {
  const { copies = 1 } = asking;
  const images = new ImageRoom(ctx, reply.text.length * copies).fit(given);
  const cut = withinRoomLeft(reply.text, asking, roomTaken(imageBlocks(images), ctx), ctx);
  return { ...reply, ...cut, images, omitted: cut.omitted + reply.omitted };
}

const KEEPS_NOTHING: Keeping = { most: Infinity, text: () => undefined };

/** The text as far as there is room for it beside what was taken, of which nothing was known when it was gathered. */
export function withinRoomLeft(
  text: Text,
  most: Pick<Asking, 'maxChars' | 'copies'>,
  taken: number,
  ctx: ToolContext,
): Cut {
  const room = roomFor(most, ctx, taken);
  return withinRoom(text, room, room < roomFor(most, ctx) ? (ctx.keep ?? KEEPS_NOTHING) : ctx.keep);
}

function holdingOf({ draft }: ToolContext, served: Served): Holding | undefined {
  if (draft === undefined) return undefined;
  let grown = (): void => {};
  const begun = (text: TextSoFar): void => {
    grown = draft(new AnswerDraft(text, served));
  };
  return { begun, grown: () => grown() };
}

/** A class, because an object with getters of its own has a shape of its own, which outlives it until a full collection. */
class AnswerDraft implements Draft {
  readonly #text: TextSoFar;
  readonly #served: Served;

  constructor(text: TextSoFar, served: Served) {
    this.#text = text;
    this.#served = served;
  }

  get length(): number {
    return this.#text.length;
  }

  get omitted(): number {
    return this.#text.omitted;
  }

  get model(): string {
    return brief(this.#served.model);
  }

  slice(from: number, to: number): string {
    return this.#text.slice(from, to);
  }
}

/** As much of a text as a result holds, and where the rest is to be read. */
export interface Cut {
  readonly text: Text;
  /** Characters that are not in the result. */
  readonly omitted: number;
  readonly rest?: { readonly job: string; readonly offset: number; readonly total: number };
}

/** The text as far as there is room for it in a result; the rest is kept where it can be. */
export function withinRoom(text: Text, room: number, keep: Keeping | undefined): Cut {
  // Where nothing is kept, no more than the room was gathered, and cut there.
  if (keep === undefined || keep.most <= room || text.length <= room) return { text, omitted: 0 };
  const beginning = beginningOf(text, room);
  const cut = { text: beginning.text, omitted: text.length - beginning.length };
  const job = keep.text(wholeDraft(text));
  return job === undefined ? cut : { ...cut, rest: { job, offset: beginning.length, total: text.length } };
}

function withheld({ served, model, text }: Reply): Fault {
  const { provider, attempts } = served;
  return new Fault(
    'CONTENT_FILTER',
    `The content filter of ${provider || 'the provider'} stopped the answer of ${model}.`,
    {
      data: { provider, model, attempts, partial: String(text) },
    },
  );
}
