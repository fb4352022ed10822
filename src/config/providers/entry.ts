// PROVIDER_CONFIG: a JSON object with the keys of one provider, checked whole. A key that is unknown, or that
// this version does not serve, is a problem and never ignored. Values that may be secret are never quoted.

import { isObject, parseJson, present } from '../../core/json.ts';
import { check } from '../../core/schema.ts';
import type { ObjectSchema, Schema } from '../../core/schema.ts';
import type { Capabilities } from '../config.ts';
import { apiVersion, duration, httpUrl } from '../parse.ts';
import type { Parse, Parsed } from '../parse.ts';
import { isId } from './provider-type.ts';

/** What PROVIDER_CONFIG says; a member is absent where it says nothing. */
export interface Entry {
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly baseUrl?: string;
  readonly apiKeys?: readonly string[];
  readonly apiVersion?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly models?: readonly string[];
  readonly capabilities?: Capabilities;
  readonly timeoutMs?: Readonly<Partial<Record<Clock, number>>>;
}

type Clock = 'connect' | 'firstToken' | 'idle' | 'total';

const word: Schema = { type: 'string', minLength: 1 };
const words: Schema = { type: 'array', minItems: 1, items: word };
const flag: Schema = { type: 'boolean' };

const ENTRY: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: word,
    type: word,
    name: word,
    baseUrl: word,
    apiKey: word,
    apiKeys: words,
    apiVersion: word,
    headers: { type: 'object' },
    query: { type: 'object' },
    models: words,
    capabilities: {
      type: 'object',
      additionalProperties: false,
      properties: { streaming: flag, tools: flag, reasoning: flag, vision: flag, embeddings: flag },
    },
    timeout: {
      type: 'object',
      additionalProperties: false,
      properties: { connect: {}, firstToken: {}, idle: {}, total: {} },
    },
  },
};

/** Keys a provider can have in the product, but not yet in this version. */
const NOT_SERVED: ReadonlySet<string> = new Set(
  'apiKeyCommand healthCheck priority proxy rateLimits tls transform weight'.split(' '),
);

const MAY_BE_SECRET = /^(?:apiKeys?|headers|query|baseUrl)\b/;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Headers that belong to the HTTP client: another value would break the framing. */
const CLIENT_HEADERS: ReadonlySet<string> = new Set(
  'connection content-length host transfer-encoding upgrade'.split(' '),
);

/** How the values are judged that are not judged by themselves, and where problems go. */
export interface Judging {
  readonly parseType: Parse<string>;
  /** Told each problem as a clause that begins with its path. */
  readonly say: Say;
}

type Say = (problem: string) => void;

/** The entry as far as it is right. */
export function readEntry(text: string, { parseType, say }: Judging): Entry {
  const json = parseJson(text);
  if (!isObject(json)) {
    say(json === undefined ? 'is not valid JSON (mind the quotes of the shell)' : 'is not a JSON object');
    return {};
  }
  const served = Object.entries(json).filter(([key]) => {
    const isServed = !NOT_SERVED.has(key);
    if (!isServed) say(`${key} is not served by this version; leave it out`);
    return isServed;
  });
  const entry = Object.fromEntries(served);
  const problems = check(ENTRY, entry);
  for (const { path, message } of problems) {
    // What was found instead is quoted at the end of the message, and could be a key.
    say(`${path} ${MAY_BE_SECRET.test(path) ? message.replace(/, not [^]*$/, '') : message}`);
  }
  refuseReferences(entry, '', say);
  // Keys are given back from a faulty entry too: they are registered as secrets before the problems are shown.
  return problems.length > 0 ? keysOf(entry) : valuesOf(entry, { parseType, say });
}

function keysOf({ apiKey, apiKeys }: Record<string, unknown>): Pick<Entry, 'apiKeys'> {
  if (typeof apiKey === 'string') return { apiKeys: [apiKey] };
  return Array.isArray(apiKeys) ? { apiKeys: apiKeys.filter((key) => typeof key === 'string') } : {};
}

