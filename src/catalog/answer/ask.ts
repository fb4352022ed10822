// One question to a model, from the tool's side: opens the record of who served it, collects the answer, cuts it to what its
// caller takes, and turns an answer that was withheld into the error it is.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Text } from '../../core/json.ts';
import { unitsWithin } from '../../core/text-cut.ts';
import type { Room } from '../../core/text-cut.ts';
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

/** For an answer in a result for this caller; `taken`: of what its client shows, what has other uses. */
export function roomFor(
  { maxChars, copies = 1 }: Pick<Asking, 'maxChars' | 'copies'>,
  { resultChars = Infinity, countsBytes = false }: ToolContext,
  taken = 0,
): Room {
  const shown = Math.floor((resultChars - taken) / copies);
  return { chars: Math.min(maxChars, shown), bytes: countsBytes ? shown : Infinity };
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
  const most = mostGathered(asking, ctx);
  const restarted = (attempt: number): void => ctx.phase('restart', attempt);
  const gathered = await collect((hear) => answer(context, hear), {
    progress: ctx.progress,
    restarted,
    silent,
    maxChars: most,
    ...present({ holding: holdingOf(ctx, served) }),
  });
  const reply = { served, model: brief(served.model || gathered.statedModel || model), ...gathered };
  if (gathered.finishReason === 'content_filter') throw withheld(reply);
  if (gathered.images !== undefined) return withImages(reply, gathered.images, asking, ctx);
  const cut = withinRoom({ text: reply.text, most }, roomFor(asking, ctx), ctx.keep);
  return { ...reply, ...cut, omitted: cut.omitted + reply.omitted };
}

/** Most characters of a text that are wanted: what is too long for a result may be kept. */
export function mostGathered(asking: Pick<Asking, 'maxChars' | 'copies'>, ctx: ToolContext): number {
  return Math.max(roomFor(asking, ctx).chars, ctx.keep?.most ?? 0);
}

/** The same with images, which take some of the room. */
function withImages(reply: Reply, given: AnswerImages, asking: Asking, ctx: ToolContext): Reply {
  const { copies = 1 } = asking;
  const images = new ImageRoom(ctx, reply.text.length * copies).fit(given);
  const room = roomFor(asking, ctx, roomTaken(imageBlocks(images), ctx));
  const cut = withinRoom({ text: reply.text, most: mostGathered(asking, ctx) }, room, ctx.keep);
  return { ...reply, ...cut, images, omitted: cut.omitted + reply.omitted };
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

/** A text of which so many characters were gathered at most, and which was cut there. */
export interface Gathered {
  readonly text: Text;
  readonly most: number;
}

/** The text as far as there is room for it in a result; the rest is kept where it can be. */
export function withinRoom({ text, most }: Gathered, room: Room, keep: Keeping | undefined): Cut {
  // One that was cut there has been mended, which may have made it a little longer.
  const chars = room.chars >= most ? Infinity : room.chars;
  if (text.length <= chars && room.bytes === Infinity) return { text, omitted: 0 };
  const draft = wholeDraft(text);
  const units = unitsWithin({ ...room, chars }, draft);
  if (units === text.length) return { text, omitted: 0 };
  const beginning = beginningOf(text, units);
  const cut = { text: beginning.text, omitted: text.length - beginning.length };
  const job = keep?.text(draft);
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
