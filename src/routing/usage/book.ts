// What was asked since the start, what it took and what it cost: by model, by client, and in all. Bounded, whatever names
// callers ask for and however many clients there are.

import type { ModelContext } from '../../providers/chat.ts';
import { Lru } from '../../resilience/lru.ts';

/** Counts since the start. */
export interface UsageCounts {
  requests: number;
  /** Of them, those that came to no answer. */
  failed: number;
  /** Of them, those that an answer of before, or one under way, served: they took no tokens. */
  cached: number;
  inputTokens: number;
  outputTokens: number;
  /** US dollars, as far as they are known. */
  costUsd: number;
}

interface ModelUsage extends UsageCounts {
  readonly provider: string;
  readonly model: string;
}

/** Names and clients that are told apart; past it the one that asked the longest ago is forgotten. */
const MOST_TOLD = 1000;

const BOUNDS = { maxEntries: MOST_TOLD, maxBytes: Infinity };
const FOREVER = { bytes: 0, until: Infinity };

export class UsageBook {
  readonly #total = none();
  readonly #models = new Map<string, ModelUsage>();
  #newest: ModelUsage | undefined;
  readonly #clients = new Lru<UsageCounts>(BOUNDS);

  of(client: string): {
    readonly total: UsageCounts;
    readonly models: readonly ModelUsage[];
    readonly client: UsageCounts;
  } {
    return { total: this.#total, models: [...this.#models.values()], client: this.#clients.get(client, 0) ?? none() };
  }

  add(taken: UsageCounts, { served, client = '' }: ModelContext): void {
    const last = served.attempts.at(-1);
    const provider = served.provider || (last?.provider ?? '');
    const model = served.asked ?? last?.model ?? served.model;
    sum(this.#total, taken);
    sum(this.#ofClient(client), taken);
    // What failed before a provider was chosen is nobody's.
    if (provider !== '') sum(this.#row(provider, model), taken);
  }

  #ofClient(client: string): UsageCounts {
    const known = this.#clients.get(client, 0);
    if (known !== undefined) return known;
    const own = none();
    this.#clients.set(client, own, FOREVER);
    return own;
  }

  #row(provider: string, model: string): UsageCounts {
    // Mostly the same one as before.
    if (this.#newest?.model === model && this.#newest.provider === provider) return this.#newest;
    const key = JSON.stringify([provider, model]);
    const row = this.#models.get(key) ?? { provider, model, ...none() };
    this.#newest = row;
    this.#models.delete(key);
    this.#models.set(key, row);
    const [oldest] = this.#models.keys();
    if (this.#models.size > MOST_TOLD && oldest !== undefined) this.#models.delete(oldest);
    return row;
  }
}

function none(): UsageCounts {
  return { requests: 0, failed: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
}

function sum(counts: UsageCounts, more: UsageCounts): void {
  counts.requests += more.requests;
  counts.failed += more.failed;
  counts.cached += more.cached;
  counts.inputTokens += more.inputTokens;
  counts.outputTokens += more.outputTokens;
  counts.costUsd += more.costUsd;
}
