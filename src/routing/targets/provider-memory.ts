// What is remembered of one provider between calls, and survives a reload that does not change its settings: what it
// lists, what it taught us, which keys it refused, how its targets are, and what is left of its limits.

import type { Clock } from '../../core/clock.ts';
import { KnownModels } from '../lists/model-list.ts';
import type { OutUntil } from './keys.ts';
import { LessonBook } from './lessons.ts';
import { Permits } from '../limits/permits.ts';
import type { ProviderSettings } from './settings.ts';
import { TargetHealth } from './target-health.ts';

/** Targets of one provider at most; callers may ask for any name, so the one known longest is forgotten past it. */
const MAX_TARGETS = 10_000;
/** More open breakers than these are not told by name. */
const MOST_TOLD = 50;

export class ProviderMemory {
  readonly known: KnownModels = new KnownModels();
  readonly lessons: LessonBook = new LessonBook();
  readonly outUntil: OutUntil = new Map();
  /** Absent where nothing is limited: then nothing has to be counted. */
  readonly permits: Permits | undefined;
  /** The last probe failed. */
  isUnwell = false;
  readonly #health = new Map<string, TargetHealth>();

  constructor({ id, rateLimits }: ProviderSettings, clock: Clock) {
    const isLimited = Object.values(rateLimits ?? {}).some((limit) => limit !== undefined);
    if (rateLimits !== undefined && isLimited) this.permits = new Permits({ provider: id, limits: rateLimits, clock });
  }

  /** The models whose breaker keeps calls away. */
  openAt(now: number): readonly string[] {
    const open = [...this.#health].filter(([, health]) => !health.mayBegin(now));
    return open.slice(0, MOST_TOLD).map(([model]) => model);
  }

  healthOf(model: string): TargetHealth {
    const known = this.#health.get(model);
    if (known !== undefined) return known;
    const health = new TargetHealth();
    this.#health.set(model, health);
    const [oldest] = this.#health.keys();
    if (this.#health.size > MAX_TARGETS && oldest !== undefined) this.#health.delete(oldest);
    return health;
  }
}
