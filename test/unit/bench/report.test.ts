import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from '../../bench/report.ts';
import type { Row } from '../../bench/rows.ts';
import { Samples } from '../../bench/stats.ts';

const START: Row = {
  what: 'start',
  metric: 'ms',
  ours: 'ours',
  other: 'sdk',
  wish: { better: 'lower', floor: { before22: 0.6, from22: 0.4 }, goal: { before22: 0.5, from22: 0.3 } },
};
const GROWN: Row = {
  what: 'grown',
  metric: 'MiB',
  ours: 'ours',
  other: undefined,
  wish: { better: 'lower', floor: 8, goal: 3 },
};
const RATE: Row = {
  what: 'rate',
  metric: '/s',
  ours: 'ours',
  other: 'sdk',
  wish: { better: 'higher', floor: 2, goal: 4 },
};

function measured(metric: string, ours: number, sdk: number): Samples {
  const samples = new Samples();
  samples.put(metric, 'ours', 0, ours);
  samples.put(metric, 'sdk', 0, sdk);
  return samples;
}

test('a row shows both sides, their ratio and what it reaches on this Node', () => {
  const samples = measured('ms', 55, 100);
  assert.deepEqual(report([START], samples, 20).split('\n'), [
    'what   ours    other  ratio  floor   goal',
    'start  55.0  sdk 100  0.55x  0.60x  0.50x  ok',
  ]);
  assert.match(report([START], samples, 24), /0\.55x {2}0\.40x {2}0\.30x {2}MISSED$/);
});

test('a figure without another side is held to the bounds itself', () => {
  assert.match(report([GROWN], measured('MiB', 2.9, 0), 20), /2\.90 .* 8\.00 {2}3\.00 {2}goal$/);
  assert.match(report([GROWN], measured('MiB', 8.1, 0), 20), /MISSED$/);
});

test('where more is better the ratio must be above the bound', () => {
  assert.match(report([RATE], measured('/s', 9000, 3000), 20), /9,000 {2}sdk 3,000 .*ok$/);
  assert.match(report([RATE], measured('/s', 3000, 3000), 20), /MISSED$/);
});

test('what was not measured has no row, and a missing side no verdict', () => {
  assert.equal(report([START, RATE], new Samples(), 20).split('\n').length, 1);
  const alone = new Samples();
  alone.put('/s', 'ours', 0, 5);
  assert.match(report([RATE], alone, 20), /rate {2}5\.00 {2}sdk - +- {2}2\.00x {2}4\.00x$/);
});
