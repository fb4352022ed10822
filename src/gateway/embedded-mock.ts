// The mock upstream inside this process, as the providers' client finds it: under an address that stands for it, because
// its port is not known before it listens.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { createMock } from '../mock/server.ts';
import type { Mock } from '../mock/server.ts';
import type { Fetch } from '../providers/fetch.ts';

export const MOCK_URL = 'http://mock.invalid/v1';

/** The mock inside this process; it starts with the first request to it. */
export interface EmbeddedMock {
  /** A client that finds it under the address that stands for it. */
  reach(fetch: Fetch): Fetch;
  close(): Promise<void>;
}

/** Nothing is started yet. */
export function openMock(clock: Clock): EmbeddedMock {
  let mock: Promise<Mock> | undefined;
  let isClosed = false;
  return {
    reach: (fetch) => async (url, request) => {
      if (isClosed) throw new Fault('cancelled', 'The server was stopped.');
      mock ??= createMock({ clock });
      return fetch(url.replace(MOCK_URL, (await mock).url), request);
    },
    async close() {
      isClosed = true;
      await (await mock)?.close();
    },
  };
}
