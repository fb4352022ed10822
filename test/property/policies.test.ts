// Every strategy gives a permutation of what it was offered, whatever that is; and over many turns each target comes
// first as often as its strategy promises.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmoothWeighted } from '../../src/resilience/smooth-weighted.ts';
import type { PolicyTurn, TargetView } from '../../src/routing/policies/policy.ts';
import { POLICIES } from '../../src/routing/policies/table.ts';
import type { Strategy } from '../../src/routing/policies/table.ts';
import { forSeeds, integer } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const STRATEGIES = Object.keys(POLICIES) as Strategy[];

function targets(draw: Draw, count: number): TargetView[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `t${i}`,
    weight: 1 + integer(draw, 9) + (draw() < 0.3 ? draw() : 0),
    inFlight: integer(draw, 4),
    latencyMs: draw() < 0.3 ? undefined : draw() * 1000,
    price: draw() < 0.3 ? undefined : integer(draw, 3),
  }));
}

function turnsOf(draw: Draw): () => PolicyTurn {
  const smooth = new SmoothWeighted();
  let counter = 0;
  return () => ({ counter: counter++, draw, pick: (offered) => smooth.pick(offered) });
}

test('an order is a permutation of the eligible', () => {
  forSeeds(300, (draw) => {
    const turn = turnsOf(draw);
    for (let i = 0; i < 5; i++) {
      const offered = targets(draw, integer(draw, 8));
      const before = [...offered];
      for (const strategy of STRATEGIES) {
        const order = POLICIES[strategy](offered, turn());
        assert.deepEqual(new Set(order), new Set(offered), strategy);
        assert.equal(order.length, offered.length, strategy);
        assert.deepEqual(offered, before, `${strategy} changed what it was given`);
      }
    }
  });
});

/** How often each came first. */
function firsts(strategy: Strategy, offered: readonly TargetView[], draw: Draw, turns: number): Map<string, number> {
  const turn = turnsOf(draw);
  const counts = new Map(offered.map(({ name }) => [name, 0]));
  for (let i = 0; i < turns; i++) {
    const name = POLICIES[strategy](offered, turn())[0]?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

test('weighted: each share is its weight’s, to within one turn for each target', () => {
  forSeeds(100, (draw) => {
    const offered = targets(draw, 1 + integer(draw, 6));
    const sum = offered.reduce((all, { weight }) => all + weight, 0);
    const counts = firsts('weighted', offered, draw, 1000);
    for (const { name, weight } of offered) {
      const due = (1000 * weight) / sum;
      assert.ok(Math.abs((counts.get(name) ?? 0) - due) <= offered.length, `${name}: ${counts.get(name)} of ${due}`);
    }
  });
});

test('round-robin: all come first equally often', () => {
  forSeeds(100, (draw) => {
    const offered = targets(draw, 1 + integer(draw, 6));
    const counts = [...firsts('round-robin', offered, draw, 60 * offered.length).values()];
    assert.deepEqual(
      counts,
      Array.from(offered, () => 60),
    );
  });
});

test('latency: of two, the faster always; of many, the slowest never and the fastest by chance’s share', () => {
  forSeeds(50, (draw) => {
    const offered = targets(draw, 2 + integer(draw, 5)).map((target, i) =>
      Object.assign(target, { latencyMs: 10 * i + 1 }),
    );
    const counts = firsts('latency', offered, draw, 3000);
    const share = (counts.get('t0') ?? 0) / 3000;
    assert.ok(Math.abs(share - 2 / offered.length) < 0.05, `${share} of ${offered.length}`);
    assert.equal(counts.get(`t${offered.length - 1}`), 0);
  });
});
