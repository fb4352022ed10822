// Walks fixtures/config: what is set, a line of dashes, and the Config that comes of it or every problem.
// A Config is written as what differs from nothing-set.txt, which is written whole; keys are written as the list
// they are at the start. `UPDATE=1` rewrites the expected halves, to be read as a diff.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readConfig } from '../src/config/env.ts';
import { folder, inputsOf, load, names } from './support/config-case.ts';

/** Keys that may be others later. */
function isLiving(key: string): boolean {
  return key === 'apiKeys' || key === 'givenKeys';
}

/** What came of it, as text: a JSON value and notes, or problems. */
function outcome(head: string, basis: Readonly<Record<string, unknown>>): string {
  const read = readConfig(inputsOf(head));
  if ('problems' in read) return read.problems.map((line) => `problem: ${line}\n`).join('');
  const shown: Record<string, unknown> = JSON.parse(
    JSON.stringify(read.config, (key, value: unknown) =>
      isLiving(key) && typeof value === 'function' ? value() : value,
    ),
  );
  const differing = Object.entries(shown).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(basis[key]),
  );
  for (const key of Object.keys(basis)) assert.ok(key in shown, `${key} is missing`);
  const notes = read.notes.map((line) => `note: ${line}\n`).join('');
  return `${JSON.stringify(Object.fromEntries(differing), null, 2)}\n${notes}`;
}

describe('fixtures/config', () => {
  const basis: Record<string, unknown> = JSON.parse(load('nothing-set.txt').expected || '{}');

  test('there are some', () => assert.ok(names.length > 120, `${names.length} files`));

  for (const name of names) {
    test(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => {
      const { head, expected } = load(name);
      const actual = outcome(head, name === 'nothing-set.txt' ? {} : basis);
      if (process.env['UPDATE'] === '1') writeFileSync(join(folder, name), `${head}-----\n${actual}`);
      else assert.equal(actual, expected);
    });
  }
});
