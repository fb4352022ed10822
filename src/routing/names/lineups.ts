// The line-ups of one router, kept by name until something becomes known that may change one: a call to a name that was
// asked before finds its targets with one look-up. Asks for lists in the background where names depend on them.

import type { Clock } from '../../core/clock.ts';
import type { Price } from '../../core/price.ts';
import type { ModelContext } from '../../providers/chat.ts';
import type { ModelAsk } from '../../providers/dialect.ts';
import { meaningOf, withOnlyModel } from './addressing.ts';
import type { AddressBook, Meaning } from './addressing.ts';
import { lineupOf } from './lineup.ts';
import type { Lineup } from './lineup.ts';

/** Names kept at most; callers may ask for any. All are forgotten when there are more. */
const MAX_KEPT = 1000;

/** After so long a name that depends on lists of models is looked at again, so that they do not grow old. */
const KEPT_MS = 60_000;

/** How long a call waits for first lists where without them its model's place is a guess. */
const FOR_LISTS_MS = 3000;

type Op = ModelAsk['op'];

interface Kept {
  readonly lineup: Lineup;
  /** Infinity: until something becomes known. */
  readonly until: number;
}

export class Lineups {
  readonly #book: AddressBook;
  readonly #prices: Readonly<Record<string, Price>>;
  readonly #clock: Clock;
  readonly #kept: Readonly<Record<Op, Map<string, Kept>>> = { chat: new Map(), complete: new Map(), embed: new Map() };

  constructor(book: AddressBook, prices: Readonly<Record<string, Price>>, clock: Clock) {
    this.#book = book;
    this.#prices = prices;
    this.#clock = clock;
  }

  /** Something became known. */
  forget(): void {
    for (const kept of Object.values(this.#kept)) kept.clear();
  }

  /** What the name leads to; a promise only where providers have to be asked which models they have. */
  of(name: string, op: Op, ctx: ModelContext): Lineup | Promise<Lineup> {
    const kept = this.#kept[op].get(name);
    if (kept !== undefined && (kept.until === Infinity || this.#clock.now() < kept.until)) return kept.lineup;
    const meaning = meaningOf(name, op, this.#book);
    const lists = this.#dependsOnLists(meaning) ? this.#firstLists(meaning, ctx) : [];
    if (lists.length > 0) {
      return settledWithin(FOR_LISTS_MS, lists, this.#clock, ctx).then(() =>
        this.#keep(name, op, meaningOf(name, op, this.#book)),
      );
    }
    const unsettled = meaning.places.find(({ model }) => model === '');
    if (unsettled === undefined) return this.#keep(name, op, meaning);
    return unsettled.desk
      .onlyModel(ctx)
      .then((model) => lineupOf(withOnlyModel(meaning, model, { op, book: this.#book }), this.#prices));
  }

  /** The same without any question upstream: a model may be missing from it. */
  peek(name: string, op: Op): Lineup {
    return this.#kept[op].get(name)?.lineup ?? lineupOf(meaningOf(name, op, this.#book), this.#prices);
  }

  #keep(name: string, op: Op, meaning: Meaning): Lineup {
    const lineup = lineupOf(meaning, this.#prices);
    const kept = this.#kept[op];
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(name, { lineup, until: this.#dependsOnLists(meaning) ? this.#clock.now() + KEPT_MS : Infinity });
    return lineup;
  }

  /** Freshens all lists; answers those that may tell who has the model, when nobody is known to have it. */
  #firstLists({ places }: Meaning, ctx: ModelContext): readonly Promise<unknown>[] {
    const desks = [...this.#book.desks.values()];
    for (const desk of desks) desk.freshen(ctx);
    if (places.some(({ desk, model }) => desk.has(model) === true)) return [];
    return desks.flatMap(({ firstList }) => (firstList === undefined ? [] : [firstList]));
  }

  #dependsOnLists(meaning: Meaning): boolean {
    return meaning.as === 'bare name' && this.#book.bareNames === 'every' && this.#book.desks.size > 1;
  }
}

/** Resolves when all have settled or the time is over; rejects when the call is called off. */
function settledWithin(
  ms: number,
  all: readonly Promise<unknown>[],
  clock: Clock,
  { cancel, deadline }: ModelContext,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(Math.min(ms, deadline - clock.now()), resolve);
    const dispose = cancel.onCancel((reason) => {
      stop();
      reject(reason);
    });
    void Promise.all(all).then(() => (stop(), dispose(), resolve()));
  });
}
