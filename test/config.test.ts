// Walks fixtures/config: what is set, a line of dashes, and the Config that comes of it or every problem.
// A Config is written as what differs from nothing-set.txt, which is written whole; keys are written as the list
// they are at the start. `UPDATE=1` rewrites the expected halves, to be read as a diff.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readConfig } from '../src/config/env.ts';
import type { Inputs } from '../src/config/reader.ts';
import { Secrets } from '../src/core/secrets.ts';
import { root } from './support/root.ts';

const folder = join(root, 'fixtures', 'config');
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const DASHES = /^-{5,}\n/m;

interface Case {
  /** Everything above the line of dashes, as it stands. */
  readonly head: string;
  readonly expected: string;
}

function load(name: string): Case {
  const [head = '', expected = ''] = readFileSync(join(folder, name), 'utf8').split(DASHES);
  return { head, expected };
}

/** `NAME=value`, `--flag value`, `file /path = content` (with \n for a newline), and `#` lines. */
function inputsOf(head: string): Inputs {
  const env: Record<string, string> = {};
  const flags = new Map<string, string>();
  const files = new Map<string, string>();
  for (const line of head.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
    const file = /^file (\S+) = (.*)$/.exec(line);
    const flag = /^(--\S+) (.*)$/.exec(line);
    const variable = /^(\w+)=(.*)$/.exec(line);
    if (file !== null) files.set(file[1] ?? '', (file[2] ?? '').replaceAll('\\n', '\n'));
    else if (flag !== null) flags.set(flag[1] ?? '', flag[2] ?? '');
    else if (variable !== null) env[variable[1] ?? ''] = variable[2] ?? '';
    else assert.fail(`this line says nothing: ${line}`);
  }
  return {
    env,
    flags,
    secrets: new Secrets(),
    openSecret: (path) => {
      const content = files.get(path);
      if (content === undefined) return { problem: 'does not exist' };
      return { value: { read: () => content.replace(/[\r\n]+$/, '') } };
    },
  };
}

/** What came of it, as text: a JSON value and notes, or problems. */
function outcome(head: string, basis: Readonly<Record<string, unknown>>): string {
  const read = readConfig(inputsOf(head));
  if ('problems' in read) return read.problems.map((line) => `problem: ${line}\n`).join('');
  const shown: Record<string, unknown> = JSON.parse(
    JSON.stringify(read.config, (key, value: unknown) =>
      key === 'apiKeys' && typeof value === 'function' ? value() : value,
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

  test('there are some', () => assert.ok(names.length > 20, `${names.length} files`));

  for (const name of names) {
    test(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => {
      const { head, expected } = load(name);
      const actual = outcome(head, name === 'nothing-set.txt' ? {} : basis);
      if (process.env['UPDATE'] === '1') writeFileSync(join(folder, name), `${head}-----\n${actual}`);
      else assert.equal(actual, expected);
    });
  }
});
