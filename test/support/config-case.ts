// One file of fixtures/config: what is set, a line of dashes, and what comes of it. Above the dashes: `NAME=value`,
// `--flag value`, `file /path = content` (with \n for a newline), `file /path:` with the lines of a longer one
// behind `| `, `schema accepts` where a file is refused for what no schema can tell, and `#` lines.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Inputs } from '../../src/config/reader.ts';
import { Secrets } from '../../src/core/secrets.ts';
import { root } from './root.ts';

export const folder: string = join(root, 'fixtures', 'config');
export const names: readonly string[] = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const DASHES = /^-{5,}\n/m;

interface Case {
  /** Everything above the line of dashes, as it stands. */
  readonly head: string;
  readonly expected: string;
}

export function load(name: string): Case {
  const [head = '', expected = ''] = readFileSync(join(folder, name), 'utf8').split(DASHES);
  return { head, expected };
}

/** The text of every file, and the settings. */
interface Given {
  readonly env: Record<string, string>;
  readonly flags: Map<string, string>;
  readonly files: Map<string, string>;
  /** Folders that are not there; every other one is. */
  readonly missing: Set<string>;
}

function givenIn(head: string): Given {
  const given: Given = { env: {}, flags: new Map(), files: new Map(), missing: new Set() };
  let open = '';
  for (const line of head.split('\n').filter((text) => text !== '' && !/^#|^schema accepts$/.test(text))) {
    const file = /^file (\S+) = (.*)$/.exec(line);
    const long = /^file (\S+):$/.exec(line);
    const more = /^\|(?: (.*))?$/.exec(line);
    const flag = /^(--\S+) (.*)$/.exec(line);
    const missing = /^missing (\S+)$/.exec(line);
    const variable = /^(\w+)=(.*)$/.exec(line);
    if (file !== null) given.files.set(file[1] ?? '', (file[2] ?? '').replaceAll('\\n', '\n'));
    else if (long !== null) open = long[1] ?? '';
    else if (more !== null) given.files.set(open, `${given.files.get(open) ?? ''}${more[1] ?? ''}\n`);
    else if (missing !== null) given.missing.add(missing[1] ?? '');
    else if (flag !== null) given.flags.set(flag[1] ?? '', flag[2] ?? '');
    else if (variable !== null) given.env[variable[1] ?? ''] = variable[2] ?? '';
    else assert.fail(`this line says nothing: ${line}`);
  }
  return given;
}

export function inputsOf(head: string): Inputs {
  const { env, flags, files, missing } = givenIn(head);
  return {
    env,
    flags,
    secrets: new Secrets(),
    openSecret: (path) => {
      const content = files.get(path)?.replace(/[\r\n]+$/, '');
      if (content === undefined) return { problem: 'does not exist' };
      return content === '' ? { problem: 'is empty' } : { value: { read: () => content } };
    },
    readText: (path) => {
      const value = files.get(path);
      return value === undefined ? { problem: 'does not exist' } : { value };
    },
    isFolder: (path) => !missing.has(path),
  };
}

/** The text of the configuration file that is set, if one is. */
export function configTextOf(head: string): string | undefined {
  const { env, flags, files } = givenIn(head);
  return files.get(flags.get('--config') ?? env['CONFIG_PATH'] ?? '');
}
