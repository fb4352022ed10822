// A question that is answered in one piece (models, embeddings): one attempt, from the request to the text of
// the reply, scrubbed, or a Fault.

import { pageFault } from '../faults/refusal.ts';
import { Attempt } from './attempt.ts';
import type { Send, Upstream } from './attempt.ts';
import { bodyKind } from './body-kind.ts';
import { Collected } from './collected.ts';
import { openAccepted } from './opened.ts';

/** Sends and resolves to what `decode` makes of the reply. Throws a Fault with all its facts. */
export async function wholeReply<T>(upstream: Upstream, send: Send, decode: (body: string) => T): Promise<T> {
  const attempt = new Attempt(upstream, send);
  try {
    const response = await openAccepted(attempt, upstream);
    const body = new Collected((text) => [text]);
    let first: Uint8Array | undefined;
    for (let chunk = await attempt.read(); chunk !== undefined; chunk = await attempt.read()) {
      first ??= chunk;
      body.push(chunk);
    }
    const text = upstream.secrets.scrubValues(body.end().join(''));
    if (bodyKind(response.headers.get('content-type'), first, upstream.dialect.framing) === 'page')
      throw pageFault(text);
    return decode(text);
  } catch (thrown) {
    throw attempt.dressed(thrown);
  } finally {
    await attempt.close();
  }
}
