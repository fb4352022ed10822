// A client for the MCP handlers without an engine between: asks, keeps what was said, and gives replies as the
// plain JSON they would be on the wire. The catalog it meets has one tool of each sort the server must treat apart.

import type { Catalog, ModelMethods, Tool, ToolContext } from '../../src/catalog/tool.ts';
import { CancelSource } from '../../src/core/context.ts';
import { Fault } from '../../src/core/fault.ts';
import { isObject, RawJson } from '../../src/core/json.ts';
import type { Log } from '../../src/core/log.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import type { RpcContext } from '../../src/rpc/handlers.ts';
import type { Notice } from '../../src/rpc/link.ts';
import type { Arrival, McpOptions } from '../../src/server/context.ts';
import { ChangeFeed } from '../../src/server/changes.ts';
import { mcpServer } from '../../src/server/serve.ts';
import type { McpHandlers } from '../../src/server/serve.ts';
import type { Id } from '../../src/wire/jsonrpc.ts';
import { FakeClock } from './clock.ts';

export const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface AskOptions {
  readonly id?: Id;
  readonly inBatch?: boolean;
  readonly isCrowded?: boolean;
  readonly cancel?: CancelSource;
}

/** A tool that takes anything and answers what `run` says. */
export function toolOf(name: string, run: Tool['run'], more: Partial<Tool> = {}): Tool {
  return {
    name,
    title: `The ${name} tool`,
    description: `Does ${name}.`,
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
    run,
    ...more,
  };
}

export const ECHO: Tool = toolOf(
  'echo',
  async (args) => ({
    content: [{ type: 'text', text: JSON.stringify(args) }],
    structuredContent: args,
    meta: { 'anymodel/model': 'm' },
  }),
  {
    inputSchema: {
      type: 'object',
      properties: { text: { type: 'string' }, max_tokens: { type: 'integer', minimum: 1 } },
      additionalProperties: false,
    },
    outputSchema: { type: 'object', properties: {} },
    meta: { 'anthropic/maxResultSizeChars': 500000 },
  },
);

/** A catalog without anything. */
const NOTHING: Catalog = { tools: [], find: () => undefined, resources: { listed: [], templates: [] }, prompts: [] };

export function catalogOf(...tools: readonly Tool[]): Catalog {
  return { ...NOTHING, tools, find: (name) => tools.find((tool) => tool.name === name) };
}

const DEFAULT_CATALOG = catalogOf(ECHO);

const noMethods: ModelMethods = {
  list: async (params) => ({ models: [], asked: params }),
  complete: async (params) => ({ completion: { values: ['hello'], total: 1, hasMore: false }, asked: params }),
  createCompletion: async (params) => ({ object: 'chat.completion', asked: params }),
};

export class McpClient {
  #jobs = 0;
  readonly clock: FakeClock = new FakeClock();
  /** Notifications sent to the client, parsed, in order. */
  readonly said: Record<string, unknown>[] = [];
  /** The notices among them as they were handed to the engine. */
  readonly notices: Notice[] = [];
  /** What the client was asked, and what it will answer, in order. */
  readonly asked: unknown[] = [];
  readonly answers: unknown[] = [];
  /** Cancelled: the conversation is to end. */
  readonly closing: CancelSource = new CancelSource();
  readonly log: LogLine[] = [];
  readonly feed: ChangeFeed = new ChangeFeed();
  readonly jobs: Jobs = new Jobs({
    clock: this.clock,
    random: { draw: () => 0.5, id: () => `job-${++this.#jobs}` },
    changed: (job) => this.feed.tell({ job }),
  });
  readonly handlers: McpHandlers;
  /** What the notices answer: a promise stands for a client that does not read. */
  room: void | Promise<void> = undefined;

  constructor(options: Partial<McpOptions> = {}, arrival: Arrival = {}) {
    this.handlers = mcpServer({
      catalog: () => DEFAULT_CATALOG,
      methods: noMethods,
      info: { name: 'anymodel-mcp', version: '1.2.3', title: 'Any model' },
      changes: { tools: false, prompts: false, resources: false },
      feed: this.feed,
      jobs: this.jobs,
      progress: 'delta',
      softDeadlineMs: 50_000,
      clock: this.clock,
      random: { draw: () => 0.5, id: () => 'call-1' },
      log: logTo(this.log, {}),
      totalMs: () => 600_000,
      pageSize: 50,
      scrub: (text) => text.replaceAll('s3cret', '[redacted]'),
      ...options,
    })(arrival);
  }

  /** The reply's `{result}` or `{error}`, as JSON. */
  async ask(method: string, params?: unknown, options: AskOptions = {}): Promise<Record<string, unknown>> {
    const request = { kind: 'request' as const, id: options.id ?? 1, method, params };
    const rpc = this.context(options);
    try {
      return { result: plain(await this.handlers.request(request, rpc)) };
    } catch (thrown) {
      return { error: plain(this.handlers.error(Fault.from(thrown), request)) };
    }
  }

  /** The reply to a request with an envelope; `meta` is added to it. */
  modern(method: string, params: object = {}, meta: object = {}): Promise<Record<string, unknown>> {
    return this.ask(method, { ...params, _meta: { ...MODERN, ...meta } });
  }

  /** Shakes hands in that revision. */
  async shake(protocolVersion: string, capabilities: object = {}, name = 'test'): Promise<this> {
    await this.ask('initialize', { protocolVersion, capabilities, clientInfo: { name, version: '0' } });
    return this;
  }

  context({ id = 1, inBatch = false, isCrowded = false, cancel = new CancelSource() }: AskOptions = {}): RpcContext {
    return {
      id,
      inBatch,
      isCrowded,
      cancel,
      notify: (method, params) => {
        this.said.push({ jsonrpc: '2.0', method, params: plain(params) });
        return this.room;
      },
      notice: (notice) => {
        this.notices.push(notice);
        this.said.push(JSON.parse(notice.encode(notice.text, notice.progress)) as Record<string, unknown>);
        return this.room;
      },
      ask: (method, params) => this.#asked(method, params),
      inquire: (method, params) => this.#asked(method, params),
      closing: this.closing,
    };
  }

  #asked(method: string, params: unknown): Promise<unknown> {
    this.asked.push({ method, params: plain(params) });
    const answer = this.answers.shift();
    if (answer === undefined) return Promise.reject(new Fault('cancelled', 'Nobody is there to ask.'));
    return answer instanceof Fault ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

/** A tool that does what the test tells it, as long as the test likes. */
export function heldTool(name = 'hold'): { tool: Tool; context: Promise<ToolContext>; finish: (text: string) => void } {
  let finish: (text: string) => void = () => {};
  let started: (ctx: ToolContext) => void = () => {};
  const context = new Promise<ToolContext>((resolve) => (started = resolve));
  const tool = toolOf(name, (_, ctx) => {
    started(ctx);
    return new Promise((resolve) => {
      finish = (text) => resolve({ content: [{ type: 'text', text }] });
    });
  });
  return { tool, context, finish: (text) => finish(text) };
}

/** The value as the engine would write it. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, member: unknown) =>
    member instanceof RawJson ? (JSON.parse(member.text) as unknown) : member,
  );
  return JSON.parse(text) as unknown;
}

/** A member some levels down; `undefined` where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found) && typeof step === 'number') found = (found as readonly unknown[])[step];
    else found = isObject(found) ? found[step] : undefined;
  }
  return found;
}

function logTo(lines: LogLine[], bound: Readonly<Record<string, unknown>>): Log {
  const write =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      lines.push({ level, message, fields: { ...bound, ...fields } });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => logTo(lines, { ...bound, ...fields }),
  };
}
