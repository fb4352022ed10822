// How long to wait before sending again: exponential back-off with full jitter, so that clients which failed
// together do not come back together. Pure: chance comes in as a number.

const BASE_MS = 500;
const CAP_MS = 8000;

/** Milliseconds before retry number `retry` (from 0); `draw` is uniform in [0, 1). */
export function backoffMs(retry: number, draw: number, baseMs: number = BASE_MS): number {
  return draw * Math.min(CAP_MS, baseMs * 2 ** retry);
}
