// Judges one token: its form, then its signature by a key of the issuer, and only then what it says.
// Follows RFC 7515, 5.2; RFC 7519, 7.2; RFC 8725.

import type { Clock } from '../../core/clock.ts';
import type { Soon } from '../../core/store.ts';
import { soonAfter } from '../../core/store.ts';
import type { VerifyingKey } from '../crypto.ts';
import { judgeClaims } from './claims.ts';
import type { Judged, TokenRules } from './claims.ts';
import type { KeySource } from './key-source.ts';
import { partsOf } from './parts.ts';
import type { TokenParts } from './parts.ts';

export interface JudgeOptions {
  readonly rules: TokenRules;
  readonly keys: KeySource;
  readonly clock: Clock;
}

export type Judge = (token: string) => Soon<Judged>;

/** One sentence for all that is wrong with form and signature: its maker needs no more, and a forger should not have it. */
const UNFIT: Judged = { problem: 'The token is not signed by the issuer of this server.' };

export function tokenJudge({ rules, keys, clock }: JudgeOptions): Judge {
  const judge = (parts: TokenParts, found: readonly VerifyingKey[] | undefined): Judged => {
    if (found === undefined) return { unavailable: true };
    if (!found.some((key) => key.verify(parts.signed, parts.signature))) return UNFIT;
    const claims = parts.claims();
    return claims === undefined ? UNFIT : judgeClaims(claims, rules, clock.wall());
  };
  return (token) => {
    const parts = partsOf(token);
    if (parts === undefined || !rules.algorithms.includes(parts.header.alg)) return UNFIT;
    return soonAfter(keys.find(parts.header), (found) => judge(parts, found));
  };
}
