// What came of reading the configuration again: for /health, for metrics and for whoever asks which configuration is in
// force. Told the time; it must not know who shows it.

import { Fault } from '../../core/fault.ts';

export interface ReloadState {
  /** When the configuration in force was taken, in milliseconds since the epoch; the start counts. */
  readonly loadedAt: number;
  /** Reloads that took effect; the start is none. */
  readonly succeeded: number;
  /** Reloads that changed nothing, because what was read cannot work. */
  readonly failed: number;
  /**
   * Why the newest reload failed, scrubbed; absent when it took effect. While it is there, what is in force is not
   * what the file says.
   */
  readonly lastFault?: { readonly at: number; readonly problems: readonly string[] };
}

export interface HistoryOptions {
  readonly clock: { wall(): number };
  readonly scrub: (text: string) => string;
}

export class ReloadHistory {
  readonly #options: HistoryOptions;
  #state: ReloadState;

  /** The start is now. */
  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#state = { loadedAt: options.clock.wall(), succeeded: 0, failed: 0 };
  }

  /** As it is now; a later reload does not change what was handed out. */
  get state(): ReloadState {
    return this.#state;
  }

  /** What `take` throws is why it failed, and is thrown on. */
  count<T>(take: () => T): T {
    try {
      const taken = take();
      this.#state = { ...this.#counts(), loadedAt: this.#options.clock.wall(), succeeded: this.#state.succeeded + 1 };
      return taken;
    } catch (thrown) {
      this.fail([Fault.from(thrown).message]);
      throw thrown;
    }
  }

  fail(problems: readonly string[]): void {
    const { clock, scrub } = this.#options;
    const lastFault = { at: clock.wall(), problems: problems.map(scrub) };
    this.#state = { ...this.#counts(), failed: this.#state.failed + 1, lastFault };
  }

  #counts(): Omit<ReloadState, 'lastFault'> {
    const { lastFault: _, ...counts } = this.#state;
    return counts;
  }
}
