// Equal questions asked once: a layer that gives a whole answer again while it is kept, and lets equal questions that
// are under way share one upstream call (product sheet, section 8). Only for questions that are deterministic, where
// the operator enabled that, or whose caller asked for it; all others pass through untouched. Above routing: the key
// names every target a model's name leads to, so that a changed alias is another question.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Layer } from '../../core/layer.ts';
import type { Store } from '../../core/store.ts';
import type { ChatEvent, ChatModel, ChatRequest, Hear, ModelContext, Models } from '../../providers/chat.ts';
import { decodeEntry, encodeEntry, isWhole } from './entry.ts';
import type { Entry } from './entry.ts';
import { Flight } from './flight.ts';
import { cacheKey, isCacheable } from './key.ts';
import type { CacheTarget } from './key.ts';

/** A longer answer is neither kept nor joined. */
const MAX_CHARS = 1024 * 1024;

export interface CacheOptions {
  /** Bounds bytes and entries; shared by the layers of one configuration after another. */
  readonly store: Store;
  readonly clock: Clock;
  /** Without it only those are kept that ask for it. */
  readonly enabled: boolean;
  readonly ttlMs: number;
  /** One cache for all clients. */
  readonly shared: boolean;
  /** The targets a name leads to, in order, empty for the default model's; undefined: not known, so not to be kept. */
  targetsOf(model: string): readonly CacheTarget[] | undefined;
  /** Characters of an answer that is kept or joined at most. */
  readonly maxChars?: number;
}

export function cached(options: CacheOptions): Layer<Models> {
  return (inner) => {
    const answers = new Answers(options, inner.chat);
    return { ...inner, chat: (request, ctx, hear) => answers.chat({ request, ctx, hear }) };
  };
}

interface Call {
  readonly request: ChatRequest;
  readonly ctx: ModelContext;
  readonly hear: Hear;
}

class Answers {
  readonly #options: CacheOptions;
  readonly #inner: ChatModel;
  readonly #flights = new Map<string, Flight>();

  constructor(options: CacheOptions, inner: ChatModel) {
    this.#options = options;
    this.#inner = inner;
  }

  chat(call: Call): Promise<void> {
    const { request, ctx, hear } = call;
    const key = this.#keyOf(call);
    return key === undefined ? this.#inner(request, ctx, hear) : this.#answer(key, call);
  }

  #keyOf({ request, ctx }: Call): string | undefined {
    const { enabled, shared } = this.#options;
    if (!isCacheable(request, enabled)) return undefined;
    const targets = this.#options.targetsOf(request.model);
    if (targets === undefined || targets.length === 0) return undefined;
    return cacheKey(request, targets, shared ? '' : (ctx.client ?? ''));
  }

  async #answer(key: string, call: Call): Promise<void> {
    const { request, ctx, hear } = call;
    if (request.cache !== 'refresh' && !this.#flights.has(key)) {
      const found = this.#find(key, ctx);
      const entry = found instanceof Promise ? await found : found;
      if (entry !== undefined) return replay(entry, ctx, hear);
    }
    const heard = await (this.#flights.get(key)?.join(ctx, unpaid(hear)) ?? this.#fly(key, call));
    if (heard === 'whole') return;
    const reason = new Fault(
      'INCOMPLETE',
      'The answer could not be heard together with another call, and is asked anew.',
    );
    await hear([{ type: 'restart', attempt: ctx.served.attempts.length + 1, reason }]);
    await this.#inner(request, ctx, hear);
  }

  /** A store that fails is as good as an empty one. */
  #find(key: string, ctx: ModelContext): Entry | undefined | Promise<Entry | undefined> {
    const missed = (thrown: unknown): undefined => {
      ctx.log.warn('the cache cannot be read', { why: String(thrown) });
    };
    const entryOf = (text: string | undefined): Entry | undefined => (text === undefined ? text : decodeEntry(text));
    try {
      const text = this.#options.store.get(key);
      return text instanceof Promise ? text.then(entryOf).catch(missed) : entryOf(text);
    } catch (thrown) {
      return missed(thrown);
    }
  }

  #fly(key: string, { request, ctx, hear }: Call): ReturnType<Flight['join']> {
    const { maxChars = MAX_CHARS } = this.#options;
    const closed = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const flight = new Flight({ maxChars, first: ctx, closed });
    this.#flights.set(key, flight);
    const heard = flight.join(ctx, hear);
    void this.#ask(key, request, flight).finally(closed);
    return heard;
  }

  async #ask(key: string, request: ChatRequest, flight: Flight): Promise<void> {
    try {
      await this.#inner(request, flight.ctx, (events) => flight.hear(events));
    } catch (thrown) {
      const fault = Fault.from(thrown);
      flight.end(fault, fault.kind === 'TIMEOUT' && this.#options.clock.now() >= flight.ctx.deadline);
      return;
    }
    this.#keep(key, flight);
    flight.end(undefined, false);
  }

  #keep(key: string, { answer, ctx }: Flight): void {
    if (answer === undefined || !isWhole(answer)) return;
    const failed = (thrown: unknown): void => ctx.log.warn('the cache cannot be written', { why: String(thrown) });
    try {
      const stored = this.#options.store.put(key, encodeEntry(ctx.served, answer), this.#options.ttlMs);
      if (stored instanceof Promise) stored.catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }
}

function replay(
  { provider, model, changed, events }: Entry,
  { served }: ModelContext,
  hear: Hear,
): void | Promise<void> {
  served.provider = provider;
  served.model = model;
  served.changed.push(...changed);
  served.cached = true;
  return unpaid(hear)(events);
}

/** Hears what somebody else's call has paid for. */
function unpaid(hear: Hear): Hear {
  const isPaid = (event: ChatEvent): boolean => event.type === 'usage' && event.usage.costUsd !== undefined;
  const free = (event: ChatEvent): ChatEvent =>
    event.type === 'usage' ? { ...event, usage: { ...event.usage, costUsd: 0 } } : event;
  return (events) => hear(events.some(isPaid) ? events.map(free) : events);
}
