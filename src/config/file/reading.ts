// One configuration text being read: says what is wrong where, and follows references. What a reference yields is
// registered as a secret unless it plainly is none: everything from a file, what stands where a secret belongs, and
// variables that are called a key or the like.

import { isSecretName } from '../../core/secrets/names.ts';
import type { Parsed } from '../settings/parse.ts';
import { isAbsolute } from '../settings/paths.ts';
import { show } from '../reader.ts';
import type { Reader, SecretFile } from '../reader.ts';
import { placeOf } from './jsonc.ts';
import { FORMS, piecesOf } from './references.ts';
import type { Piece } from './references.ts';

/**
 * How a value is treated: `secret` is registered and never shown; `hidden` is not shown; `plain` is shown; `public` is
 * not even registered where it comes from a file, because it is one that everybody may read, as a certificate is.
 */
export type Privacy = 'secret' | 'hidden' | 'plain' | 'public';

/** A string of the configuration with its references followed. */
export interface Resolved {
  readonly text: string;
  /** Follows references to files again, if they have changed or `fresh`; a file that has gone keeps what it held. */
  readonly now: (fresh?: boolean) => string;
}

/** A place in the text, and what it is called there. */
export interface Spot {
  readonly at: number;
  /** `providers[2].timeout.idle`; empty for the whole. */
  readonly path: string;
}

export interface ConfigText {
  readonly text: string;
  /** Begins every problem: the path of the file, or the variable that holds the text. */
  readonly name: string;
  /** Where relative paths begin; absent: they are not taken, and neither are lines told. */
  readonly folder?: string;
}

/** A file in which everything is wrong is told in part. */
const MOST_TOLD = 200;

type Source = string | SecretFile;

export class Reading {
  readonly reader: Reader;
  /** Variables that were referred to: they have an effect, whatever else they may not do. */
  readonly referred: Set<string> = new Set();
  readonly #source: ConfigText;
  readonly #told: { readonly at: number; readonly path: string; readonly line: string }[] = [];

  constructor(source: ConfigText, reader: Reader) {
    this.#source = source;
    this.reader = reader;
  }

  /** `what` is a clause that can follow the path, or the path with its value. */
  say({ at, path }: Spot, what: string, accepts = ''): void {
    if (this.#told.length >= MOST_TOLD) return;
    const end = accepts === '' ? '' : ` Accepted: ${accepts}.`;
    const clause = path === '' ? what : `${path}${/^[=:]/.test(what) ? '' : ' '}${what}`;
    this.#told.push({ at, path, line: `${clause}.${end}` });
  }

  /** Whether something was wrong with the value of this path. */
  isTold(path: string): boolean {
    return this.#told.some((one) => one.path === path);
  }

  /** Hands all problems on to the reader, in the order of their places. */
  tell(): void {
    for (const { at, line } of this.#told.toSorted((a, b) => a.at - b.at)) {
      this.reader.problem(`${this.#place(at)}: ${line}`);
    }
  }

  /** For a problem with one place that speaks of another. */
  lineOf(at: number): number {
    return placeOf(this.#source.text, at).line;
  }

  /** What setting names say: `providers[0].apiKey in anymodel.json`. */
  settingName(path: string): string {
    if (this.#source.folder === undefined) return this.#source.name;
    return `${path} in ${this.#source.name.replace(/^.*[\\/]/s, '')}`;
  }

  /** A path as the file has it, made absolute; `undefined` after saying why not. */
  beside(path: string, spot: Spot): string | undefined {
    if (isAbsolute(path)) return path;
    const { folder } = this.#source;
    if (folder !== undefined) return `${folder}/${path.replace(/^\.[\\/]/, '')}`;
    this.say(spot, 'holds a relative path', 'an absolute one; in a file they are relative to the file');
    return undefined;
  }

  /** The string with its references followed; `undefined` after saying which of them leads nowhere. */
  resolve(raw: string, spot: Spot, privacy: Privacy): Resolved | undefined {
    const sources: Source[] = [];
    let isWhole = true;
    for (const piece of piecesOf(raw)) {
      const source = this.#follow(piece, spot);
      if (source === undefined) isWhole = false;
      else sources.push(source);
      if (source !== undefined && privacy !== 'public' && isSecret(piece)) this.reader.secrets.add(textOf(source));
    }
    const text = sources.map((source) => textOf(source)).join('');
    if (privacy === 'secret') this.reader.secrets.add(text.trim());
    if (!isWhole) return undefined;
    const now = (fresh?: boolean): string => sources.map((source) => textOf(source, fresh)).join('');
    return { text, now: sources.every((source) => typeof source === 'string') ? () => text : now };
  }

  #follow(piece: Piece, spot: Spot): Source | undefined {
    switch (piece.kind) {
      case 'text':
        return piece.text;
      case 'variable':
        return this.#variable(piece.name, piece.fallback, spot);
      case 'file':
        return this.#file(piece.path, spot);
      case 'unfit':
        this.say(spot, `holds ${show(piece.text)}, which is no reference`, FORMS);
        return undefined;
    }
  }

  #variable(name: string, fallback: string | undefined, spot: Spot): string | undefined {
    this.referred.add(name);
    const value = this.reader.inputs.env[name] ?? '';
    if (value !== '' || fallback !== undefined) return value === '' ? fallback : value;
    const shown = /^[A-Z][A-Z0-9_]*$/.test(name) ? name : show(name);
    this.say(spot, `refers to the variable ${shown}, which is not set`, 'a variable that is, or ${NAME:-default}');
    return undefined;
  }

  #file(path: string, spot: Spot): SecretFile | undefined {
    const absolute = this.beside(path, spot);
    if (absolute === undefined) return undefined;
    const opened: Parsed<SecretFile> = this.reader.openSecret(absolute);
    if ('value' in opened) return opened.value;
    this.say(spot, `refers to the file ${show(path)}, which ${opened.problem}`, 'a file that this user may read');
    return undefined;
  }

  #place(at: number): string {
    const { name, text, folder } = this.#source;
    if (folder === undefined) return name;
    const { line, column } = placeOf(text, at);
    return `${name}:${line}:${column}`;
  }
}

function textOf(source: Source, fresh?: boolean): string {
  return typeof source === 'string' ? source : source.read(fresh);
}

function isSecret(piece: Piece): boolean {
  return piece.kind === 'file' || (piece.kind === 'variable' && isSecretName(piece.name));
}
