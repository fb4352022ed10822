// The program's own source files as text, for the tests that read them. Comments are blanked, so that a
// rule about code is not broken by a sentence about code; line numbers stay.

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from './root.ts';

export interface Source {
  /** From the root of the project, with forward slashes: `src/core/fault.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments blanked. */
  readonly code: string;
}

export interface Import {
  readonly specifier: string;
  /** `from '…'`, `import('…')`, `require('…')` or `builtin('…')`. */
  readonly form: string;
}

export function sourcesUnder(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, code: withoutComments(text) };
    });
}

export function importsOf(source: Source): Import[] {
  const forms = source.code.matchAll(/\b(from|import|require|builtin)\s*\(?\s*(['"`])([^'"`\n]+)\2/g);
  return Array.from(forms, ([, form = '', , specifier = '']) => ({ form, specifier }));
}

/** Strings and templates are kept; a regular expression that holds two slashes must escape one. */
function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<!\\)\/\/.*/g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}
