// The keys that clients may give, as their digests. Looking one up compares with all of them, always: how long it
// takes tells neither whether a key is known, nor which, nor how much of it was right.

import { digestOf, sameDigest } from './crypto.ts';
import type { SameDigest } from './crypto.ts';

export interface KnownKey {
  /** Whose it is. */
  readonly name: string;
  /** Of the key, in lower-case hexadecimal. */
  readonly sha256: string;
}

export class Keyring {
  readonly #keys: readonly { readonly name: string; readonly digest: Uint8Array }[];
  readonly #same: SameDigest;

  /** Of two that are the same key the first counts. */
  constructor(keys: readonly KnownKey[], same: SameDigest = sameDigest) {
    this.#keys = keys.map(({ name, sha256 }) => ({ name, digest: Buffer.from(sha256, 'hex') }));
    this.#same = same;
  }

  /** The name of the key's owner. An empty key is nobody's, and takes as long to be found out. */
  ownerOf(key: string): string | undefined {
    const digest = digestOf(key);
    let found = -1;
    for (const [i, known] of this.#keys.entries()) {
      const isSame = this.#same(known.digest, digest);
      if (isSame && found < 0) found = i;
    }
    return key === '' ? undefined : this.#keys[found]?.name;
  }
}
