// What every line of ours must be, whatever a transcript expects: one JSON-RPC message that the official
// schema of its revision accepts. It follows the conversation from outside: the revision comes from the
// client's envelope or from the handshake's answer, the kind of a result from the request it answers.

import { isObject } from '../../src/core/json.ts';
import { MODERN } from './official-schema.ts';
import type { SchemaCheck } from './official-schema.ts';

/** Before a handshake our own methods answer in the shapes of this revision (MCP.md 3.5). */
const UNSPOKEN = '2025-11-25';
const CLAIM = 'io.modelcontextprotocol/protocolVersion';

/** Method -> the definition its result must match; ours beyond the specification are any `Result`. */
const RESULTS: Readonly<Record<string, string>> = {
  initialize: 'InitializeResult',
  ping: 'EmptyResult',
  'server/discover': 'DiscoverResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
  callTool: 'CallToolResult',
  'completion/complete': 'CompleteResult',
  'logging/setLevel': 'EmptyResult',
  'resources/list': 'ListResourcesResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/read': 'ReadResourceResult',
  'resources/subscribe': 'EmptyResult',
  'resources/unsubscribe': 'EmptyResult',
  'prompts/list': 'ListPromptsResult',
  'prompts/get': 'GetPromptResult',
  'subscriptions/listen': 'SubscriptionsListenResult',
};

/**
 * The same for the first form of tasks; the extension, which took its place, has no schema of its own. What is a task and a
 * result in one is held against the task: closed, as ours are, each half would refuse the other.
 */
const TASK_RESULTS: Readonly<Record<string, string>> = {
  'tasks/get': 'Task',
  'tasks/list': 'ListTasksResult',
  'tasks/cancel': 'Task',
  'tasks/result': 'CallToolResult',
};

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

const NOTIFICATIONS: Readonly<Record<string, string>> = {
  'notifications/progress': 'ProgressNotification',
  'notifications/message': 'LoggingMessageNotification',
  [ACKNOWLEDGED]: 'SubscriptionsAcknowledgedNotification',
  'notifications/tools/list_changed': 'ToolListChangedNotification',
  'notifications/prompts/list_changed': 'PromptListChangedNotification',
  'notifications/resources/list_changed': 'ResourceListChangedNotification',
  'notifications/resources/updated': 'ResourceUpdatedNotification',
};

/** Requests of ours, where a revision has such. */
const REQUESTS: Readonly<Record<string, string>> = {
  'elicitation/create': 'ElicitRequest',
  'sampling/createMessage': 'CreateMessageRequest',
  'roots/list': 'ListRootsRequest',
};

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

interface Asked {
  readonly definition: string;
  readonly modern: boolean;
  /** A server without tasks answers what was to be one as any other call. */
  readonly mayBeTask: boolean;
}

export class WireCheck {
  readonly #check: SchemaCheck;
  readonly #asked = new Map<string, Asked>();
  /** Progress tokens of modern requests. */
  readonly #modernTokens = new Set<string>();
  #unended = '';
  #negotiated = UNSPOKEN;
  #lastWasModern = false;

  constructor(check: SchemaCheck) {
    this.#check = check;
  }

  /** Takes note of what the client sent. */
  sent(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    for (const one of Array.isArray(message) ? message : [message]) this.#note(one);
  }

