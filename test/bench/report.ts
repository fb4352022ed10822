// Turns what was measured into the table that is printed. Pure.

import type { Bound, Row, Wish } from './rows.ts';
import type { Samples } from './stats.ts';
import { medianRatio } from './stats.ts';

const HEADS = ['what', 'ours', 'other', 'ratio', 'floor', 'goal', ''];

/** The rows of which something was measured, under their heads; one line each. */
export function report(rows: readonly Row[], samples: Samples, nodeMajor: number): string {
  const measured = rows.filter((row) => samples.of(row.metric, row.ours).length > 0);
  return aligned([HEADS, ...measured.map((row) => cellsOf(row, samples, nodeMajor))]);
}

function cellsOf({ what, metric, ours, other, wish }: Row, samples: Samples, nodeMajor: number): string[] {
  const value = samples.median(metric, ours);
  const floor = boundFor(wish.floor, nodeMajor);
  const goal = boundFor(wish.goal, nodeMajor);
  if (other === undefined) {
    return [what, figure(value), '-', '-', figure(floor), figure(goal), verdict(value, floor, goal, wish.better)];
  }
  const ratio = medianRatio(samples.of(metric, ours), samples.of(metric, other));
  const bounds = [timesOf(ratio), timesOf(floor), timesOf(goal)];
  const compared = `${other} ${figure(samples.median(metric, other))}`;
  return [what, figure(value), compared, ...bounds, verdict(ratio, floor, goal, wish.better)];
}

function boundFor(bound: Bound | undefined, nodeMajor: number): number {
  if (bound === undefined) return Number.NaN;
  if (typeof bound === 'number') return bound;
  return nodeMajor < 22 ? bound.before22 : bound.from22;
}

function verdict(value: number, floor: number, goal: number, better: Wish['better']): string {
  const reaches = (bound: number): boolean => (better === 'lower' ? value <= bound : value >= bound);
  if (Number.isNaN(value) || Number.isNaN(floor)) return '';
  if (reaches(goal)) return 'goal';
  return reaches(floor) ? 'ok' : 'MISSED';
}

/** Three digits that matter; '-' for what is not known. */
function figure(value: number): string {
  if (Number.isNaN(value)) return '-';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function timesOf(ratio: number): string {
  return Number.isNaN(ratio) ? '-' : `${figure(ratio)}x`;
}

/** Columns as wide as their widest cell: the first to the left, the figures to the right. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = HEADS.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const padded = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  };
  return lines.map((cells) => cells.map(padded).join('  ').trimEnd()).join('\n');
}
