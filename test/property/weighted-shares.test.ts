// Smooth weighted turns: over any stretch each target's share is its weight's, to within a few turns.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmoothWeighted } from '../../src/resilience/smooth-weighted.ts';
import { forSeeds, integer } from '../support/property.ts';

test('after every turn each has had its share, give or take one for each of the others', () => {
  forSeeds(300, (draw) => {
    const offered = Array.from({ length: 1 + integer(draw, 8) }, (_, i) => ({
      name: `t${i}`,
      weight: draw() < 0.3 ? 0.1 + draw() : 1 + integer(draw, 20),
    }));
    const sum = offered.reduce((all, { weight }) => all + weight, 0);
    const shares = new SmoothWeighted();
    const had = new Map<string, number>();
    for (let turn = 1; turn <= 400; turn++) {
      const { name = '' } = shares.pick(offered) ?? {};
      had.set(name, (had.get(name) ?? 0) + 1);
      for (const one of offered) {
        const due = (turn * one.weight) / sum;
        const off = Math.abs((had.get(one.name) ?? 0) - due);
        assert.ok(off <= Math.max(1, offered.length - 1), `${one.name} is ${off} off after ${turn}`);
      }
    }
  });
});
