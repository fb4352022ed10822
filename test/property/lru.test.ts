// The bounded map against a naive one that sorts by last use: never over its bounds, and the same content.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lru } from '../../src/resilience/lru.ts';
import { forSeeds, integer } from '../support/property.ts';

interface Row {
  readonly key: string;
  readonly value: number;
  readonly bytes: number;
  readonly until: number;
}

test('what is kept is what was used last, within the bounds', () => {
  forSeeds(500, (draw) => {
    const maxEntries = 1 + integer(draw, 12);
    const maxBytes = 50 + integer(draw, 200);
    const lru = new Lru<number>({ maxEntries, maxBytes });
    /** The one used last is last. */
    let rows: Row[] = [];
    const weight = (): number => rows.reduce((sum, { bytes }) => sum + bytes, 0);
    let now = 0;
    for (let step = 0; step < 200; step++) {
      now += integer(draw, 3);
      const key = `k${integer(draw, 15)}`;
      const known = rows.find((row) => row.key === key);
      if (draw() < 0.5) {
        const expected = known !== undefined && now < known.until ? known : undefined;
        assert.equal(lru.get(key, now), expected?.value);
        if (known !== undefined) rows = rows.filter((row) => row !== known);
        if (expected !== undefined) rows.push(expected);
      } else {
        const row = { key, value: step, bytes: integer(draw, 80), until: now + integer(draw, 40) };
        lru.set(key, step, row);
        rows = rows.filter((one) => one !== known);
        if (row.bytes <= maxBytes) rows.push(row);
        while (rows.length > maxEntries || weight() > maxBytes) rows.shift();
      }
      assert.ok(lru.size <= maxEntries && lru.bytes <= maxBytes);
      assert.deepEqual([lru.size, lru.bytes], [rows.length, weight()]);
    }
  });
});
