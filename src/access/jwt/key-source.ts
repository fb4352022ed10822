// Where the issuer's keys come from, as they are at each moment: a file, read again when it has changed, or an address,
// asked again when the answer has grown old or a token names a key that nobody knows. The second is what anybody can
// do, so it is asked seldom, whoever asks. An answer that cannot be had or read leaves the last one in force, for a day.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Log } from '../../core/log.ts';
import type { Soon } from '../../core/store.ts';
import { soonAfter } from '../../core/store.ts';
import type { VerifyingKey } from '../crypto.ts';
import { candidates, keySetOf } from './key-set.ts';
import type { KeySet } from './key-set.ts';
import type { TokenHeader } from './parts.ts';

export interface KeySource {
  /** The keys a token may have been signed with; undefined while there are none to be had. */
  find(header: TokenHeader): Soon<readonly VerifyingKey[] | undefined>;
}

export interface FileKeysOptions {
  /** The text as it is now; a file that has gone gives its last one. */
  readonly read: () => string;
  /** For the log. */
  readonly where: string;
  readonly log: Log;
}

export function fileKeys({ read, where, log }: FileKeysOptions): KeySource {
  let last: string | undefined;
  let keys: KeySet | undefined;
  return {
    find(header) {
      const text = read();
      if (text !== last) {
        last = text;
        keys = readSet(text, where, log) ?? keys;
      }
      return keys && candidates(keys, header);
    },
  };
}

export interface FetchedKeysOptions {
  /** Asks for the set; bounds its size and the time it takes. Never rejects with anything secret. */
  readonly fetchText: (url: string) => Promise<string>;
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

const FRESH_MS = 10 * 60_000;
const TRUSTED_MS = 24 * 3_600_000;

/** Between two questions, whatever they are asked for. */
const LEAST_BETWEEN_MS = 10_000;

export class FetchedKeys implements KeySource {
  readonly #options: FetchedKeysOptions;
  #keys: KeySet | undefined;
  #readAt: number = Number.NEGATIVE_INFINITY;
  #askedAt: number = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(options: FetchedKeysOptions) {
    this.#options = options;
  }

  find(header: TokenHeader): Soon<readonly VerifyingKey[] | undefined> {
    const age = this.#options.clock.now() - this.#readAt;
    const known = age < TRUSTED_MS ? this.#matching(header) : undefined;
    const isUnknown = known?.length === 0 && header.kid !== undefined;
    if (known === undefined || isUnknown) {
      if (known === undefined) this.#keys = undefined;
      return soonAfter(this.#ask(), () => this.#matching(header));
    }
    if (age >= FRESH_MS) void this.#ask();
    return known;
  }

  /** Asks in advance, so that the first token need not wait; not more often than anybody else may. */
  freshen(): void {
    void this.#ask();
  }

  #matching(header: TokenHeader): readonly VerifyingKey[] | undefined {
    return this.#keys && candidates(this.#keys, header);
  }

  /** One question at a time, which everybody waits for; none where the last was just now. */
  #ask(): Soon<void> {
    const { clock } = this.#options;
    if (this.#asking !== undefined) return this.#asking;
    if (clock.now() - this.#askedAt < LEAST_BETWEEN_MS) return undefined;
    this.#askedAt = clock.now();
    this.#asking = this.#fetch().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(): Promise<void> {
    const { fetchText, url, clock, log } = this.#options;
    try {
      const keys = readSet(await fetchText(url), url, log);
      if (keys === undefined) return;
      this.#keys = keys;
      this.#readAt = clock.now();
    } catch (thrown) {
      log.warn('the keys of the token issuer cannot be had; the last ones stay', {
        where: url,
        why: Fault.from(thrown).message,
      });
    }
  }
}

function readSet(text: string, where: string, log: Log): KeySet | undefined {
  const keys = keySetOf(text);
  if (keys === undefined) log.warn('what should be the keys of the token issuer is no JWK Set', { where });
  else if (keys.length === 0) log.warn('none of the keys of the token issuer can check RS256 or ES256', { where });
  return keys;
}
