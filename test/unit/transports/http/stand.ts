// An HTTP server of the carrier for a test, on a clock that only the test moves, with whatever faces it wants.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { FakeClock } from '../../../support/clock.ts';
import { within } from '../../../support/program.ts';
import type { RawClient } from '../../../support/raw-client.ts';
import { isObject } from '../../../../src/core/json.ts';
import { silentLog } from '../../../../src/core/log.ts';
import type { Log } from '../../../../src/core/log.ts';
import { FaceTable } from '../../../../src/transports/http/faces.ts';
import type { Face } from '../../../../src/transports/http/faces.ts';
import { createGuard } from '../../../../src/transports/http/guard.ts';
import { LIMITS } from '../../../../src/transports/http/limits.ts';
import type { Limits } from '../../../../src/transports/http/limits.ts';
import { openCarrier } from '../../../../src/transports/http/node-http.ts';
import type { Carrier } from '../../../../src/transports/http/node-http.ts';
import { createReceive } from '../../../../src/transports/http/receive.ts';
import type { Authenticate } from '../../../../src/transports/http/receive.ts';

export interface Stand {
  readonly port: number;
  readonly clock: FakeClock;
  readonly carrier: Carrier;
  /** Resolves when the server has read, and acted upon, all that this client has sent so far. */
  read(client: RawClient): Promise<void>;
}

export interface StandOptions {
  readonly faces: readonly Face[];
  readonly limits?: Partial<Limits>;
  readonly authenticate?: Authenticate;
  readonly log?: Log;
}

/** Listens until the test ends. */
export async function openStand(t: TestContext, options: StandOptions): Promise<Stand> {
  const { faces, limits, authenticate = () => ({ caller: {} }), log = silentLog } = options;
  const clock = new FakeClock();
  const accepted = acceptedSockets(t);
  const guard = createGuard({ host: '127.0.0.1' });
  const receive = createReceive({ table: new FaceTable(faces), guard, authenticate, log });
  const carrier = await openCarrier({
    host: '127.0.0.1',
    port: 0,
    limits: { ...LIMITS, ...limits },
    receive,
    clock,
    log,
  });
  t.after(async () => {
    carrier.stop();
    await within(carrier.closed, 'the end of the server');
  });
  const read = async ({ socket }: RawClient): Promise<void> => {
    const late = new AbortController();
    const reading = async (): Promise<void> => {
      while (!late.signal.aborted && accepted.get(socket.localPort)?.bytesRead !== socket.bytesWritten)
        await new Promise((resolve) => setImmediate(resolve));
    };
    await within(reading(), 'all that was sent').finally(() => late.abort());
  };
  return { port: carrier.port, clock, carrier, read };
}

/** What this process accepts from now on, by the port of who connected. */
function acceptedSockets(t: TestContext): ReadonlyMap<number | undefined, Socket> {
  const sockets = new Map<number | undefined, Socket>();
  const add = (message: unknown): void => {
    if (isObject(message) && message['socket'] instanceof Socket)
      sockets.set(message['socket'].remotePort, message['socket']);
  };
  subscribe('net.server.socket', add);
  t.after(() => void unsubscribe('net.server.socket', add));
  return sockets;
}

/** Says back what was said, as JSON: the method, the path and the body. */
export const echo: Face = {
  path: '/echo',
  isTree: true,
  methods: ['GET', 'POST'],
  async serve(exchange) {
    const body = await exchange.body(100_000);
    exchange.reply(200, {}, JSON.stringify([exchange.method, exchange.path, exchange.query.toString(), body]));
  },
};
