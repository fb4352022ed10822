// Which targets a request for a model would try, in order, and why the others would not be asked. Sends nothing, and
// takes nobody's turn.

import { Fault } from '../../core/fault.ts';
import type { Meaning } from './addressing.ts';
import type { Candidate, Order } from './lineup.ts';
import type { Strategy } from '../policies/table.ts';
import type { Standing } from '../targets/target.ts';

export interface Explanation {
  /** As asked; empty when none was named. */
  readonly model: string;
  readonly as: Meaning['as'];
  readonly strategy: Strategy;
  readonly targets: readonly ExplainedTarget[];
  readonly leftOut: readonly { readonly provider: string; readonly model: string; readonly why: string }[];
}

export interface ExplainedTarget {
  readonly provider: string;
  /** Empty: the only model the provider lists, which has to be asked for first. */
  readonly model: string;
  /** Absent: it is the fallback, after all others. */
  readonly priority?: number;
  readonly weight: number;
  /** What is to be known of it: its breaker, its health, what it cannot do. */
  readonly notes: readonly string[];
}

export interface Explained {
  readonly model: string;
  readonly meaning: Meaning;
  readonly strategy: Strategy;
  readonly order: Order;
  readonly now: number;
}

const RANKS: Readonly<Record<Standing, number>> = { ready: 0, unwell: 1, closed: 2 };

export function explanation({ model, meaning, strategy, order, now }: Explained): Explanation {
  const standing = ({ target }: Candidate): Standing => target.standing(now);
  const targets = order.choices
    .toSorted((a, b) => RANKS[standing(a)] - RANKS[standing(b)])
    .map((one) => explained(one, standing(one)));
  const unfit = order.unfit.map(({ candidate: { target }, why }) => ({
    provider: target.provider,
    model: target.model,
    why,
  }));
  return { model, as: meaning.as, strategy, targets, leftOut: [...unfit, ...meaning.leftOut] };
}

function explained({ target, priority, weight, note }: Candidate, standing: Standing): ExplainedTarget {
  const isFallback = priority === Infinity;
  const notes = unconfigured(() => target.desk.checkConfigured());
  if (note !== undefined) notes.push(note);
  if (isFallback) notes.push('the fallback provider');
  if (standing === 'closed') notes.push('its circuit breaker is open');
  if (standing === 'unwell') notes.push('its last health check failed');
  return { provider: target.provider, model: target.model, ...(isFallback ? {} : { priority }), weight, notes };
}

function unconfigured(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (thrown) {
    return [Fault.from(thrown).message];
  }
}