function valuesOf(entry: Record<string, unknown>, { parseType, say }: Judging): Entry {
  const { id, name, apiKey, apiKeys, headers, query, models, capabilities, timeout } = entry;
  if (apiKey !== undefined && apiKeys !== undefined) say('apiKey and apiKeys are both set; give one of them');
  const keys = keysOf(entry);
  if (keys.apiKeys?.some((key) => !/^[\x21-\x7e]+$/.test(key)) === true) {
    say('apiKey has a blank, a line break or a letter that cannot be sent');
  }
  return present({
    ...keys,
    id: typeof id === 'string' && idIsFit(id, say) ? id : undefined,
    type: parsed('type', entry['type'], parseType, say),
    name: typeof name === 'string' ? name : undefined,
    baseUrl: parsed('baseUrl', entry['baseUrl'], httpUrl, say),
    apiVersion: parsed('apiVersion', entry['apiVersion'], apiVersion, say),
    headers: isObject(headers) ? headersOf(headers, say) : undefined,
    query: isObject(query) ? stringsOf('query', query, say) : undefined,
    models: isStrings(models) ? models : undefined,
    capabilities: isObject(capabilities) ? { ...capabilities } : undefined,
    timeoutMs: isObject(timeout) ? clocksOf(timeout, say) : undefined,
  });
}

function idIsFit(id: string, say: Say): boolean {
  const fit = isId(id);
  if (!fit) say('id must be at most 64 letters, digits, ".", "_" and "-"');
  return fit;
}

function parsed<T>(key: string, value: unknown, parse: Parse<T>, say: Say): T | undefined {
  if (value === undefined) return undefined;
  const result: Parsed<T> = typeof value === 'string' ? parse(value) : { problem: 'is neither a string nor a number' };
  if ('value' in result) return result.value;
  say(`${key} ${result.problem}`);
  return undefined;
}

/** Names in lower case, as HTTP compares them. */
function headersOf(headers: Record<string, unknown>, say: Say): Record<string, string> {
  const fit: [string, string][] = [];
  for (const [name, value] of Object.entries(stringsOf('headers', headers, say))) {
    const lower = name.toLowerCase();
    if (!HEADER_NAME.test(name))
      say(`headers has a name that is not one of HTTP: ${JSON.stringify(name.slice(0, 40))}`);
    else if (CLIENT_HEADERS.has(lower)) say(`headers.${name} is set by the HTTP client; leave it out`);
    else if (!HEADER_VALUE.test(value)) say(`headers.${name} has a character that cannot be sent in a header`);
    else fit.push([lower, value]);
  }
  return Object.fromEntries(fit);
}

function stringsOf(path: string, map: Record<string, unknown>, say: Say): Record<string, string> {
  const fit: [string, string][] = [];
  for (const [name, value] of Object.entries(map)) {
    if (typeof value === 'string') fit.push([name, value]);
    else say(`${path}.${name} must be a string`);
  }
  return Object.fromEntries(fit);
}

function clocksOf(timeout: Record<string, unknown>, say: Say): Partial<Record<Clock, number>> {
  const clocks: Partial<Record<Clock, number>> = {};
  for (const clock of ['connect', 'firstToken', 'idle', 'total'] as const) {
    const value = timeout[clock];
    if (value === undefined) continue;
    const ms = parsed(`timeout.${clock}`, typeof value === 'number' ? `${value}` : value, duration, say);
    if (ms !== undefined) clocks[clock] = ms;
  }
  return clocks;
}

/** References belong to the configuration file; sent as they stand they would only fail upstream. */
function refuseReferences(value: unknown, path: string, say: Say): void {
  if (typeof value === 'string') {
    if (value.includes('${')) say(`${path} holds a reference, \${…}, which this version does not resolve`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value))
      refuseReferences(member, path === '' ? key : `${path}.${key}`, say);
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
