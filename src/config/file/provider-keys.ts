// Every key of one provider, in the file and in PROVIDER_CONFIG: what it may hold, and what it is for. The one table
// for the checker and for the JSON Schema.

import type { Capabilities } from '../config.ts';
import { apiVersion } from '../settings/parse.ts';
import type { Parse } from '../settings/parse.ts';
import { PROVIDER_TYPES, parseTypeOrName } from '../providers/provider-type.ts';
import type { Resolved } from './reading.ts';
import { described, either, list, mapped, object, placed, record, scalar } from './rules.ts';
import type { Placed, Rule } from './rules.ts';
import { amount, apiKey, flag, id, notServed, parsed, period, proxyUrl, share, text, url, whole } from './values.ts';

/** What a provider's object says; a member is absent where it says nothing. Durations in milliseconds. */
export interface ProviderEntry {
  readonly id?: Placed<string>;
  readonly type?: Placed<string>;
  readonly name?: string;
  readonly baseUrl?: string;
  readonly apiKey?: Resolved;
  readonly apiKeys?: readonly Resolved[];
  readonly apiKeyCommand?: Placed<CommandEntry>;
  readonly apiVersion?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly models?: readonly string[];
  readonly capabilities?: Capabilities;
  readonly rateLimits?: {
    readonly requestsPerMinute?: number;
    readonly tokensPerMinute?: number;
    readonly concurrency?: number;
  };
  readonly priority?: number;
  readonly weight?: number;
  readonly timeout?: {
    readonly connect?: number;
    readonly firstToken?: number;
    readonly idle?: number;
    readonly total?: number;
  };
  readonly healthCheck?: { readonly endpoint?: string; readonly interval?: number };
  readonly proxy?: string;
  readonly tls?: {
    readonly ca?: Placed<string>;
    readonly cert?: Placed<string>;
    readonly key?: Placed<string>;
    readonly serverName?: string;
  };
  readonly socketPath?: Placed<string>;
}

export interface CommandEntry {
  readonly command?: readonly string[];
  readonly ttl?: number;
  readonly timeout?: number;
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Headers that belong to the HTTP client: another value would break the framing. */
const CLIENT_HEADERS: ReadonlySet<string> = new Set(
  'connection content-length host transfer-encoding upgrade'.split(' '),
);

/** In lower case, as HTTP compares them. */
const headerName: Parse<string> = (name) => {
  const lower = name.toLowerCase();
  if (!HEADER_NAME.test(name) || lower === '__proto__') return { problem: 'is not a name of a header in HTTP' };
  return CLIENT_HEADERS.has(lower) ? { problem: 'is set by the HTTP client; leave it out' } : { value: lower };
};

const headerValue: Parse<string> = (value) =>
  /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? { value } : { problem: 'has a character that cannot be sent in a header' };

const anyText = { kinds: ['string'], schema: { type: 'string' }, privacy: 'hidden', mayBeEmpty: true } as const;

const command = list(text('the program and its arguments, each by itself', 'hidden'));
const commandObject: Rule<CommandEntry> = object({ command, ttl: period, timeout: period }, ['command']);
const COMMAND_FORM = 'a list such as ["vault", "read", "…"], or {"command": […], "ttl": "5m", "timeout": "10s"}';

const pem = (what: string): Rule<Placed<string>> =>
  described(what, placed(text('the path of a PEM file, or its text', 'public')));

const FIELDS = {
  id: described('What its models are addressed by, as id/model.', placed(id)),
  type: described(
    'What kind of API it is; absent: told by baseUrl.',
    placed({
      ...parsed(`${Object.keys(PROVIDER_TYPES).join(', ')}, or one that a plug-in adds`, parseTypeOrName),
      schema: { anyOf: [{ enum: Object.keys(PROVIDER_TYPES) }, { type: 'string', minLength: 1 }] },
    }),
  ),
  name: described('For people.', text('any text')),
  baseUrl: described('Where the API is, with or without /v1.', url),
  apiKey: described('Sent with every request; several, parted by commas, take turns.', apiKey),
  apiKeys: described('Keys that take turns.', list(apiKey)),
  apiKeyCommand: described(
    'A program that prints the key, run without a shell, at start and again before its ttl ends.',
    placed(
      either(
        { array: mapped(command, (words): CommandEntry => ({ command: words })), object: commandObject },
        COMMAND_FORM,
      ),
    ),
  ),
  apiVersion: described(
    "Azure's api-version, Anthropic's anthropic-version.",
    parsed('a version such as 2024-10-21 or preview', apiVersion),
  ),
  headers: described(
    'Sent with every request.',
    record(scalar({ ...anyText, accepts: 'the text of a header', parse: headerValue }), headerName),
  ),
  query: described(
    'Added to the address of every request.',
    record(scalar({ ...anyText, accepts: 'text', parse: (value) => ({ value }) })),
  ),
  models: described('Its models; absent: asked of the API.', list(text('the name of a model'))),
  capabilities: described(
    'What it can do; absent: asked of the API, or tried.',
    object({ streaming: flag, tools: flag, reasoning: flag, vision: flag, embeddings: flag }),
  ),
  rateLimits: described(
    'What it may be asked at most.',
    object({ requestsPerMinute: whole(1, 1e9), tokensPerMinute: whole(1, 1e12), concurrency: whole(1, 1e6) }),
  ),
  priority: described('Smaller is asked first.', amount(0, 'a number from 0; smaller is asked first')),
  weight: described('Its share among targets of one priority.', share('a number more than 0')),
  timeout: described(
    'How long each thing may take.',
    object({ connect: period, firstToken: period, idle: period, total: period }),
  ),
  healthCheck: described(
    'Asks it from time to time whether it is there.',
    object({ endpoint: text('a path such as /models'), interval: period }),
  ),
  proxy: described('Instead of what HTTPS_PROXY and its kin say; empty: none.', proxyUrl),
  tls: described(
    'For networks with authorities of their own.',
    object({
      ca: pem('Authorities that are trusted.'),
      cert: pem('Our certificate, for servers that ask for one.'),
      key: described('The private key of cert.', placed(text('the path of a PEM file, or its text', 'hidden'))),
      serverName: described('Checked instead of the host of baseUrl.', text('a host name')),
    }),
  ),
  socketPath: described("A Unix socket to connect to instead of baseUrl's host.", placed(text('a path'))),
  transform: object({ request: notServed, response: notServed }),
};

/** One of `providers`. */
export const PROVIDER: Rule<ProviderEntry> = object(FIELDS, ['id']);

/** The value of PROVIDER_CONFIG: what it does not say, variables do. */
export const PROVIDER_CONFIG: Rule<ProviderEntry> = object(FIELDS);
