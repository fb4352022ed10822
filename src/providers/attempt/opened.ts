// The head of an answer, accepted or refused: whatever is not 2xx is read to the end of its error body, which
// is short, and thrown as the Fault the dialect makes of it.

import { Fault } from '../../core/fault.ts';
import type { FetchResponse } from '../fetch.ts';
import type { Attempt, Upstream } from './attempt.ts';

const MAX_ERROR_BYTES = 64 * 1024;

export async function openAccepted(attempt: Attempt, upstream: Upstream): Promise<FetchResponse> {
  const response = await attempt.open();
  const { status, headers } = response;
  if (status >= 200 && status < 300) return response;
  // Scrubbed while it is whole: in what is cut short or taken apart, no secret is recognised.
  const body = upstream.secrets.scrubValues(await errorBody(attempt));
  throw upstream.dialect.fault(status, headers, body, upstream.clock.wall());
}

/** As much of the body as came: the status says more than a cut in it. */
async function errorBody(attempt: Attempt): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (bytes < MAX_ERROR_BYTES) {
      const chunk = await attempt.read();
      if (chunk === undefined) break;
      chunks.push(chunk);
      bytes += chunk.length;
    }
  } catch (thrown) {
    const { kind } = Fault.from(thrown);
    if (kind !== 'INCOMPLETE' && kind !== 'NETWORK') throw thrown;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ERROR_BYTES).toString('utf8');
}
