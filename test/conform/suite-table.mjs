// The suite's totals as the table of the README, between two comments there.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const readme = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'README.md');
const BEGIN = '<!-- suite -->\n';
const END = '<!-- /suite -->';

const COLUMNS = ['scenarios', 'passed', 'failed', 'warnings', 'skipped'];

export function tableOf(rows) {
  const head = ['run', ...COLUMNS];
  const lines = rows.map(({ title, totals }) => [title, ...COLUMNS.map((column) => totals[column])]);
  const rule = ['---', ...COLUMNS.map(() => '---:')];
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function tableInReadme() {
  const { before, after, text } = parts();
  return text.slice(before, after).trim();
}

export function writeTable(table) {
  const { before, after, text } = parts();
  writeFileSync(readme, `${text.slice(0, before)}\n${table}\n\n${text.slice(after)}`);
}

function parts() {
  const text = readFileSync(readme, 'utf8');
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  if (before < BEGIN.length || after < 0)
    throw new Error('The README has no place for the table of the official suite.');
  return { before, after, text };
}
