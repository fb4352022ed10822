// What a client carries for us between two calls that are one to the user: the answers it gave before. It is the
// client's to keep and nobody's to change, so it is sealed, bound to who asked what, and ends.
// Follows MCP 2026-07-28 basic/patterns (requestState is to be treated as hostile).

import { hmacSha256, sha256Hex } from '../../core/digest.ts';
import { canonical } from '../../core/canonical.ts';
import { Fault } from '../../core/fault.ts';
import { isObject, parseJson } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Random } from '../../core/random.ts';

/** How long a person may think about a question. */
const LIFE_MS = 60 * 60 * 1000;
/** The longest state that is read, in characters. */
const MAX_CHARS = 1024 * 1024;

/** What the state is good for. */
export interface Purpose {
  readonly method: string;
  /** The tool, prompt or resource. */
  readonly of: string;
  readonly args: unknown;
  /** Whose call it is. */
  readonly client: string | undefined;
}

/** Seals with a key of this process: what another one sealed is refused, and asked for again. */
export class StateSeal {
  readonly #random: Random;
  #drawn: string | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  seal(answers: JsonObject, purpose: Purpose, now: number): string {
    const body = encoded(JSON.stringify({ answers, until: now + LIFE_MS, purpose: digestOf(purpose) }));
    return `${body}.${hmacSha256(this.#key, body)}`;
  }

  /** Drawn when first needed: most processes never are asked anything by a tool. */
  get #key(): string {
    return (this.#drawn ??= this.#random.id() + this.#random.id());
  }

  /** The answers in a state. Throws `invalid-params` for one that we did not seal for this, or too long ago. */
  open(state: string, purpose: Purpose, now: number): JsonObject {
    const [body = '', seal = '', ...more] = state.length > MAX_CHARS ? [] : state.split('.');
    // Both are digests of the same length, and what is compared is no secret of anybody's: a digest of it is.
    const isOurs = more.length === 0 && sha256Hex(hmacSha256(this.#key, body)) === sha256Hex(seal);
    const content = isOurs ? parseJson(Buffer.from(body, 'base64url').toString()) : undefined;
    if (!isObject(content)) throw refused('was not given by this server, or was changed');
    const { answers, until, purpose: sealed } = content;
    if (sealed !== digestOf(purpose)) throw refused('belongs to another call');
    if (typeof until !== 'number' || until < now) throw refused('is too old');
    return isAnswers(answers) ? answers : {};
  }
}

/** We sealed it, so it is what we made it. */
function isAnswers(value: unknown): value is JsonObject {
  return isObject(value);
}

function digestOf(purpose: Purpose): string {
  return sha256Hex(canonical(purpose));
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function refused(why: string): Fault {
  return new Fault('invalid-params', `Invalid params: requestState ${why}. Make the call again without it.`);
}