  /** The same for bytes that the transcript writes itself, cut anywhere. */
  wrote(bytes: Buffer): void {
    const lines = (this.#unended + bytes.toString('utf8')).split('\n');
    this.#unended = lines.at(-1) ?? '';
    for (const line of lines) this.sent(line.replace(/^\ufeff/, ''));
  }

  /** What is wrong with a message of ours, or nothing. */
  heard(message: unknown): string | undefined {
    if (Array.isArray(message)) {
      if (message.length === 0) return 'an empty batch';
      return message.map((one) => this.#one(one)).find((problem) => problem !== undefined);
    }
    return this.#one(message);
  }

  #note(message: unknown): void {
    if (!isObject(message) || typeof message['method'] !== 'string') return;
    const params = isObject(message['params']) ? message['params'] : {};
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    const modern = CLAIM in meta;
    if (modern) this.#modernTokens.add(JSON.stringify(meta['progressToken']));
    const extension = message['method'] === 'completion/complete' && !('ref' in params);
    const ofTasks = modern ? undefined : TASK_RESULTS[message['method']];
    const definition = extension ? 'Result' : (ofTasks ?? RESULTS[message['method']] ?? 'Result');
    this.#asked.set(JSON.stringify(message['id']), { definition, modern, mayBeTask: !modern && 'task' in params });
    this.#lastWasModern = modern;
  }

  #one(message: unknown): string | undefined {
    if (!isObject(message) || message['jsonrpc'] !== '2.0') return 'not a JSON-RPC 2.0 message';
    if (typeof message['method'] === 'string') return this.#notification(message, message['method']);
    const asked = this.#asked.get(JSON.stringify(message['id']));
    const revision = asked?.modern === true ? MODERN : this.#negotiated;
    if ('error' in message) return this.#error(message, revision);
    if (asked === undefined) return 'an answer to nothing that was asked';
    const { result } = message;
    if (asked.definition === 'InitializeResult' && isObject(result))
      this.#negotiated = String(result['protocolVersion']);
    const spoken = asked.modern ? MODERN : this.#negotiated;
    const envelope = spoken < '2025-11-25' ? 'JSONRPCResponse' : 'JSONRPCResultResponse';
    const isQuestion = asked.modern && isObject(result) && result['resultType'] === 'input_required';
    const isTask = asked.modern && isObject(result) && result['resultType'] === 'task';
    const isHandle = asked.mayBeTask && isObject(result) && 'task' in result;
    const other = isQuestion ? 'InputRequiredResult' : isHandle ? 'CreateTaskResult' : isTask ? 'Result' : undefined;
    const definition = other ?? asked.definition;
    return this.#check(spoken, envelope, message) ?? this.#check(spoken, definition, result);
  }

  #error(message: Record<string, unknown>, revision: string): string | undefined {
    const definition = revision < '2025-11-25' ? 'JSONRPCError' : 'JSONRPCErrorResponse';
    const { id } = message;
    if (typeof id === 'string' || Number.isInteger(id)) return this.#check(revision, definition, message);
    if (id !== null && typeof id !== 'number') return `no id can be ${JSON.stringify(id)}`;
    // `id: null` is JSON-RPC's answer to what could not be read, and a fraction comes back as it was sent
    // (MCP.md 3.3, 3.9); the schemas know neither.
    return this.#check(revision, definition, { ...message, id: 0 });
  }

  #notification(message: Record<string, unknown>, method: string): string | undefined {
    if ('id' in message) return this.#request(message, method);
    const params = isObject(message['params']) ? message['params'] : {};
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    if (method === 'notifications/tasks/status') return this.#check(this.#negotiated, 'Task', params);
    if (method === 'notifications/tasks') return SUBSCRIPTION in meta ? undefined : 'a task is told of to no stream';
    const definition = NOTIFICATIONS[method];
    if (definition === undefined) return `a notification no revision defines here: ${method}`;
    const modern =
      method === 'notifications/progress'
        ? this.#modernTokens.has(JSON.stringify(params['progressToken']))
        : method === 'notifications/message'
          ? this.#lastWasModern
          : SUBSCRIPTION in meta;
    const known = method === ACKNOWLEDGED ? { ...message, params: withoutTasks(params) } : message;
    return this.#check(modern ? MODERN : this.#negotiated, definition, known);
  }

  #request(message: Record<string, unknown>, method: string): string | undefined {
    const definition = REQUESTS[method];
    if (definition === undefined) return `a request no revision defines here: ${method}`;
    if (this.#negotiated === UNSPOKEN && this.#lastWasModern) return 'a request to a client without a handshake';
    // Older schemas define requests apart from what makes them messages.
    const { id: _id, ...bare } = message;
    const request = this.#negotiated < '2025-11-25' ? bare : message;
    return (
      this.#check(this.#negotiated, 'JSONRPCRequest', message) ?? this.#check(this.#negotiated, definition, request)
    );
  }
}

/** The member of an acknowledgement that the extension adds to those of the schema. */
function withoutTasks(params: Record<string, unknown>): Record<string, unknown> {
  const { notifications } = params;
  if (!isObject(notifications)) return params;
  const { taskIds: _, ...rest } = notifications;
  return { ...params, notifications: rest };
}
