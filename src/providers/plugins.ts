// Dialects from outside: modules that export one more dialect, loaded at the start and checked before anything is
// sent through them. A plug-in imports nothing of ours; what it needs to be written is handed to it as a kit. It runs
// with the rights of this process, so only the operator can name one.

import { builtin } from '../core/builtin.ts';
import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import { NdjsonDecoder } from '../wire/ndjson.ts';
import { SseDecoder } from '../wire/sse.ts';
import type { Dialect } from './dialect.ts';
import { AnswerStream } from './dialects/answer-stream.ts';
import { applyLessons } from './dialects/apply-lessons.ts';
import { notOffered } from './dialects/not-offered.ts';
import { openai } from './dialects/openai.ts';
import { readRefusal } from './faults/refusal.ts';
import { guarded } from './plugin-guard.ts';
import { checkDialect } from './plugin-check.ts';

/** What a plug-in may build on: the dialect most servers nearly speak, the two framings, and how refusals are read. */
export interface PlugInKit {
  readonly openai: Dialect;
  readonly Fault: typeof Fault;
  readonly AnswerStream: typeof AnswerStream;
  readonly SseDecoder: typeof SseDecoder;
  readonly NdjsonDecoder: typeof NdjsonDecoder;
  readonly applyLessons: typeof applyLessons;
  readonly notOffered: typeof notOffered;
  readonly readRefusal: typeof readRefusal;
}

const KIT: PlugInKit = {
  openai,
  Fault,
  AnswerStream,
  SseDecoder,
  NdjsonDecoder,
  applyLessons,
  notOffered,
  readRefusal,
};

/**
 * The dialects of the modules at these absolute paths, by their names, which are the provider types they serve.
 * Throws `CONFIG` on the first that cannot be loaded or does not hold what a dialect must.
 */
export async function loadPlugIns(
  paths: readonly string[],
  taken: ReadonlySet<string>,
): Promise<Record<string, Dialect>> {
  const loaded: Record<string, Dialect> = {};
  for (const path of paths) {
    const dialect = await load(path);
    const { name } = dialect;
    if (taken.has(name) || Object.hasOwn(loaded, name))
      throw refused(path, `its name "${name}" is that of another dialect`);
    loaded[name] = guarded(dialect);
  }
  return loaded;
}

async function load(path: string): Promise<Dialect> {
  const module = await imported(path);
  const offered: unknown = isObject(module) ? (module['default'] ?? module['dialect']) : undefined;
  const dialect = typeof offered === 'function' ? made(offered, path) : offered;
  if (dialect === undefined) throw refused(path, 'it has no default export');
  const checked = checkDialect(dialect);
  if ('problems' in checked) throw refused(path, checked.problems.join('; '));
  return checked.dialect;
}

async function imported(path: string): Promise<unknown> {
  try {
    return await import(builtin('node:url').pathToFileURL(path).href);
  } catch (thrown) {
    throw refused(path, `it cannot be loaded (${said(thrown)})`, thrown);
  }
}

function made(make: Function, path: string): unknown {
  try {
    return make(KIT);
  } catch (thrown) {
    throw refused(path, `its function failed (${said(thrown)})`, thrown);
  }
}

function refused(path: string, why: string, cause?: unknown): Fault {
  return new Fault('CONFIG', `The plug-in ${path} cannot be used: ${why}.`, { cause });
}

function said(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
