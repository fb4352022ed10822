// Finds each setting among flags, variables and secret files, reads its text, and gathers every problem on the
// way, so that a person is told of all of them at once. Reads no file itself: it is handed a function that does.

import type { Secrets } from '../core/secrets.ts';
import type { Parse, Parsed } from './settings/parse.ts';
import { isAbsolute } from './settings/paths.ts';
import type { Setting } from './settings/shape.ts';

/** A file that holds one secret. */
export interface SecretFile {
  /** Its text without trailing newlines, as last read; read anew when the file has changed, or when `fresh`. */
  read(fresh?: boolean): string;
}

export interface Inputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flag, as `--timeout`, to its value. */
  readonly flags: ReadonlyMap<string, string>;
  readonly openSecret: (path: string) => Parsed<SecretFile>;
  /** The text of a file that may be larger than a secret: the configuration, certificates. */
  readonly readText: (path: string) => Parsed<string>;
  /** Whether it is there, a folder, and may be looked into. */
  readonly isFolder: (path: string) => boolean;
  /** Where every secret that is found is registered. */
  readonly secrets: Secrets;
}

/** What must be known of a setting to find it and to read its text. */
export type Source<T = unknown> = Pick<Setting<T>, 'env' | 'flags' | 'secret' | 'parse' | 'accepts'>;

/** One place that gives a setting a value. */
export interface Given {
  readonly text: string;
  /** As the person wrote it: a flag, a variable, or a variable that names a file. */
  readonly name: string;
  /** The variable it is, or stands for. */
  readonly env: string;
  /** Present when the text came from a file. */
  readonly file?: SecretFile;
}

/** Nobody mends more at a time, and a hostile file must not cost more than that. */
const MOST_PROBLEMS = 200;

const FILE_ACCEPTS = 'the absolute path of a file that holds the value';

export class Reader {
  readonly problems: string[] = [];
  /** Things that are no error and yet may not be what the person meant. */
  readonly notes: string[] = [];
  readonly secrets: Secrets;
  readonly inputs: Inputs;
  /** Absolute paths of the files read so far: where a change may change the settings. */
  readonly files: Set<string> = new Set();
  /** By name: a secret is looked for in several places, and its file is opened once. */
  readonly #secretsGiven = new Map<string, Given | undefined>();

  constructor(inputs: Inputs) {
    this.inputs = inputs;
    this.secrets = inputs.secrets;
  }

  /** The value of a setting, or `unset` where nothing gives one or what gives it is wrong. */
  value<T>(setting: Source<T>): T | undefined;
  value<T>(setting: Source<T>, unset: T): T;
  value<T>(setting: Source<T>, unset?: T): T | undefined {
    const [given] = this.given(setting);
    return given === undefined ? unset : (this.parse(setting, given, setting.parse) ?? unset);
  }

  /** Every place that gives the setting a value, the one that wins first. An empty value gives none. */
  given(setting: Pick<Source, 'env' | 'flags' | 'secret'>): readonly Given[] {
    const found: Given[] = [];
    for (const [flag, env] of Object.entries(setting.flags)) {
      const text = this.inputs.flags.get(flag) ?? '';
      if (text !== '') found.push({ text, name: flag, env });
    }
    for (const env of setting.env) {
      const given = setting.secret ? this.#secret(env) : this.#variable(env);
      if (given !== undefined) found.push(given);
    }
    return found;
  }

  parse<T>(setting: Pick<Source, 'secret' | 'accepts'>, given: Given, parse: Parse<T>): T | undefined {
    const parsed = parse(given.text);
    if ('value' in parsed) return parsed.value;
    const what = setting.secret ? given.name : `${given.name}=${show(given.text)}`;
    this.problem(`${what} ${parsed.problem}. Accepted: ${setting.accepts}.`);
    return undefined;
  }

  problem(line: string): void {
    if (this.problems.length < MOST_PROBLEMS && !this.problems.includes(line)) this.problems.push(line);
  }

  /** Opens a file that holds a secret, and remembers it. */
  openSecret(path: string): Parsed<SecretFile> {
    this.files.add(path);
    return this.inputs.openSecret(path);
  }

  readText(path: string): Parsed<string> {
    this.files.add(path);
    return this.inputs.readText(path);
  }

  #variable(name: string): Given | undefined {
    const text = this.inputs.env[name] ?? '';
    return text === '' ? undefined : { text, name, env: name };
  }

  #secret(name: string): Given | undefined {
    if (!this.#secretsGiven.has(name)) this.#secretsGiven.set(name, this.#findSecret(name));
    return this.#secretsGiven.get(name);
  }

  #findSecret(name: string): Given | undefined {
    const direct = this.#variable(name);
    const named = this.#variable(`${name}_FILE`);
    if (named === undefined) return direct;
    if (direct !== undefined) {
      this.problem(`${name} and ${name}_FILE are both set. Accepted: one of them.`);
      return direct;
    }
    const opened = isAbsolute(named.text) ? this.openSecret(named.text) : { problem: 'is not an absolute path' };
    if ('value' in opened) return { text: opened.value.read(), name: named.name, env: name, file: opened.value };
    this.problem(`${named.name}=${show(named.text)} ${opened.problem}. Accepted: ${FILE_ACCEPTS}.`);
    return undefined;
  }
}

/**
 * A value fit for one line of an error message: short, printable, and without what may be secret even where
 * no secret is expected, which is a password or a query in a URL, and a key that was put in the wrong place.
 */
export function show(text: string): string {
  if (/^[\w-]{20,}$/.test(text)) return '(not shown: it looks like a key)';
  const bare = text.replace(/\?.*$/s, '?…').replace(/(^|\/\/)[^/]*@/, '$1…@');
  const short = bare.length > 80 ? `${bare.slice(0, 80)}…` : bare;
  return /^[\w.:/+,%?…@-]+$/.test(short) ? short : JSON.stringify(short);
}
