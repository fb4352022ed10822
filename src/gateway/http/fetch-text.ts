// Parts of the composition: one text from an address, bounded in size and time, through the client that model APIs are
// asked with, and so through the same proxies and authorities. For what is not a model's: the keys of a token issuer.

import type { Config } from '../../config/config.ts';
import type { Clock } from '../../core/clock.ts';
import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Fetch } from '../../providers/fetch.ts';
import { globalFetch } from '../../providers/http/global-fetch.ts';
import { pooledFetch } from '../../providers/http/pooled-fetch.ts';

const MOST_BYTES = 256 * 1024;
const MOST_MS = 5000;

/** Rejects with a Fault for any answer but 200, one that is too large, and one that takes too long. */
export type FetchText = (url: string) => Promise<string>;

/** Closing ends its connections. */
export function openFetchText(
  config: Config,
  clock: Clock,
): {
  readonly fetchText: FetchText;
  readonly close: () => void;
} {
  const { proxies, authorities, upstreamClient } = config;
  if (upstreamClient === 'fetch') return { fetchText: textBy(globalFetch(), clock), close() {} };
  const client = pooledFetch({ clock, route: { proxies, ...present({ authorities }) } });
  return { fetchText: textBy(client, clock), close: () => client.close() };
}

export function textBy(fetch: Fetch, clock: Clock): FetchText {
  return async (url) => {
    const cancel = new CancelSource();
    const stop = clock.after(MOST_MS, () => {
      cancel.cancel(new Fault('TIMEOUT', `There was no whole answer within ${MOST_MS / 1000} s.`));
    });
    try {
      const headers = { accept: 'application/jwk-set+json, application/json' };
      const { status, body } = await fetch(url, { method: 'GET', headers, cancel, connectTimeoutMs: MOST_MS });
      // Read whatever it says: an unread body pins its connection.
      const text = await textOf(body);
      if (status !== 200) throw new Fault('UPSTREAM', `The answer was HTTP ${status}.`);
      return text;
    } finally {
      stop();
    }
  };
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Fault('UPSTREAM', `The answer is larger than ${MOST_BYTES / 1024} KB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
