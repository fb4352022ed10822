// The mock inside this process, for whoever reaches it by its address: it starts with the first question for that.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Mock } from './server.ts';

export interface EmbeddedMock {
  /** Where it listens; rejects with `cancelled` after `close`. */
  url(): Promise<string>;
  close(): Promise<void>;
}

export function openMock(clock: Clock): EmbeddedMock {
  let mock: Promise<Mock> | undefined;
  let isClosed = false;
  return {
    async url() {
      if (isClosed) throw new Fault('cancelled', 'The server was stopped.');
      mock ??= import('./server.ts').then(({ createMock }) => createMock({ clock }));
      return (await mock).url;
    },
    async close() {
      isClosed = true;
      await (await mock)?.close();
    },
  };
}
