// The params of each method: what a handler is given, and the reader that makes it of what was sent. A reader
// throws `invalid-params` on what the specification does not allow and lets through what it does not mention.
// Follows MCP schema.ts of each revision; where clients are known to differ, the lenient reading.

import { Fault } from '../core/fault.ts';
import { isLargerThan, isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { clientInfoOf } from './envelope.ts';
import { isLoggingLevel, LEVEL_NAMES } from './levels.ts';
import type { LoggingLevel } from './levels.ts';
import type { ClientInfo } from './peer.ts';

/** Of what asks for a stream, which is in memory for as long as the stream is there. */
const MAX_LISTEN_CHARS = 65_536;

/** Of what a client says of itself, which is kept for as long as it is there; more counts as not said. */
const MAX_INTRODUCTION_CHARS = 65_536;

/** Of an address, which may be kept for as long as its client is there. */
const MAX_URI_CHARS = 2048;

export interface InitializeParams {
  readonly protocolVersion: string;
  readonly client: ClientInfo | undefined;
  readonly capabilities: Readonly<Record<string, unknown>>;
}

export interface ListParams {
  readonly cursor: string | undefined;
}

/** What a client that calls again brings: answers to what it was asked, and the state it was given with the questions. */
export interface Answers {
  readonly inputResponses?: JsonObject;
  readonly requestState?: string;
}

export interface CallParams {
  readonly name: string;
  readonly arguments: JsonObject;
  readonly answers: Answers;
  /** Whether the client asks for a task, in the form of tasks in which it is asked for. */
  readonly asTask: boolean;
  /** How long the client wants it kept. */
  readonly ttlMs: number | undefined;
}

export interface TaskParams {
  readonly taskId: string;
}

export interface UpdateTaskParams extends TaskParams {
  readonly inputResponses: Readonly<Record<string, JsonObject>>;
}

export interface GetPromptParams {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly answers: Answers;
}

export interface ReadResourceParams {
  readonly uri: string;
  readonly answers: Answers;
}

export interface CompleteParams {
  readonly ref: { readonly prompt: string } | { readonly template: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** The other arguments, as far as they are filled in. */
  readonly given: Readonly<Record<string, string>>;
}

/** What a listener wants to hear of. */
export interface ListenParams {
  readonly toolsListChanged: boolean;
  readonly promptsListChanged: boolean;
  readonly resourcesListChanged: boolean;
  readonly resourceSubscriptions: readonly string[];
  readonly taskIds: readonly string[];
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
  const client = clientInfoOf(clientInfo);
  if (isLargerThan([client, capabilities], MAX_INTRODUCTION_CHARS)) {
    return { protocolVersion, client: undefined, capabilities: {} };
  }
  return { protocolVersion, client, capabilities: isObject(capabilities) ? capabilities : {} };
}

export function readList(params: JsonObject): ListParams {
  return { cursor: readCursor(params) };
}

export function readCall(params: JsonObject): CallParams {
  const { name } = params;
  if (typeof name !== 'string') throw invalid('name must be a string');
  const given = params['arguments'] ?? {};
  if (!isJsonObject(given)) throw invalid('arguments must be an object');
  const { task } = params;
  return { name, arguments: given, answers: readAnswers(params), asTask: isObject(task), ttlMs: ttlOf(task) };
}

/** Of a task that is asked for. Where there are no tasks the member means nothing, so it is never refused. */
function ttlOf(task: unknown): number | undefined {
  const ttl = isObject(task) ? task['ttl'] : undefined;
  return typeof ttl === 'number' ? ttl : undefined;
}

/** Only the newest revision has them; to the others these are members nobody knows, and are let through. */
function readAnswers({ inputResponses, requestState }: JsonObject): Answers {
  return {
    ...(isJsonObject(inputResponses) ? { inputResponses } : {}),
    ...(typeof requestState === 'string' ? { requestState } : {}),
  };
}

export function readGetPrompt(params: JsonObject): GetPromptParams {
  const { name } = params;
  if (typeof name !== 'string') throw invalid('name must be a string');
  return { name, arguments: readStrings(params['arguments'], 'arguments'), answers: readAnswers(params) };
}

export function readReadResource(params: JsonObject): ReadResourceParams {
  return { uri: readUri(params), answers: readAnswers(params) };
}

export function readUri({ uri }: JsonObject): string {
  if (typeof uri !== 'string') throw invalid('uri must be a string');
  if (uri.length > MAX_URI_CHARS) throw invalid(`uri may have ${MAX_URI_CHARS} characters at most`);
  return uri;
}

export function readComplete({ ref, argument, context }: JsonObject): CompleteParams {
  if (!isObject(argument) || typeof argument['name'] !== 'string' || typeof argument['value'] !== 'string') {
    throw invalid('argument must be an object with the strings name and value');
  }
  const given = readStrings(isObject(context) ? context['arguments'] : undefined, 'context.arguments');
  return { ref: readRef(ref), argument: { name: argument['name'], value: argument['value'] }, given };
}

function readRef(ref: unknown): CompleteParams['ref'] {
  if (isObject(ref)) {
    const { type, name, uri } = ref;
    if (type === 'ref/prompt' && typeof name === 'string') return { prompt: name };
    if (type === 'ref/resource' && typeof uri === 'string') return { template: uri };
  }
  throw invalid('ref must be {"type":"ref/prompt","name":…} or {"type":"ref/resource","uri":…}');
}

export function readTask({ taskId }: JsonObject): TaskParams {
  if (typeof taskId !== 'string') throw invalid('taskId must be a string');
  return { taskId };
}

export function readUpdateTask(params: JsonObject): UpdateTaskParams {
  const { inputResponses } = params;
  if (!isObject(inputResponses)) throw invalid('inputResponses must be an object');
  const answers = Object.entries(inputResponses).filter((entry): entry is [string, JsonObject] =>
    isJsonObject(entry[1]),
  );
  return { ...readTask(params), inputResponses: Object.fromEntries(answers) };
}

export function readListen(params: JsonObject): ListenParams {
  if (isLargerThan(params, MAX_LISTEN_CHARS)) throw invalid(`they may have ${MAX_LISTEN_CHARS} characters at most`);
  const { notifications } = params;
  if (!isObject(notifications)) throw invalid('notifications must be an object');
  const wants = (name: string): boolean => {
    const value = notifications[name] ?? false;
    if (typeof value !== 'boolean') throw invalid(`notifications.${name} must be true or false`);
    return value;
  };
  const strings = (name: string): readonly string[] => {
    const list = notifications[name] ?? [];
    if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list;
    throw invalid(`notifications.${name} must be a list of strings`);
  };
  return {
    toolsListChanged: wants('toolsListChanged'),
    promptsListChanged: wants('promptsListChanged'),
    resourcesListChanged: wants('resourcesListChanged'),
    resourceSubscriptions: strings('resourceSubscriptions').map((uri) => readUri({ uri })),
    taskIds: strings('taskIds'),
  };
}

function readStrings(value: unknown, what: string): Readonly<Record<string, string>> {
  const given = value ?? {};
  if (!isObject(given)) throw invalid(`${what} must be an object`);
  const strings: Record<string, string> = {};
  for (const [name, text] of Object.entries(given)) {
    if (typeof text !== 'string') throw invalid(`${what}.${name} must be a string`);
    strings[name] = text;
  }
  return strings;
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
