// The Fault a call ends with, out of the failure that decided it: what was tried, where, and how much had been
// received.

import { Fault } from '../../core/fault.ts';
import type { Attempt, FaultData } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Step } from './decide.ts';
import { inItsNames } from '../targets/setting-names.ts';
import type { SettingNames } from '../targets/setting-names.ts';

export interface Ending {
  readonly because: Extract<Step, { do: 'fail' }>['because'];
  readonly attempts: readonly Attempt[];
  readonly provider: string;
  readonly model: string;
  /** Characters of answer text that the longest attempt received. */
  readonly received: number;
  /** What a model that was not found may have meant to be. */
  readonly near: string | undefined;
  readonly isPastDeadline: boolean;
  /** Which room the answer had, where it was not what was asked for. */
  readonly room?: string;
  readonly names?: SettingNames;
  /** What a caller should know of that the target was asked. */
  readonly note?: string;
}

export function finalFault(fault: Fault, ending: Ending): Fault {
  const { provider, model, attempts, received } = ending;
  const isCutByDeadline = ending.isPastDeadline && received > 0 && fault.kind === 'TIMEOUT';
  const data: FaultData = {
    ...fault.data,
    provider,
    attempts,
    ...present({ model: model === '' ? undefined : model }),
    ...nextStep(fault, ending),
  };
  const message = [fault.message, ...remarks(fault, ending)].join(' ');
  return new Fault(isCutByDeadline ? 'INCOMPLETE' : fault.kind, message, {
    data,
    ...present({ retryAfterMs: fault.retryAfterMs, cause: fault.cause }),
  });
}

function remarks(fault: Fault, ending: Ending): string[] {
  const { because, attempts, note, received } = ending;
  const out = attempts.length === 0 ? [] : [`Tried ${tried(attempts)}.`];
  if (note !== undefined) out.push(`${ending.provider} was ${note}.`);
  if (because === 'committed') out.push('A part of the answer was handed on already, so it was not asked for again.');
  if (because === 'wait-too-long') out.push(`It asks to wait ${seconds(fault)} s, so it was not tried again.`);
  if (because === 'no-time' && !ending.isPastDeadline)
    out.push('The time left for the call was too short to try again.');
  if (ending.room !== undefined && fault.data.isStarved === true) out.push(`Sent with ${ending.room}.`);
  if (received > 0) out.push(`${received} characters of the answer were received.`);
  return out;
}

/** `3 times at corp (gpt-4o)`, or `3 times: twice at corp (gpt-4o), once at local (llama3)`. */
function tried(attempts: readonly Attempt[]): string {
  const counts = new Map<string, number>();
  for (const { provider, model } of attempts) {
    const place = model === '' ? provider : `${provider} (${model})`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = [...counts.keys()];
  const times = attempts.length === 1 ? 'once' : `${attempts.length} times`;
  if (places.length === 1) return `${times} at ${places.join('')}`;
  return `${times}: ${places.map((place) => `${often(counts.get(place) ?? 0)} at ${place}`).join(', ')}`;
}

function often(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}

/** The next step when a model is not known and another's name is like it. */
export function didYouMean(near: string): string {
  return `Did you mean "${near}"? The list_models tool shows which models there are.`;
}

function nextStep(fault: Fault, { because, near, names }: Ending): { next?: string } {
  if (near !== undefined) return { next: didYouMean(near) };
  if (fault.data.next !== undefined) return { next: inItsNames(fault.data.next, names) };
  if (fault.kind === 'RATE_LIMITED' || because === 'wait-too-long') {
    return {
      next: fault.retryAfterMs === undefined ? 'Wait a little, then try again.' : `Try again in ${seconds(fault)} s.`,
    };
  }
  return fault.retry === 'again' ? { next: 'Try again later.' } : {};
}

function seconds(fault: Fault): number {
  return Math.ceil((fault.retryAfterMs ?? 0) / 1000);
}
