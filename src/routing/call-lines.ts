// The log's line for each question to a model: what was asked of whom and what came of it, how large the answer was, how
// long it took. A layer over the models; the outermost, so that answers of the cache have their line as well. Sizes
// and names, and never a text.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { Layer } from '../core/layer.ts';
import type { Log, LogFields } from '../core/log.ts';
import type { ChatEvent, Hear, ModelContext, Models, Usage } from '../providers/chat.ts';

/** Which facts a line has; without any there are no lines. */
export interface CallLines {
  /** The tool or method, the status of the last attempt, how many there were, and whether the cache answered. */
  readonly requests: boolean;
  /** Why the answer ended, and how large it is. */
  readonly responses: boolean;
  /** Milliseconds, in all and to the first token; tokens and cost. */
  readonly performance: boolean;
}

interface Options extends CallLines {
  readonly log: Log;
  readonly clock: Clock;
}

/** Model names are the caller's text. */
const MOST_CHARACTERS = 200;

export function callLines(options: Options): Layer<Models> {
  if (!options.requests && !options.responses && !options.performance) return (inner) => inner;
  const told = async <T>(op: string, ctx: ModelContext, run: (seen: Seen) => Promise<T>): Promise<T> => {
    const seen = new Seen(options.clock);
    let outcome = 'ok';
    try {
      return await run(seen);
    } catch (thrown) {
      outcome = Fault.from(thrown).kind;
      throw thrown;
    } finally {
      options.log.info('call', fieldsOf({ op, outcome }, ctx, { seen, options }));
    }
  };
  return (inner) => ({
    chat: (request, ctx, hear) => told('chat', ctx, (seen) => inner.chat(request, ctx, seen.listening(hear))),
    complete: (request, ctx, hear) =>
      told('complete', ctx, (seen) => inner.complete(request, ctx, seen.listening(hear))),
    embed: (request, ctx) =>
      told('embed', ctx, async (seen) => {
        const embeddings = await inner.embed(request, ctx);
        seen.usage = embeddings.usage;
        seen.sizes['vectors'] = embeddings.vectors.length;
        return embeddings;
      }),
    list: (query, ctx) =>
      told('list', ctx, async (seen) => {
        const listing = await inner.list(query, ctx);
        seen.sizes['models'] = listing.models.length;
        return listing;
      }),
  });
}

/** What was heard of one answer. */
class Seen {
  readonly #clock: Clock;
  readonly #startedAt: number;
  #firstAt: number | undefined;
  finish: string | undefined;
  usage: Usage = {};
  sizes: Record<string, number> = {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  get ms(): number {
    return Math.round(this.#clock.now() - this.#startedAt);
  }

  get firstMs(): number | undefined {
    return this.#firstAt === undefined ? undefined : Math.round(this.#firstAt - this.#startedAt);
  }

  listening(hear: Hear): Hear {
    return (events) => {
      for (const event of events) this.#take(event);
      return hear(events);
    };
  }

  #take(event: ChatEvent): void {
    if (event.type === 'text' || event.type === 'reasoning') {
      this.#firstAt ??= this.#clock.now();
      this.#add(event.type === 'text' ? 'characters' : 'reasoningCharacters', event.text.length);
    } else if (event.type === 'tool') {
      this.#firstAt ??= this.#clock.now();
      if (event.name !== undefined) this.#add('toolCalls', 1);
    } else if (event.type === 'image') {
      this.#firstAt ??= this.#clock.now();
      this.#add('images', 1);
    } else if (event.type === 'usage') this.usage = event.usage;
    else if (event.type === 'finish') this.finish = event.reason;
    else if (event.type === 'restart') this.sizes = {};
  }

  #add(what: string, more: number): void {
    this.sizes[what] = (this.sizes[what] ?? 0) + more;
  }
}

function fieldsOf(
  what: LogFields,
  { about, requestId, served }: ModelContext,
  { seen, options }: { readonly seen: Seen; readonly options: CallLines },
): LogFields {
  const { provider, model, attempts, cached, shared } = served;
  const { inputTokens, outputTokens, costUsd } = seen.usage;
  const { ms, firstMs, finish, sizes } = seen;
  return {
    ...(options.requests ? about : {}),
    ...what,
    requestId,
    ...present({
      provider: provider || attempts.at(-1)?.provider,
      model: model.slice(0, MOST_CHARACTERS) || undefined,
    }),
    ...(options.requests
      ? present({ status: attempts.at(-1)?.status, attempts: attempts.length, cached, shared })
      : {}),
    ...(options.responses ? { ...present({ finish: finish?.slice(0, MOST_CHARACTERS) }), ...sizes } : {}),
    ...(options.performance ? present({ ms, firstMs, inputTokens, outputTokens, costUsd }) : {}),
  };
}
