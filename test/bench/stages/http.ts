// MCP over HTTP at 64 connections that stay, beside the least code over node:http and the official SDK: how many requests a
// second, and the CPU each costs. Every request stands alone, as behind a load balancer; without a key, as the others have
// none, and once with one.

import { isObject } from '../../../src/core/json.ts';
import { cpuUs } from '../process-facts.ts';
import { interleave } from '../rounds.ts';
import type { Bench, Measures } from '../rounds.ts';
import { closedLoop, connected, requestBytes } from '../http-load.ts';
import type { Caller } from '../http-load.ts';
import { serve } from '../served.ts';
import type { Served } from '../served.ts';
import type { Subject } from '../subjects.ts';

const CONNECTIONS = 64;
const BLOCK_MS = 400;
/** What is compared is compiled code, and V8 takes tens of thousands of requests to compile it. */
const WARM_UP_MS = 4000;
const KEY = 'key-of-the-bench-alone';

const CHAT = { name: 'chat', arguments: { model: 'm', messages: [{ role: 'user', content: 'Say something short.' }] } };
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const LEGACY = { authorization: `Bearer ${KEY}`, 'mcp-protocol-version': '2025-11-25' };

function legacy(method: string, params?: object): Buffer {
  return requestBytes('/mcp', { jsonrpc: '2.0', id: 1, method, params }, LEGACY);
}

function modern(method: string, params: object, name?: string): Buffer {
  const headers = { ...LEGACY, 'mcp-protocol-version': '2026-07-28', 'mcp-method': method };
  const body = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } };
  return requestBytes('/mcp', body, name === undefined ? headers : { ...headers, 'mcp-name': name });
}

const REQUESTS: Readonly<Record<string, Buffer>> = {
  ping: legacy('ping'),
  'tools/list': modern('tools/list', {}),
  call: modern('tools/call', CHAT, CHAT.name),
  'legacy call': legacy('tools/call', CHAT),
};

/** A server that listens, with clients connected to it. */
interface Crowd {
  readonly name: string;
  readonly pid: number;
  readonly callers: readonly Caller[];
}

export async function http(bench: Bench): Promise<void> {
  const { oursPlain, oursKeyed, limitHttp, sdkHttp } = bench.subjects;
  const open = { MCP_AUTH: 'off' };
  const upstream = { API_BASE_URL: bench.upstream.baseUrl, API_KEY: 'bench', DEFAULT_MODEL: 'm' };
  const servers: Served[] = [];
  try {
    const start = async (subject: Subject, env: Readonly<Record<string, string>> = {}): Promise<Served> => {
      const served = await serve(subject, { ...upstream, ...env });
      servers.push(served);
      return served;
    };
    const ours = await start(oursPlain, { ...overHttp, ...open });
    await start(oursKeyed, { ...overHttp, MCP_API_KEY: KEY });
    // So that it sends as many bytes as ours, whatever we list.
    await start(limitHttp, { TOOLS_LIST: await listedBy(ours) });
    if (sdkHttp !== undefined) await start(sdkHttp);
    await measure(bench, servers);
  } finally {
    await Promise.all(servers.map((served) => served.close()));
  }
}

const overHttp = { MCP_TRANSPORT: 'http', PORT: '0' };

async function listedBy({ port }: Served): Promise<string> {
  const caller = await connected(port);
  const answer = await caller.ask(modern('tools/list', {}));
  caller.close();
  const body: unknown = JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n')), 'latin1').toString());
  return JSON.stringify(isObject(body) ? body['result'] : undefined);
}

async function measure(bench: Bench, servers: readonly Served[]): Promise<void> {
  for (const [what, request] of Object.entries(REQUESTS)) {
    const crowds: Crowd[] = [];
    for (const served of servers) crowds.push(await gathered(served, request));
    const plan = { what: `http ${what}`, subjects: crowds, rounds: bench.rounds };
    await interleave(bench, { ...plan, visit: (crowd) => visit(crowd, what, request) });
    for (const { callers } of crowds) for (const caller of callers) caller.close();
  }
}

/** Its connections are used as soon as they are there: a server may close those that bring nothing. */
async function gathered({ name, pid, port }: Served, request: Buffer): Promise<Crowd> {
  const callers = await Promise.all(Array.from({ length: CONNECTIONS }, () => connected(port)));
  const answer = (await callers[0]?.ask(request)) ?? '';
  if (!answer.includes('"result":') || answer.includes('"isError":true')) {
    throw new Error(`${name}: ${answer.slice(0, 500)}`);
  }
  await closedLoop(callers, request, WARM_UP_MS);
  return { name, pid, callers };
}

async function visit({ pid, callers }: Crowd, what: string, request: Buffer): Promise<Measures> {
  const begun = performance.now();
  const cpuBefore = cpuUs(pid);
  const done = await closedLoop(callers, request, BLOCK_MS);
  const seconds = (performance.now() - begun) / 1000;
  return { [`http ${what}/s`]: done / seconds, [`http ${what} CPU µs`]: (cpuUs(pid) - cpuBefore) / done };
}
