// One question to a model, from the tool's side: opens the record of who served it, collects the answer, cuts it to what its
// caller takes, and turns an answer that was withheld into the error it is.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Draft } from '../../jobs/draft.ts';
import type { Hear, ModelContext, Served } from '../../providers/chat.ts';
import type { ToolContext } from '../tool.ts';
import { brief } from '../../providers/answer/brief.ts';
import { collect } from '../../providers/answer/collect.ts';
import type { Answer, Holding, TextSoFar } from '../../providers/answer/collect.ts';
import type { AnswerImages } from '../../providers/answer/images.ts';
import { imageBlocks, ImageRoom, roomTaken } from './images.ts';
import { mostGathered, withinRoom } from './room.ts';
import type { Bound, Cut } from './room.ts';

export interface Asking extends Bound {
  /** As asked; empty means the default model. */
  readonly model: string;
  readonly silent: boolean;
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

/** Asks and waits for the whole answer. Throws `CONTENT_FILTER`, with what was said before, when it was withheld. */
export async function ask(
  answer: (ctx: ModelContext, hear: Hear) => Promise<void>,
  asking: Asking,
  ctx: ToolContext,
): Promise<Reply> {
  const { model, silent } = asking;
  const context = modelContext(ctx, model);
  const { served } = context;
  const restarted = (attempt: number): void => ctx.phase('restart', attempt);
  const gathered = await collect((hear) => answer(context, hear), {
    progress: ctx.progress,
    restarted,
    silent,
    maxChars: mostGathered(asking, ctx),
    ...present({ holding: holdingOf(ctx, served) }),
  });
  const reply = { served, model: brief(served.model || gathered.statedModel || model), ...gathered };
  if (gathered.finishReason === 'content_filter') throw withheld(reply);
  if (gathered.images !== undefined) return withImages(reply, gathered.images, asking, ctx);
  return fitted(reply, asking, ctx);
}

/** The reply as far as there is room for it beside what is taken. */
function fitted(reply: Reply, asking: Asking, ctx: ToolContext, taken = 0): Reply {
  const cut = withinRoom(reply.text, asking, ctx, taken);
  return { ...reply, ...cut, omitted: cut.omitted + reply.omitted };
}

/** The same with images, which take some of the room. */
function withImages(reply: Reply, given: AnswerImages, asking: Asking, ctx: ToolContext): Reply {
  const { copies = 1 } = asking;
  const images = new ImageRoom(ctx, reply.text.length * copies).fit(given);
  return fitted({ ...reply, images }, asking, ctx, roomTaken(imageBlocks(images), ctx));
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
