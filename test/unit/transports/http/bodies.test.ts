// What bodies may take of memory, all of them together: from their first byte to the end of their answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { Face } from '../../../../src/transports/http/faces.ts';
import { rawClient, request } from '../../../support/raw-client.ts';
import type { RawClient } from '../../../support/raw-client.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';

const BODY = 'x'.repeat(600);

/** Reads the body, says so, and answers when the test does. */
class Slow {
  readonly answers: (() => void)[] = [];
  #heard: () => void = () => {};
  readonly face: Face = {
    path: '/slow',
    methods: ['POST'],
    serve: async (exchange) => {
      try {
        await exchange.body(1000);
      } catch (thrown) {
        return exchange.reply(503, {}, Fault.from(thrown).kind);
      }
      this.answers.push(() => exchange.reply(200, {}, 'done'));
      exchange.gone.onCancel(() => {});
      this.#heard();
    },
  };

  /** The next body is whole. */
  heard(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }
}

async function posting(t: TestContext, { port }: Stand, body = BODY): Promise<RawClient> {
  const client = await rawClient(t, port);
  client.send(request('POST', '/slow', BODY).slice(0, body.length - BODY.length || undefined));
  return client;
}

const answered = ({ text }: RawClient): boolean => /\r\n\r\n[^]/.test(text);

test('what is held for others leaves no room, until they are answered', async (t) => {
  const slow = new Slow();
  const stand = await openStand(t, { faces: [slow.face], limits: { bodiesBytes: 1000 } });
  const heard = slow.heard();
  const first = await posting(t, stand);
  await heard;
  const second = await posting(t, stand);
  assert.match(await second.until(() => answered(second)), /^HTTP\/1\.1 503 [^]*OVERLOADED$/);
  slow.answers[0]?.();
  assert.match(await first.until(() => answered(first)), /done$/);
  const again = slow.heard();
  const third = await posting(t, stand);
  await again;
  slow.answers[1]?.();
  assert.match(await third.until(() => answered(third)), /done$/);
});

test('a client that goes gives back what its body took', async (t) => {
  const slow = new Slow();
  const stand = await openStand(t, { faces: [slow.face], limits: { bodiesBytes: 1000 } });
  for (let round = 0; round < 3; round++) {
    const heard = slow.heard();
    const client = await posting(t, stand);
    await heard;
    client.socket.destroy();
    await client.closed();
  }
  assert.equal(slow.answers.length, 3);
});

test('bytes that are announced and do not come take nothing', async (t) => {
  const slow = new Slow();
  const stand = await openStand(t, { faces: [slow.face], limits: { bodiesBytes: 1000 } });
  for (let client = 0; client < 5; client++) await posting(t, stand, BODY.slice(0, 1));
  const heard = slow.heard();
  const last = await posting(t, stand);
  await heard;
  slow.answers[0]?.();
  assert.match(await last.until(() => answered(last)), /done$/);
});
