// An HTTP server of the carrier for a test, on a clock that only the test moves, with whatever faces it wants.

import type { TestContext } from 'node:test';
import { FakeClock } from '../../../support/clock.ts';
import { within } from '../../../support/program.ts';
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
  return { port: carrier.port, clock, carrier };
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
