// The params of each method: what a handler is given, and the reader that makes it of what was sent. A reader
// throws `invalid-params` on what the specification does not allow and lets through what it does not mention.
// Follows MCP schema.ts of each revision; where clients are known to differ, the lenient reading.

import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { clientInfoOf } from './envelope.ts';
import { isLoggingLevel, LEVEL_NAMES } from './levels.ts';
import type { LoggingLevel } from './levels.ts';
import type { ClientInfo } from './peer.ts';

export interface InitializeParams {
  readonly protocolVersion: string;
  readonly client: ClientInfo | undefined;
  readonly capabilities: Readonly<Record<string, unknown>>;
}

export interface ListParams {
  readonly cursor: string | undefined;
}

export interface CallParams {
  readonly name: string;
  readonly arguments: JsonObject;
}

export interface SetLevelParams {
  readonly level: LoggingLevel;
}

/** Params as an object; absent ones are an empty object. */
export function paramsObject(params: unknown): JsonObject {
  if (params === undefined) return {};
  if (!isJsonObject(params)) throw invalid('params must be an object');
  return params;
}

export function readNothing(): undefined {
  return undefined;
}

export function readInitialize(params: JsonObject): InitializeParams {
  const { protocolVersion, clientInfo, capabilities } = params;
  if (typeof protocolVersion !== 'string') throw invalid('protocolVersion must be a string');
  // Clients that leave out who they are or what they can do, or say it oddly, are served all the same.
  return {
    protocolVersion,
    client: clientInfoOf(clientInfo),
    capabilities: isObject(capabilities) ? capabilities : {},
  };
}

export function readList(params: JsonObject): ListParams {
  return { cursor: readCursor(params) };
}

export function readCall(params: JsonObject): CallParams {
  const { name } = params;
  if (typeof name !== 'string') throw invalid('name must be a string');
  const given = params['arguments'] ?? {};
  if (!isJsonObject(given)) throw invalid('arguments must be an object');
  return { name, arguments: given };
}

export function readSetLevel(params: JsonObject): SetLevelParams {
  const { level } = params;
  if (!isLoggingLevel(level)) throw invalid(`level must be one of ${LEVEL_NAMES}`);
  return { level };
}

/** Params of a method that checks them itself: all of them but the envelope. */
export function readOwn(params: JsonObject): JsonObject {
  if (!Object.hasOwn(params, '_meta')) return params;
  const { _meta: _, ...own } = params;
  return own;
}

/** The same for a list of ours, with a cursor that is null taken as absent. */
export function readOwnList(params: JsonObject): JsonObject {
  const { cursor: _, ...rest } = readOwn(params);
  const cursor = readCursor(params);
  return cursor === undefined ? rest : { ...rest, cursor };
}

function readCursor({ cursor }: JsonObject): string | undefined {
  if (cursor === undefined || cursor === null) return undefined;
  if (typeof cursor !== 'string') throw invalid('cursor must be a string');
  return cursor;
}

/** What came off the wire was parsed from JSON, so an object of it holds JSON all the way down. */
function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

function invalid(rule: string): Fault {
  return new Fault('invalid-params', `Invalid params: ${rule}.`);
}
