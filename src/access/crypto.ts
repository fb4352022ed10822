// All the cryptography of this room: digests of keys, the comparison that takes the same time whatever differs, and
// public keys that check signatures. A key knows its one algorithm, so that no token can choose another for it.
// Follows RFC 7517 and RFC 7518, 3.3, 3.4, 6.2, 6.3.

import type { JsonWebKey } from 'node:crypto';
import { builtin } from '../core/builtin.ts';

type Crypto = typeof import('node:crypto');

let loaded: Crypto | undefined;

/** Kept at hand: every request hashes and compares. */
function crypto(): Crypto {
  return (loaded ??= builtin('node:crypto'));
}

/** SHA-256 of the UTF-8 text: 32 bytes. */
export function digestOf(text: string): Uint8Array {
  return crypto().hash('sha256', text, 'buffer');
}

/** Whether two digests are equal, in a time that does not tell where they differ. */
export type SameDigest = (one: Uint8Array, other: Uint8Array) => boolean;

export const sameDigest: SameDigest = (one, other) =>
  one.length === other.length && crypto().timingSafeEqual(one, other);

/** A new key: 256 bits, as 43 characters that need no escaping anywhere. */
export function newKey(): string {
  return crypto().randomBytes(32).toString('base64url');
}

export type Algorithm = 'RS256' | 'ES256';

export interface VerifyingKey {
  /** The only one it checks. */
  readonly algorithm: Algorithm;
  /** Never throws. ES256 signatures are r and s, 32 bytes each. */
  verify(signed: Uint8Array, signature: Uint8Array): boolean;
}

const LEAST_RSA_BITS = 2048;
/** Checking a signature takes the square of this. */
const MOST_RSA_BITS = 8192;
const ES256_BYTES = 64;

/** The public half of a JSON Web Key; undefined where it is of another kind, too weak, or broken. */
export function verifyingKey(jwk: Readonly<Record<string, unknown>>): VerifyingKey | undefined {
  const { kty, crv, n, e, x, y } = jwk;
  if (kty === 'RSA' && isText(n) && isText(e)) return rsaKey({ kty, n, e });
  if (kty === 'EC' && crv === 'P-256' && isText(x) && isText(y)) return ecKey({ kty, crv, x, y });
  return undefined;
}

function rsaKey(jwk: JsonWebKey): VerifyingKey | undefined {
  const key = imported(jwk);
  const { modulusLength = 0, publicExponent = 0n } = key?.asymmetricKeyDetails ?? {};
  if (key === undefined || modulusLength < LEAST_RSA_BITS || modulusLength > MOST_RSA_BITS) return undefined;
  if (publicExponent < 3n) return undefined;
  const { verify, constants } = crypto();
  const how = { key, padding: constants.RSA_PKCS1_PADDING };
  return { algorithm: 'RS256', verify: (signed, signature) => safely(() => verify('sha256', signed, how, signature)) };
}

function ecKey(jwk: JsonWebKey): VerifyingKey | undefined {
  const key = imported(jwk);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  const { verify } = crypto();
  const how = { key, dsaEncoding: 'ieee-p1363' } as const;
  return {
    algorithm: 'ES256',
    verify: (signed, signature) =>
      signature.length === ES256_BYTES && safely(() => verify('sha256', signed, how, signature)),
  };
}

function imported(jwk: JsonWebKey): ReturnType<Crypto['createPublicKey']> | undefined {
  try {
    return crypto().createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function safely(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
