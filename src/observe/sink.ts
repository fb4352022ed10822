// Where the log ends: one JSON object a line on the stream it is handed, levelled, and scrubbed of secrets by
// value. Whatever it is given, it writes one valid line and never throws: a log that fails hides the failure
// it was called for. It must not know what the fields mean.

import { Fault } from '../core/fault.ts';
import { parseJson } from '../core/json.ts';
import type { Log, LogFields, LogLevel } from '../core/log.ts';

export interface LogOptions {
  readonly stream: { write(text: string): unknown };
  /** The least level that is written, asked of every line: it may be changed. */
  level: LogLevel;
  readonly clock: { wall(): number };
  readonly scrub: (text: string) => string;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** More of one value than this helps nobody who reads a log. */
const MOST_CHARACTERS = 8192;
const MOST_ITEMS = 200;
const MOST_DEPTH = 8;

export function createLog(options: LogOptions): Log {
  return bound(options, {});
}

function bound(options: LogOptions, bindings: LogFields): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields): void => {
      if (RANK[level] < RANK[options.level]) return;
      try {
        options.stream.write(`${lineOf(options, level, message, { ...bindings, ...fields })}\n`);
      } catch {
        // The stream is gone, or the clock is: there is nowhere left to say so.
      }
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => bound(options, { ...bindings, ...fields }),
  };
}

function lineOf({ clock, scrub }: LogOptions, level: LogLevel, message: string, fields: LogFields): string {
  const head = { time: new Date(clock.wall()).toISOString(), level, msg: scrub(message) };
  const view: View = { scrub, stacks: RANK[level] >= RANK.warn, above: [] };
  const line = JSON.stringify({ ...head, ...membersOf(fields, view), ...head });
  // Strings are clean by now. What is left is a secret that was written as a number, or that lies across two
  // values; taking it out may break the JSON, and then the whole line becomes one string.
  const clean = scrub(line);
  return clean === line || parseJson(clean) !== undefined ? clean : JSON.stringify({ ...head, fields: clean });
}

interface View {
  readonly scrub: (text: string) => string;
  /** Whether errors are shown with their stacks and causes. */
  readonly stacks: boolean;
  /** The objects around the present one, so that a circle is seen. */
  readonly above: readonly object[];
}

/** The value as plain JSON data, whatever it is. */
function plain(value: unknown, view: View): unknown {
  switch (typeof value) {
    case 'string':
      return text(value, view);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      return value === null ? null : inside(value, view);
    case 'bigint':
    case 'symbol':
      return text(String(value), view);
    case 'function':
      return '[function]';
  }
}

function inside(value: object, view: View): unknown {
  if (view.above.includes(value)) return '[circular]';
  if (view.above.length >= MOST_DEPTH) return '[deep]';
  const deeper: View = { ...view, above: [...view.above, value] };
  if (value instanceof Error) return errorView(value, deeper);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => plain(item, deeper) ?? null);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return membersOf(Object.fromEntries(value), deeper);
  if (value instanceof Set) return plain([...value], deeper);
  const own = quietly(() => ('toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value));
  return own === value ? membersOf(value, deeper) : plain(own, deeper);
}

function membersOf(value: object, view: View): Record<string, unknown> {
  const members = Object.keys(value)
    .slice(0, MOST_ITEMS)
    .map((name): [string, unknown] => [
      text(name, view),
      plain(
        quietly(() => Reflect.get(value, name)),
        view,
      ),
    ]);
  return Object.fromEntries(members);
}

function errorView(error: Error, view: View): Record<string, unknown> {
  const members: Record<string, unknown> = { ...membersOf(error, view), message: text(error.message, view) };
  members['name'] = error.name;
  if (error instanceof Fault && Object.keys(error.data).length === 0) delete members['data'];
  delete members['cause'];
  if (!view.stacks) return members;
  if (error.stack !== undefined) members['stack'] = text(error.stack, view);
  if (error.cause !== undefined) members['cause'] = plain(error.cause, view);
  return members;
}

function text(value: string, { scrub }: View): string {
  const clean = scrub(value);
  if (clean.length <= MOST_CHARACTERS) return clean;
  return `${clean.slice(0, MOST_CHARACTERS)}… (${clean.length} characters)`;
}

/** A getter or `toJSON` of someone else's object may throw. */
function quietly(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return '[unreadable]';
  }
}
