// MCP over HTTP without a server: the paths of the gateway on a real engine, asked with exchanges in memory. Tools do
// what the test tells them.

import type { Catalog, Tool, ToolContext } from '../../src/catalog/tool.ts';
import { Secrets } from '../../src/core/secrets.ts';
import { opening } from '../../src/gateway/conversations.ts';
import { mcpFaces } from '../../src/gateway/http/mcp-http.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import { ChangeFeed } from '../../src/server/changes.ts';
import type { HeaderFields } from '../../src/wire/exchange.ts';
import { FakeClock } from './clock.ts';
import { TestExchange } from './exchange.ts';
import { catalogOf, ECHO, MODERN, toolOf } from './mcp.ts';

/** A call that runs until the test ends it. */
export interface Running {
  readonly ctx: ToolContext;
  finish(text: string): void;
}

interface Asked {
  readonly headers?: HeaderFields;
  readonly body?: unknown;
}

const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => quiet,
};

export class McpOverHttp {
  readonly clock: FakeClock = new FakeClock();
  readonly secrets: Secrets = new Secrets();
  readonly feed: ChangeFeed = new ChangeFeed();
  readonly jobs: Jobs;
  /** The owners that are gone for good. */
  readonly left: string[] = [];
  /** Calls of the tool `hold`, by the text of their argument. */
  readonly running: Map<string, Running> = new Map();
  readonly #faces: ReturnType<typeof mcpFaces>;
  #ids = 0;

  constructor(tools: readonly Tool[] = [], client?: string) {
    this.client = client;
    const catalog = catalogOf(ECHO, this.#hold(), ...tools);
    const random = { draw: () => 0.5, id: () => `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}` };
    const { clock, secrets, feed } = this;
    this.jobs = new Jobs({ clock, random, changed: (job) => feed.tell({ job }) });
    const left = (owner: string): void => void this.left.push(owner);
    const means = { clock, random, feed, jobs: this.jobs, left };
    const open = opening(mcpOptions(catalog, means), { clock, log: quiet });
    this.#faces = mcpFaces({ open, catalog: () => catalog, clock, random, secrets, maxBodyBytes: 100_000 });
  }

  /** The key of whoever asks next. */
  client: string | undefined;

  /** Asks, and comes back when nothing more happens by itself. */
  async ask(method: string, path: string, { headers = {}, body }: Asked = {}): Promise<TestExchange> {
    const [plain = path, query = ''] = path.split('?');
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const exchange = new TestExchange({ method, path: plain, headers: { ...json, ...headers }, body });
    for (const [name, value] of new URLSearchParams(query)) exchange.query.set(name, value);
    const face = this.#faces.find((one) => one.path === plain && one.methods.includes(method));
    if (face === undefined) throw new Error(`${method} ${plain} is not served`);
    await Promise.all([face.serve(exchange, this.client === undefined ? {} : { client: this.client }), settled()]);
    return exchange;
  }

  post(body: unknown, headers: HeaderFields = {}): Promise<TestExchange> {
    return this.ask('POST', '/mcp', { headers, body });
  }

  get(headers: HeaderFields = {}): Promise<TestExchange> {
    return this.ask('GET', '/mcp', { headers: { accept: 'text/event-stream', ...headers } });
  }

  /** A session; the headers that say so. */
  async session(revision = '2025-11-25'): Promise<Record<string, string>> {
    const opened = await this.post(initialize(revision));
    const id = opened.headers['mcp-session-id'];
    if (id === undefined) throw new Error(`no session: ${opened.text}`);
    return { 'mcp-session-id': id, 'mcp-protocol-version': revision };
  }

  drain(): void {
    for (const face of this.#faces) face.drain?.();
  }

  #hold(): Tool {
    return toolOf('hold', (args, ctx) => {
      return new Promise((resolve, reject) => {
        const finish = (text: string): void => resolve({ content: [{ type: 'text', text }] });
        this.running.set(typeof args['text'] === 'string' ? args['text'] : '', { ctx, finish });
        ctx.cancel.onCancel(reject);
      });
    });
  }
}

type Means = Pick<Parameters<typeof opening>[0], 'clock' | 'random' | 'feed' | 'jobs' | 'left'>;

function mcpOptions(catalog: Catalog, means: Means): Parameters<typeof opening>[0] {
  return {
    ...means,
    catalog: () => catalog,
    methods: {
      list: async () => ({ models: [] }),
      complete: async () => ({}),
      createCompletion: async () => ({}),
    },
    info: { name: 'anymodel-mcp', version: '1.2.3' },
    changes: { tools: true, prompts: true, resources: true },
    progress: 'delta',
    log: quiet,
    totalMs: () => 600_000,
    softDeadlineMs: 50_000,
    pageSize: 50,
    scrub: (text) => text,
  };
}

/** When everything that was started and waits for nothing has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function initialize(protocolVersion: string): object {
  return { jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion, capabilities: {} } };
}

export function request(id: string | number, method: string, params?: object): object {
  return { jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) };
}

/** A call of the tool that runs until the test ends it. */
export function hold(id: number, text: string, more: object = {}): object {
  return request(id, 'tools/call', { name: 'hold', arguments: { text }, ...more });
}

/** A request that stands alone, and the headers that belong to it. */
export function alone(
  id: number,
  method: string,
  params: Record<string, unknown> = {},
): { body: object; headers: Record<string, string> } {
  const name = params['name'] ?? params['uri'];
  return {
    body: request(id, method, { ...params, _meta: { ...MODERN, ...Object(params['_meta']) } }),
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
  };
}

export interface SentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly retry?: string;
  readonly data?: string;
}

/** The events of a body, by their fields. */
export function eventsOf(text: string): SentEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) =>
      Object.fromEntries(
        block.split('\n').map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
        }),
      ),
    );
}

/** The messages of a body, in order. */
export function messagesOf(text: string): Record<string, unknown>[] {
  return eventsOf(text)
    .filter(({ event }) => event === 'message')
    .map(({ data = '' }) => JSON.parse(data) as Record<string, unknown>);
}
