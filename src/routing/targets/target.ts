// A provider and one of its models: where a send goes, and everything that is remembered about that between calls.

import { nearest } from '../../core/nearest.ts';
import type { AttemptClocks } from '../../providers/attempt/attempt.ts';
import type { Ask, ModelAsk } from '../../providers/dialect.ts';
import type { Desk } from '../loop/desk.ts';
import { startLimitMs } from '../loop/patience.ts';
import type { TargetHealth } from './target-health.ts';

/** How willingly it is asked: `unwell`, its provider's last probe failed; `closed`, its breaker keeps calls away. */
export type Standing = 'ready' | 'unwell' | 'closed';

export class Target {
  readonly desk: Desk;
  /** Empty for questions about no model. */
  readonly model: string;
  readonly health: TargetHealth;

  constructor(desk: Desk, model: string, health: TargetHealth = desk.memory.healthOf(model)) {
    this.desk = desk;
    this.model = model;
    this.health = health;
  }

  get provider(): string {
    return this.desk.settings.id;
  }

  /** For people: `corp (gpt-4o)`. */
  get place(): string {
    return this.model === '' ? this.provider : `${this.provider} (${this.model})`;
  }

  standing(now: number): Standing {
    if (!this.health.mayBegin(now)) return 'closed';
    return this.desk.memory.isUnwell ? 'unwell' : 'ready';
  }

  /** The question as it is put to this target. */
  askOf(ask: Ask): Ask {
    if (!('request' in ask)) return ask;
    const named = ask.request.model === this.model ? ask : withModel(ask, this.model);
    const isWhole = this.desk.settings.capabilities.streaming === false;
    return isWhole && 'stream' in named && named.stream ? { ...named, stream: false } : named;
  }

  clocksOf(ask: Ask): AttemptClocks {
    const { connectMs, idleMs } = this.desk.settings.timeout;
    return { connectMs, idleMs, firstTokenMs: startLimitMs(this.desk.settings, ask) };
  }

  /** A known model whose name is like this one's. */
  nearName(): string | undefined {
    return nearest(this.model, this.desk.knownIds);
  }
}

function withModel<A extends ModelAsk>(ask: A, model: string): A {
  return { ...ask, request: { ...ask.request, model } };
}
