// The issuer's public keys as one text (a JWK Set), read: which there are that can check a signature, and which of
// them a token may have been signed with.
// Follows RFC 7517, 4 and 5.

import { isObject, parseJson } from '../../core/json.ts';
import { verifyingKey } from '../crypto.ts';
import type { VerifyingKey } from '../crypto.ts';
import type { TokenHeader } from './parts.ts';

interface NamedKey {
  readonly kid: string | undefined;
  readonly key: VerifyingKey;
}

export type KeySet = readonly NamedKey[];

/** Sets of people have a handful. */
const MOST_KEYS = 100;

/** Keys tried for one token: several may have one name, and a token need not name its own. */
const MOST_TRIED = 4;

/** `undefined` where the text is no set; keys that are for something else, or that are not strong enough, are left out. */
export function keySetOf(text: string): KeySet | undefined {
  const said: unknown = parseJson(text);
  const keys: unknown = isObject(said) ? said['keys'] : undefined;
  if (!Array.isArray(keys)) return undefined;
  return keys.slice(0, MOST_KEYS).flatMap((one: unknown) => (isObject(one) ? (namedKey(one) ?? []) : []));
}

function namedKey(jwk: Readonly<Record<string, unknown>>): NamedKey | undefined {
  const { use, key_ops: ops, alg, kid } = jwk;
  if (use !== undefined && use !== 'sig') return undefined;
  if (ops !== undefined && !(Array.isArray(ops) && ops.includes('verify'))) return undefined;
  if (kid !== undefined && typeof kid !== 'string') return undefined;
  const key = verifyingKey(jwk);
  return key === undefined || (alg !== undefined && alg !== key.algorithm) ? undefined : { kid, key };
}

/** Those the token may have been signed with. */
export function candidates(keys: KeySet, { alg, kid }: TokenHeader): readonly VerifyingKey[] {
  const fit = keys.filter((one) => one.key.algorithm === alg && (kid === undefined || one.kid === kid));
  return fit.length > MOST_TRIED ? [] : fit.map(({ key }) => key);
}
