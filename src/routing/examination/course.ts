// The course of one examination: its steps in order, each timed, told as they end, and free of secrets. What a step
// looks at is not its matter.

import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import { present } from '../../core/json.ts';
import type { Secrets } from '../../core/secrets.ts';

export type StepName =
  | 'settings'
  | 'dns'
  | 'tcp'
  | 'proxy'
  | 'tls'
  | 'http'
  | 'auth'
  | 'models'
  | 'default'
  | 'chat'
  | 'embed';

/** What came of a step. */
export interface Finding {
  readonly state: 'ok' | 'failed' | 'skipped';
  /** What came back, on one line. */
  readonly said: string;
  /** What a person can do about it; of a failed one always there. */
  readonly next?: string;
  /** The same for machines. */
  readonly facts?: JsonObject;
}

export interface Step extends Finding {
  readonly name: StepName;
  /** Absent where nothing was waited for. */
  readonly ms?: number;
}

export interface Timed {
  readonly finding: Finding;
  readonly ms: number | undefined;
}

export interface Audience {
  /** What is asked first, fit to be shown; empty where there is no such address. */
  onUrl?(url: string): void;
  onBegin?(name: StepName): void;
  onStep?(step: Step): void;
}

/** More of what an upstream says is cut off. */
const MOST_CHARACTERS = 600;

export class Course {
  readonly steps: Step[] = [];
  readonly #clock: Clock;
  readonly #secrets: Secrets;
  readonly #audience: Audience;

  constructor(shared: { readonly clock: Clock; readonly secrets: Secrets }, audience: Audience) {
    this.#clock = shared.clock;
    this.#secrets = shared.secrets;
    this.#audience = audience;
  }

  begin(name: StepName): void {
    this.#audience.onBegin?.(name);
  }

  /** Advice is our own words, in which the form of a key may stand. */
  tell(name: StepName, finding: Finding, ms?: number): void {
    const { state, said, next, facts } = finding;
    const step: Step = {
      name,
      state,
      said: this.#fit(this.#secrets.scrub(said)),
      ...present({ ms: rounded(ms), next: next && this.#fit(this.#secrets.scrubValues(next)), facts }),
    };
    this.steps.push(step);
    this.#audience.onStep?.(step);
  }

  /** Begins the step and times it; it is to be told. */
  async measure(name: StepName, work: () => Promise<Finding>): Promise<Timed> {
    this.begin(name);
    const since = this.#clock.now();
    const finding = await work();
    return { finding, ms: finding.state === 'skipped' ? undefined : this.#clock.now() - since };
  }

  async run(name: StepName, work: () => Promise<Finding>): Promise<Finding> {
    const { finding, ms } = await this.measure(name, work);
    this.tell(name, finding, ms);
    return finding;
  }

  skip(names: readonly StepName[], said: string): void {
    for (const name of names) this.tell(name, { state: 'skipped', said });
  }

  #fit(text: string): string {
    const clean = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
    return clean.length > MOST_CHARACTERS ? `${clean.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…` : clean;
  }
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms);
}
