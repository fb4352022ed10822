// The Fault of a clock that ran out: which phase, how long, and what to set.

import { Fault } from '../../core/fault.ts';

export type ClockPhase = 'connecting' | 'waiting' | 'streaming';

const WHILE: Readonly<Record<ClockPhase, string>> = {
  connecting: 'while connecting to',
  waiting: 'while waiting for the first token from',
  streaming: 'while the answer was streaming from',
};

/** `limitMs` is the phase's own limit; without it, it was the time of the whole call that ran out. */
export function clockFault(phase: ClockPhase, where: string, limitMs?: number): Fault {
  if (limitMs === undefined) {
    return new Fault('TIMEOUT', `The time for the call ran out ${WHILE[phase]} ${where}.`, {
      data: {
        retry: 'never',
        next: 'Ask for a shorter answer, or allow the provider more time in all (timeout.total, in its entry of the configuration file or in PROVIDER_CONFIG).',
      },
    });
  }
  const seconds = `${Math.round(limitMs / 100) / 10} s`;
  const message =
    phase === 'streaming'
      ? `The stream from ${where} was silent for ${seconds}.`
      : `No first token came from ${where} within ${seconds}.`;
  return new Fault('TIMEOUT', message, {
    data: { next: 'Set TIMEOUT (in seconds) higher if this upstream needs longer.' },
  });
}
