// Issuers of tokens for tests, made of node:crypto alone: keys, key sets, and tokens that are right but for what a test
// changes in them.

import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { FetchedKeys, fileKeys } from '../../src/access/jwt/key-source.ts';
import type { KeySource } from '../../src/access/jwt/key-source.ts';
import { tokenJudge } from '../../src/access/jwt/judge.ts';
import type { Judge } from '../../src/access/jwt/judge.ts';
import type { TokenRules } from '../../src/access/jwt/claims.ts';
import { silentLog } from '../../src/core/log.ts';
import { FakeClock } from './clock.ts';

export interface Signer {
  readonly alg: 'RS256' | 'ES256';
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public half, as a set has it. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

export function rsaSigner(kid: string, bits = 2048): Signer {
  return signerOf('RS256', kid, generateKeyPairSync('rsa', { modulusLength: bits }));
}

export function ecSigner(kid: string, namedCurve = 'P-256'): Signer {
  return signerOf('ES256', kid, generateKeyPairSync('ec', { namedCurve }));
}

function signerOf(
  alg: Signer['alg'],
  kid: string,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
): Signer {
  return { alg, kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg } };
}

export function setOf(...signers: readonly Pick<Signer, 'jwk'>[]): string {
  return JSON.stringify({ keys: signers.map(({ jwk }) => jwk) });
}

/** When the tests take place, in seconds since the epoch. */
export const NOW = 1_800_000_000;

export const RULES: TokenRules = {
  issuer: 'https://login.corp.example',
  audience: ['anymodel'],
  algorithms: ['RS256', 'ES256'],
  clockSkewMs: 60_000,
  clientClaim: 'sub',
  requiredScopes: [],
};

export const CLAIMS: Readonly<Record<string, unknown>> = {
  iss: 'https://login.corp.example',
  aud: 'anymodel',
  sub: 'alice',
  iat: NOW - 10,
  nbf: NOW - 10,
  exp: NOW + 300,
};

/** Members that are undefined are left out. */
export interface Changes {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export function encoded(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8').toString('base64url');
}

/** A token with these two parts, whatever they are. */
export function signedBy(signer: Pick<Signer, 'alg' | 'privateKey'>, header: string, claims: string): string {
  const text = `${header}.${claims}`;
  const key =
    signer.alg === 'RS256' ? signer.privateKey : ({ key: signer.privateKey, dsaEncoding: 'ieee-p1363' } as const);
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

export function tokenBy(signer: Pick<Signer, 'alg' | 'kid' | 'privateKey'>, { header, claims }: Changes = {}): string {
  const { alg, kid } = signer;
  return signedBy(signer, encoded({ alg, kid, typ: 'JWT', ...header }), encoded({ ...CLAIMS, ...claims }));
}

/** Signed with a secret, which here is whatever an attacker hopes we take for one. */
export function macToken(secret: string | Buffer, header: object): string {
  const text = `${encoded(header)}.${encoded(CLAIMS)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export function judgeBy(set: string, rules: Partial<TokenRules> = {}): Judge {
  const keys: KeySource = fileKeys({ read: () => set, where: '/jwks.json', log: silentLog });
  return tokenJudge({ rules: { ...RULES, ...rules }, keys, clock: new FakeClock(0, NOW * 1000) });
}

export interface RemoteIssuer {
  readonly clock: FakeClock;
  readonly keys: FetchedKeys;
  readonly judge: Judge;
  /** How often it was asked. */
  readonly asked: () => number;
  /** What it answers from now on; an Error is thrown. */
  answer: string | Error;
}

export function remoteIssuer(answer: string | Error): RemoteIssuer {
  const clock = new FakeClock(0, NOW * 1000);
  let asked = 0;
  const issuer = { answer, clock, asked: () => asked };
  const keys = new FetchedKeys({
    url: 'https://login.corp.example/jwks',
    clock,
    log: silentLog,
    fetchText() {
      asked += 1;
      const { answer: now } = issuer;
      return now instanceof Error ? Promise.reject(now) : Promise.resolve(now);
    },
  });
  // A day of waiting must not make the tokens of the test expire.
  return Object.assign(issuer, { keys, judge: tokenJudge({ rules: { ...RULES, clockSkewMs: 1e9 }, keys, clock }) });
}
