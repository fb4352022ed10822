// The circuit breaker of one target (product sheet, section 8) as a table. Pure: it is told the time. A call may begin
// although the breaker is open, because no other target is left; when it succeeds, the target is well. What began
// before the breaker opened and fails late says nothing new: it neither prolongs the opening nor ends a probe.

//   state       | begin                          | success | failure                    | abandoned
//   ------------|--------------------------------|---------|----------------------------|------------------
//   closed(n)   | same                           | closed 0| n+1 < limit: closed(n+1),  | same
//               |                                |         | else open                  |
//   open(until) | before: same; then: half-open  | closed 0| same                       | same
//   half-open   | same                           | closed 0| the probe's: open; else same | the probe's: open, over at once

export type BreakerState =
  | { readonly is: 'closed'; readonly failures: number }
  | { readonly is: 'open'; readonly until: number }
  /** One probe is under way. */
  | { readonly is: 'half-open' };

export type BreakerEvent =
  | { readonly type: 'begin' | 'success' }
  /**
   * `wasProbe`: its `begin` made the state half-open, and the state is still that very object: a probe that another
   * call's success has made pointless is none any more. Abandoned: it ended without telling how the target is.
   */
  | { readonly type: 'failure' | 'abandoned'; readonly wasProbe: boolean };

export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  readonly openForMs: number;
}

export const CLOSED: BreakerState = { is: 'closed', failures: 0 };

/** Whether a call may begin: always when closed, as the one probe when the opening is over. */
export function mayBegin(state: BreakerState, now: number): boolean {
  return state.is === 'closed' || (state.is === 'open' && now >= state.until);
}

/** Whether this `begin` makes the call the probe. Ask before it is told. */
export function isProbe(state: BreakerState, now: number): boolean {
  return state.is === 'open' && now >= state.until;
}

export function next(state: BreakerState, event: BreakerEvent, now: number, settings: BreakerSettings): BreakerState {
  switch (event.type) {
    case 'begin':
      return isProbe(state, now) ? { is: 'half-open' } : state;
    case 'success':
      return CLOSED;
    case 'failure':
      return failed(state, event.wasProbe, now, settings);
    case 'abandoned':
      return state.is === 'half-open' && event.wasProbe ? { is: 'open', until: now } : state;
  }
}

function failed(state: BreakerState, wasProbe: boolean, now: number, settings: BreakerSettings): BreakerState {
  const open = { is: 'open', until: now + settings.openForMs } as const;
  if (state.is === 'half-open') return wasProbe ? open : state;
  if (state.is === 'open') return state;
  const failures = state.failures + 1;
  return failures < settings.failures ? { is: 'closed', failures } : open;
}
