// One target in one call: which of its keys are left, what was mended for it, how much room the answer was given, and
// how its sends ended. It knows nothing of the other targets, and does not wait or send.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { AttemptClocks, Send } from '../../providers/attempt/attempt.ts';
import type { Ask, Lessons, Mend, Sending } from '../../providers/dialect.ts';
import { areAboutOthers, withMends } from '../targets/lessons.ts';
import { firstRoom, roomStep } from './room.ts';
import type { Room, RoomStep } from './room.ts';
import { inItsNames } from '../targets/setting-names.ts';
import type { Target } from '../targets/target.ts';

/** A target to be tried, and what a caller should know of that it is. */
export interface Choice {
  readonly target: Target;
  readonly note?: string;
}

export class Leg {
  readonly target: Target;
  /** The question as it is put to this target, before anything is changed about it. */
  readonly #asked: Ask;
  /** The keys that are still to be tried; the first is the one in use. */
  readonly #keys: string[];
  readonly #triedKeys = new Set<string>();
  #hasNewKeys = false;
  #lessons: Lessons;
  /** What was mended in this call; a request is mended once for each target. */
  #mended: readonly Mend[] = [];
  #room: Room;
  /** The answer that had too little room, for when more is refused. */
  #starved: Fault | undefined;
  /** The request was changed after a refusal, uncounted. */
  wasRepaired = false;
  /** Failures after which it may be tried again. */
  failures = 0;
  /** When it may be; Infinity: not in this call. */
  notBefore = 0;
  /** How it failed last. */
  lastFailure: Fault | undefined;
  /** What a caller should know of that it was asked. */
  note: string | undefined;

  constructor({ target, note }: Choice, ask: Ask, now: number) {
    const { desk, model } = target;
    this.target = target;
    this.note = note;
    this.#asked = target.askOf(ask);
    this.#keys = desk.keys.order(model, now);
    this.#lessons = desk.memory.lessons.of(model, now);
    this.#room = firstRoom(this.#asked, desk.upstream.dialect.makesRoom === true);
  }

  /** What is asked, with the room there is now. */
  get ask(): Ask {
    return this.#room.ask;
  }

  get hasOtherKey(): boolean {
    return this.#keys.length > 1;
  }

  /** Which room the answer has, where it is not what was asked for. */
  get roomLine(): string | undefined {
    return this.#room.line;
  }

  /** Throws what the dialect cannot say, or what is not configured: nothing is sent then. */
  encode(): Sending {
    const { desk, provider, model } = this.target;
    const [key = ''] = this.#keys;
    this.#triedKeys.add(key);
    try {
      desk.checkConfigured();
      return desk.upstream.dialect.encode(this.#room.ask, desk.endpointOf(key), this.#lessons);
    } catch (thrown) {
      const fault = Fault.from(thrown);
      const { next } = fault.data;
      const facts = present({
        model: model === '' ? undefined : model,
        next: next === undefined ? undefined : inItsNames(next, desk.settings.names),
      });
      throw fault.with({ provider, ...facts });
    }
  }

  /** An answer in one piece has no first token to be waited for. */
  clocks(): AttemptClocks {
    const clocks = this.target.clocksOf(this.#asked);
    return this.#lessons.habits.has('not-streamed') ? { ...clocks, firstTokenMs: Infinity } : clocks;
  }

  /** The target took the request: what was mended is remembered. */
  accepted(now: number): void {
    this.#keepLessons(this.#mended, now);
  }

  /**
   * What to mend. A second refusal in one call is not mended any more; but when it is about something else than the
   * first one, both are remembered, so that the next call gets through.
   */
  mendsFor(failure: Fault, send: Send, now: number): readonly Mend[] {
    const mends = this.target.desk.upstream.dialect.mend(failure, send);
    if (this.#mended.length === 0 || mends.length === 0) return mends;
    if (areAboutOthers(mends, this.#mended)) this.#keepLessons([...this.#mended, ...mends], now);
    return [];
  }

  mend(mends: readonly Mend[]): void {
    this.#mended = mends;
    this.#lessons = withMends(this.#lessons, mends);
    this.wasRepaired = true;
  }

  roomStep(failure: Fault): RoomStep | undefined {
    if (failure.data.isStarved === true) this.#starved = failure;
    return roomStep(this.#room, this.#asked, failure);
  }

  changeRoom({ room }: Extract<RoomStep, { room: Room }>): void {
    if (room.stage === 'own') this.wasRepaired = true;
    this.#room = room;
  }

  /** More room was our idea: where it is refused, the answer that had too little is what there is to tell. */
  get starved(): Fault | undefined {
    return this.#starved;
  }

  nextKey(): void {
    this.#keys.shift();
  }

  /**
   * The key in use is out for other calls too. After a 401 of the last one, once in a call, there may be new ones to try: at
   * once, or when what this returns has settled.
   */
  keyRefused({ data }: Fault, now: number): Promise<void> | undefined {
    const { desk, model } = this.target;
    const [key = ''] = this.#keys;
    const isForModel = data.status === 403;
    desk.keys.takeOut(key, isForModel ? model : undefined, now);
    if (isForModel) return undefined;
    this.#add(desk.keys.without(key));
    if (this.hasOtherKey || this.#hasNewKeys) return undefined;
    return desk.settings.keysUnderWay?.()?.then(() => this.#add(desk.keys.now));
  }

  #add(keys: readonly string[]): void {
    if (this.hasOtherKey || this.#hasNewKeys) return;
    const fresh = [...new Set(keys)].filter((key) => !this.#triedKeys.has(key));
    this.#hasNewKeys = fresh.length > 0;
    this.#keys.push(...fresh);
  }

  /** The key in use has used up a limit; where the upstream says for how long, other calls begin with others. */
  keyLimited({ kind, retryAfterMs }: Fault, now: number): void {
    const { desk, model } = this.target;
    const [key = ''] = this.#keys;
    if (kind === 'QUOTA' || retryAfterMs !== undefined) desk.keys.rest(key, model, now, retryAfterMs);
  }

  #keepLessons(mends: readonly Mend[], now: number): void {
    this.target.desk.memory.lessons.keep(this.target.model, mends, now);
  }
}
