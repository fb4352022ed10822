// Fairness: between two turns of one client no other has more than one, and within a client the order is kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairQueue } from '../../src/resilience/fair-queue.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';

interface Waiter {
  readonly client: string;
  readonly number: number;
}

test('while a client waits, no other is served twice before it', () => {
  forSeeds(500, (draw) => {
    const queue = new FairQueue<Waiter>();
    const waiting: Waiter[] = [];
    /** How often each was served since a client last had its turn, or began to wait. */
    const since = new Map<string, Map<string, number>>();
    for (let number = 0; number < 200; number++) {
      const client = oneOf(draw, ['a', 'a', 'a', 'a', 'b', 'c']);
      if (draw() < 0.6) {
        if (!waiting.some((one) => one.client === client)) since.set(client, new Map());
        const waiter = { client, number };
        waiting.push(waiter);
        queue.push(client, waiter);
      } else if (draw() < 0.2 && waiting.length > 0) {
        const [gone] = waiting.splice(integer(draw, waiting.length), 1);
        assert.ok(gone !== undefined && queue.remove(gone.client, gone));
      } else {
        const served = queue.shift();
        assert.equal(served === undefined, waiting.length === 0);
        if (served === undefined) continue;
        assert.equal(
          served,
          waiting.find((one) => one.client === served.client),
          'out of its own order',
        );
        waiting.splice(waiting.indexOf(served), 1);
        since.set(served.client, new Map());
        for (const other of new Set(waiting.map((one) => one.client))) {
          if (other === served.client) continue;
          const counts = since.get(other);
          const count: number = (counts?.get(served.client) ?? 0) + 1;
          counts?.set(served.client, count);
          assert.equal(count, 1, `${served.client} had ${count} turns while ${other} waited`);
        }
      }
      assert.equal(queue.size, waiting.length);
    }
  });
});
