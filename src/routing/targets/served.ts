// Who served a call that several callers share, told to each of them.

import type { Served } from '../../providers/chat.ts';

/** Adds to what is told in `to`; once for each call that was shared. */
export function copyServed(from: Served, to: Served): void {
  to.provider = from.provider;
  to.model = from.model;
  if (from.asked !== undefined) to.asked = from.asked;
  to.attempts.push(...from.attempts);
  to.changed.push(...from.changed);
}
