// Writes the table of settings in README.md, between its markers, from the table in src/config/settings/shape.ts.
// With --check it writes nothing and fails when the README is not up to date.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROWS } from '../src/config/settings/shape.ts';
import type { Setting } from '../src/config/settings/shape.ts';

const START = '<!-- settings -->';
const END = '<!-- /settings -->';

const readme = join(dirname(fileURLToPath(import.meta.url)), '..', 'README.md');
const text = readFileSync(readme, 'utf8');
const from = text.indexOf(START);
const to = text.indexOf(END);
if (from < 0 || to < from) throw new Error(`README.md has no ${START} … ${END}`);

const updated = `${text.slice(0, from)}${START}\n${table()}\n${text.slice(to)}`;
if (updated === text) console.log('README.md: the table of settings is up to date');
else if (process.argv.includes('--check')) {
  console.error('README.md: the table of settings is out of date; run `npm run settings`');
  process.exitCode = 1;
} else {
  writeFileSync(readme, updated);
  console.log('README.md: the table of settings was rewritten');
}

function table(): string {
  return ['| Variable | Flag | Default | Meaning |', '|---|---|---|---|', ...ROWS.map(row)].join('\n');
}

function row({ env, flags, secret, unset, meaning }: Setting<unknown>): string {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const file = secret ? ' (or `…_FILE`)' : '';
  const cells = [`${code(env)}${file}`, code(Object.keys(flags)) || '–', unset, meaning];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
