// `params._meta` of a request: the envelope in which a request without handshake says which revision it
// speaks and who sends it, and the progress token. One key alone, the protocol version, is the claim.
// Follows MCP 2026-07-28, basic (`_meta`), in the order of validation of its transports page.

import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import { isLoggingLevel, LEVEL_NAMES } from './levels.ts';
import type { ClientInfo, Peer } from './peer.ts';
import { revisionOf, SUPPORTED_DATES } from './revisions.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT = 'io.modelcontextprotocol/clientInfo';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

export type Meta = Readonly<Record<string, unknown>>;

/** Names the call that progress notices belong to; echoed in its own type, so `0` and `""` are tokens. */
export type ProgressToken = string | number;

/** The `_meta` of a request or notification; `undefined` when there is none that could be read. */
export function metaOf(params: unknown): Meta | undefined {
  if (!isObject(params)) return undefined;
  const meta = params['_meta'];
  return isObject(meta) ? meta : undefined;
}

/** Whether the message claims to need no handshake. Any value of the key is a claim, a wrong one too. */
export function isClaim(meta: Meta | undefined): meta is Meta {
  return meta !== undefined && Object.hasOwn(meta, VERSION);
}

/** The revision a claim names, whatever it is. */
export function claimOf(meta: Meta | undefined): unknown {
  return meta?.[VERSION];
}

/** The peer an envelope describes. Throws `invalid-envelope` naming the key, or `unsupported-revision`. */
export function readEnvelope(meta: Meta): Peer {
  const date = meta[VERSION];
  if (typeof date !== 'string') throw malformed(VERSION, 'must be a string');
  const capabilities = meta[CAPABILITIES];
  if (!isObject(capabilities)) throw malformed(CAPABILITIES, 'must be an object, which may be empty');
  const client = readClient(meta);
  const logLevel = meta[LOG_LEVEL];
  if (logLevel !== undefined && !isLoggingLevel(logLevel)) throw malformed(LOG_LEVEL, `must be one of ${LEVEL_NAMES}`);
  const token = meta['progressToken'];
  if (token !== undefined && token !== null && !isToken(token)) {
    throw malformed('progressToken', 'must be a string or an integer');
  }
  const revision = revisionOf(date, 'per request');
  if (revision === undefined) throw unsupported(date);
  return { revision, client, capabilities, logLevel, introduced: true };
}

/** The progress token a request carries; one of another type counts as none. */
export function progressTokenOf(meta: Meta | undefined): ProgressToken | undefined {
  const token = meta?.['progressToken'];
  return isToken(token) ? token : undefined;
}

/** What `value` says of a client, if it says it in the right types. */
export function clientInfoOf(value: unknown): ClientInfo | undefined {
  if (!isObject(value)) return undefined;
  const { name, version } = value;
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
}

function readClient(meta: Meta): ClientInfo | undefined {
  if (meta[CLIENT] === undefined) return undefined;
  const client = clientInfoOf(meta[CLIENT]);
  if (client === undefined) throw malformed(CLIENT, 'must be an object with the strings name and version');
  return client;
}

function isToken(value: unknown): value is ProgressToken {
  return typeof value === 'string' || Number.isInteger(value);
}

function malformed(key: string, rule: string): Fault {
  return new Fault('invalid-envelope', `Invalid _meta: "${key}" ${rule}.`, { data: { wire: { key } } });
}

function unsupported(requested: string): Fault {
  return new Fault('unsupported-revision', 'Unsupported protocol version.', {
    data: { wire: { supported: SUPPORTED_DATES, requested } },
  });
}
