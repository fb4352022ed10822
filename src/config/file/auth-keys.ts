// The keys of `auth` and of `limits` (product sheet, section 7): who may use the HTTP server, and how much. What is
// told of a token's issuer follows RFC 7519 and RFC 9068.

import { isLoopbackAddress } from '../../core/host.ts';
import type { JwtAlgorithm } from '../config.ts';
import { httpUrl } from '../settings/parse.ts';
import type { Parsed } from '../settings/parse.ts';
import { described, either, list, mapped, object, placed } from './rules.ts';
import type { Placed, Rule } from './rules.ts';
import { oneOf, parsed, period, share, text, whole } from './values.ts';

export interface LimitsEntry {
  readonly requestsPerMinute?: number;
  readonly concurrency?: number;
  readonly budgetUsdPerDay?: number;
  readonly budgetTokensPerDay?: number;
}

export interface KeyEntry extends LimitsEntry {
  readonly name?: string;
  readonly sha256?: string;
  readonly models?: readonly string[];
}

export interface JwtEntry extends LimitsEntry {
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly jwks?: Placed<string>;
  readonly algorithms?: readonly JwtAlgorithm[];
  readonly clockSkew?: number;
  readonly clientClaim?: string;
  readonly requiredScopes?: readonly string[];
  readonly models?: readonly string[];
}

export interface AuthEntry {
  readonly keys?: readonly Placed<KeyEntry>[];
  readonly jwt?: Placed<JwtEntry>;
}

export const LIMITS: {
  readonly requestsPerMinute: Rule<number>;
  readonly concurrency: Rule<number>;
  readonly budgetUsdPerDay: Rule<number>;
  readonly budgetTokensPerDay: Rule<number>;
} = {
  requestsPerMinute: whole(1, 1e9),
  concurrency: whole(1, 1e6),
  budgetUsdPerDay: share('US dollars, more than 0'),
  budgetTokensPerDay: whole(1, 1e15),
};

/** Of the empty text, which everybody has. */
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What the names of other clients begin with: those of the variable, and those of tokens. */
const RESERVED = /^(?:MCP_API_KEY|jwt:)/;

const models = described('The names it may ask for; absent: all.', list(text('an alias or provider/model')));

const clientKey: Rule<KeyEntry> = object(
  {
    name: described('What it is called in logs and metrics.', parsed('any text of at most 200 characters', clientName)),
    sha256: described('The SHA-256 of the key, in hexadecimal: keys themselves are not kept.', {
      ...parsed('64 hexadecimal digits', sha256, 'hidden'),
      schema: { type: 'string', pattern: '^([0-9A-Fa-f]{64}|.*\\$\\{.*)$' },
    }),
    models,
    ...LIMITS,
  },
  ['name', 'sha256'],
);

const AUDIENCE_FORM = 'an audience, or a list of them';
const audienceText: Rule<readonly string[]> = mapped(text(AUDIENCE_FORM), (one) => [one]);

const jwt: Rule<JwtEntry> = object(
  {
    issuer: described('Who makes the tokens, exactly as their iss says it.', parsed('an https address', secureUrl)),
    audience: described(
      'Whom a token must be meant for, as its aud says it: one of these.',
      either({ string: audienceText, array: list(text('an audience')) }, AUDIENCE_FORM),
    ),
    jwks: described(
      'Where the public keys of the issuer are: a file, or an https address.',
      placed(parsed('the path of a file, or an https address', keySet)),
    ),
    algorithms: described('How tokens may be signed; absent: both.', list(oneOf('RS256', 'ES256'))),
    clockSkew: described(
      'How far clocks may differ; absent: 60 s.',
      mapped(period, (ms, spot, reading) => {
        if (ms <= MOST_SKEW_MS) return ms;
        reading.say(spot, 'is more than 10 minutes', 'up to 600 seconds');
        return undefined;
      }),
    ),
    clientClaim: described('The claim that names the client; absent: sub.', text('the name of a claim')),
    requiredScopes: described('What a token must allow, all of it.', list(parsed('a scope', scope))),
    models,
    ...LIMITS,
  },
  ['issuer', 'audience', 'jwks'],
);

export const AUTH: Rule<AuthEntry> = object({
  keys: described('Keys, each with what it may do.', list(placed(clientKey))),
  jwt: described('Tokens of an identity provider (JWT), besides the keys.', placed(jwt)),
});

const MOST_SKEW_MS = 600_000;

function clientName(written: string): Parsed<string> {
  if (RESERVED.test(written)) return { problem: 'begins as the names of other clients do' };
  return written.length <= 200 ? { value: written } : { problem: 'is too long' };
}

function sha256(written: string): Parsed<string> {
  if (!/^[0-9a-f]{64}$/i.test(written)) return { problem: 'is no SHA-256' };
  const value = written.toLowerCase();
  return value === OF_NOTHING ? { problem: 'is the SHA-256 of an empty key' } : { value };
}

/** Whoever can change what is read on the way could let anybody in. */
function secureUrl(written: string): Parsed<string> {
  const url = httpUrl(written);
  if ('problem' in url) return url;
  const { protocol, hostname, username, password } = new URL(url.value);
  if (username !== '' || password !== '') return { problem: 'has a user in it' };
  if (protocol === 'https:') return url;
  return isLoopbackAddress(hostname) ? url : { problem: 'is not https://' };
}

function keySet(written: string): Parsed<string> {
  return /^https?:/i.test(written) ? secureUrl(written) : { value: written };
}

/** RFC 6749, 3.3. */
function scope(written: string): Parsed<string> {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(written) ? { value: written } : { problem: 'is no scope' };
}
