// What came of all calls, as the table that is printed: one row for each mishap with the outcomes of the calls it struck.

import type { Sent } from './cluster.ts';
import { MISHAPS } from './mishaps.ts';
import type { Mishap } from './mishaps.ts';
import type { Verdict } from './oracle.ts';

const GONE = 'nothing listens';
const WELL = 'nothing';

interface Row {
  injected: number;
  complete: number;
  cancelled: number;
  wrong: number;
  readonly errors: Map<string, number>;
}

export class Tally {
  readonly #rows = new Map<string, Row>();
  readonly #all: Row = newRow();
  readonly unexplained: Map<string, number> = new Map();
  /** In the order they were found. */
  readonly wrongs: string[] = [];

  add(verdict: Verdict, sent: readonly Sent[], of: string): void {
    const keys = sent.flatMap(({ mishap }) => (mishap === undefined ? [] : [keyOf(mishap)]));
    for (let i = 0; i < verdict.refused; i++) keys.push(GONE);
    if (keys.length === 0) keys.push(WELL);
    for (const key of keys) this.#row(key).injected++;
    for (const row of [this.#all, ...[...new Set(keys)].map((key) => this.#row(key))]) count(row, verdict);
    this.#all.injected++;
    for (const code of verdict.unexplained) this.unexplained.set(code, (this.unexplained.get(code) ?? 0) + 1);
    if (verdict.wrongs.length > 0) this.wrongs.push(`${of}: ${verdict.wrongs.join('; ')}`);
  }

  /** The table as lines. */
  table(): string[] {
    const order = [WELL, ...MISHAPS.map(keyOf), GONE];
    const lines = [['what went wrong', 'times', 'complete', 'error', 'cancelled', 'WRONG', 'codes']];
    for (const key of order) {
      const row = this.#rows.get(key);
      lines.push(row === undefined ? [key, '0', '', '', '', '', ''] : cells(key, row));
    }
    lines.push(cells('all calls', this.#all));
    return aligned(lines);
  }

  /** Mishaps that struck nothing. */
  get unused(): string[] {
    return MISHAPS.map(keyOf).filter((key) => !this.#rows.has(key));
  }

  #row(key: string): Row {
    const row = this.#rows.get(key) ?? newRow();
    this.#rows.set(key, row);
    return row;
  }
}

function keyOf({ phase, name }: Mishap): string {
  return `${phase}: ${name}`;
}

function newRow(): Row {
  return { injected: 0, complete: 0, cancelled: 0, wrong: 0, errors: new Map() };
}

function count(row: Row, { outcome, wrongs }: Verdict): void {
  if (wrongs.length > 0) row.wrong++;
  else if (outcome === 'complete' || outcome === 'answered before the cancel') row.complete++;
  else if (outcome === 'cancelled') row.cancelled++;
  else row.errors.set(outcome, (row.errors.get(outcome) ?? 0) + 1);
}

function cells(key: string, { injected, complete, cancelled, wrong, errors }: Row): string[] {
  const failed = [...errors.values()].reduce((sum, n) => sum + n, 0);
  const codes = [...errors].toSorted(([, a], [, b]) => b - a).map(([code, n]) => `${code} ${n}`);
  return [key, ...[injected, complete, failed, cancelled, wrong].map(String), codes.join(', ')];
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column];
        if (width === undefined) return cell;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
