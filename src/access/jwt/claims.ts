// What a token says, judged: who made it, for whom, from when to when, who its bearer is and what it allows. Its
// signature has been checked. Pure; told the time.
// Follows RFC 7519, 4.1; RFC 9068, 4; RFC 8693, 4.2 (scope).

/** Whose tokens are taken, and which of them. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly clockSkewMs: number;
  readonly clientClaim: string;
  readonly requiredScopes: readonly string[];
}

/** `problem` is a sentence for the bearer. */
export type Judged =
  | { readonly client: string }
  | { readonly problem: string }
  | { readonly lacksScope: true }
  /** The keys to check it with are not at hand. */
  | { readonly unavailable: true };

type Claims = Readonly<Record<string, unknown>>;

/** `wall`: milliseconds since the epoch. */
export function judgeClaims(claims: Claims, rules: TokenRules, wall: number): Judged {
  const problem = claims['iss'] === rules.issuer ? timeProblem(claims, rules.clockSkewMs, wall) : OTHER_ISSUER;
  if (problem !== undefined) return { problem };
  if (!textsIn(claims['aud']).some((one) => rules.audience.includes(one))) return { problem: OTHER_AUDIENCE };
  const client = claims[rules.clientClaim];
  if (!isName(client)) return { problem: 'The token does not say who its bearer is.' };
  const scopes = new Set(['scope', 'scp'].flatMap((name) => scopesIn(claims[name])));
  return rules.requiredScopes.every((scope) => scopes.has(scope)) ? { client } : { lacksScope: true };
}

const OTHER_ISSUER = 'The token was made by another issuer.';
const OTHER_AUDIENCE = 'The token is meant for another server.';

function timeProblem({ exp, nbf, iat }: Claims, skewMs: number, wall: number): string | undefined {
  const now = wall / 1000;
  const skew = skewMs / 1000;
  if (!isInstant(exp)) return 'The token does not say when it expires.';
  if (now >= exp + skew) return 'The token has expired.';
  for (const from of [nbf, iat]) {
    if (from === undefined) continue;
    if (!isInstant(from) || now < from - skew) return 'The token is not valid yet.';
  }
  return undefined;
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** It goes into logs and the names of counts. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(value);
}

/** One text, or a list of nothing but texts. */
function textsIn(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = all.filter((one) => typeof one === 'string');
  return texts.length === all.length ? texts : [];
}

function scopesIn(value: unknown): readonly string[] {
  return textsIn(value).flatMap((text) => text.split(' '));
}
