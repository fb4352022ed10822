// Dialects from outside: modules that export one more dialect, loaded at the start and checked before anything is
// sent through them. A plug-in imports nothing of ours; what it needs to be written is handed to it as a kit. It runs
// with the rights of this process, so only the operator can name one.

import { builtin } from '../core/builtin.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import type { Secrets } from '../core/secrets.ts';
import { NdjsonDecoder } from '../wire/ndjson.ts';
import { SseDecoder } from '../wire/sse.ts';
import type { Dialect } from './dialect.ts';
import { AnswerStream } from './dialects/answer-stream.ts';
import { applyLessons } from './dialects/sending/apply-lessons.ts';
import { notOffered } from './dialects/sending/not-offered.ts';
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

/** A module that waits at its top level for longer would be a server that never starts, and never says why. */
const MOST_LOADING_MS = 10_000;

export interface Loading {
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'add'>;
}

/**
 * The dialects of the modules at these absolute paths, by their names, which are the provider types they serve.
 * Throws `CONFIG` on the first that cannot be loaded or does not hold what a dialect must.
 */
export async function loadPlugIns(
  paths: readonly string[],
  taken: ReadonlySet<string>,
  { clock, secrets }: Loading,
): Promise<Record<string, Dialect>> {
  const loaded: Record<string, Dialect> = {};
  for (const path of paths) {
    const dialect = await load(path, clock);
    const { name } = dialect;
    if (taken.has(name) || Object.hasOwn(loaded, name))
      throw refused(path, `its name "${name}" is that of another dialect`);
    loaded[name] = guarded(dialect, secrets);
  }
  return loaded;
}

async function load(path: string, clock: Clock): Promise<Dialect> {
  const module = await imported(path, clock);
  const offered: unknown = isObject(module) ? (module['default'] ?? module['dialect']) : undefined;
  const dialect = typeof offered === 'function' ? made(offered, path) : offered;
  if (dialect === undefined) throw refused(path, 'it has no default export');
  const checked = checkDialect(dialect);
  if ('problems' in checked) throw refused(path, checked.problems.join('; '));
  return checked.dialect;
}

async function imported(path: string, clock: Clock): Promise<unknown> {
  let stop = (): void => {};
  const tooLong = new Promise<never>((_, reject) => {
    stop = clock.after(MOST_LOADING_MS, () => reject(new Error(`it waits for more than ${MOST_LOADING_MS / 1000} s`)));
  });
  try {
    return await Promise.race([import(builtin('node:url').pathToFileURL(path).href), tooLong]);
  } catch (thrown) {
    throw refused(path, `it cannot be loaded (${said(thrown)})`, thrown);
  } finally {
    stop();
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
  const line = text.split('\n')[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
