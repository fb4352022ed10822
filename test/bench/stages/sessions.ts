// What a session over HTTP takes while nobody uses it, alone and with its stream open; and a thousand answers relayed at a
// time, each of which has to arrive whole and in order.

import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { isObject } from '../../../src/core/json.ts';
import { closedLoop, connected, requestBytes } from '../http-load.ts';
import { memoryTold } from '../memory-told.ts';
import type { Held } from '../memory-told.ts';
import { interleave } from '../rounds.ts';
import type { Bench, Measures } from '../rounds.ts';
import { serve } from '../served.ts';
import type { Served } from '../served.ts';

const SESSIONS = 2000;
/** Opened and left before the first that counts. */
const WARM_UP = 500;
/** Requests beside them: what V8 sets aside for garbage is no session's. */
const WARM_UP_MS = 2000;
const STREAMS = 1000;
const EVENTS = 50;
const MODEL = `m;chunks=${EVENTS};interval=100;numbered=1`;
const WHOLE = Array.from({ length: EVENTS }, (_, at) => `${at} `).join('');
const MESSAGES = [{ role: 'user', content: 'Say something short.' }];
const OURS = { MCP_TRANSPORT: 'http', PORT: '0', MCP_AUTH: 'off', API_KEY: 'bench', DEFAULT_MODEL: 'm' };

const OPEN = requestBytes('/mcp', {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } },
});

const PING = requestBytes('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' });

export async function sessions(bench: Bench): Promise<void> {
  const { oursTold, ours } = bench.subjects;
  const env = { ...OURS, API_BASE_URL: bench.upstream.baseUrl };
  const rounds = Math.ceil(bench.rounds / 3);
  const within = async (work: (served: Served) => Promise<Measures>, subject = ours): Promise<Measures> => {
    const served = await serve(subject, env);
    try {
      return await work(served);
    } finally {
      await served.close();
    }
  };
  const idle = { what: 'memory of idle sessions', rounds, subjects: [{ name: ours.name }] };
  await interleave(bench, { ...idle, visit: () => within(idleSessions, oursTold) });
  await interleave(bench, { ...idle, what: `${STREAMS} streams`, visit: () => within(relayed) });
}

async function idleSessions(served: Served): Promise<Measures> {
  await openSessions(served, WARM_UP);
  await warmUp(served);
  const before = await memoryTold(served.child);
  const ids = await openSessions(served, SESSIONS);
  const between = await memoryTold(served.child);
  const agent = new Agent({ keepAlive: true });
  const streams = await Promise.all(ids.map((id) => openStream(served, agent, id)));
  const after = await memoryTold(served.child);
  for (const stream of streams) stream.destroy();
  agent.destroy();
  return {
    'session heap kB': each(before, between).heap,
    'session rss kB': each(before, between).rss,
    'session with stream heap kB': each(before, after).heap,
    'session with stream rss kB': each(before, after).rss,
  };
}

async function warmUp({ port }: Served): Promise<void> {
  const callers = await Promise.all(Array.from({ length: 8 }, () => connected(port)));
  await closedLoop(callers, PING, WARM_UP_MS);
  for (const caller of callers) caller.close();
}

function each(less: Held, more: Held): Held {
  return { heap: (more.heap - less.heap) / SESSIONS / 1000, rss: (more.rss - less.rss) / SESSIONS / 1000 };
}

async function openSessions({ port }: Served, count: number): Promise<string[]> {
  const caller = await connected(port);
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const id = /\r\nmcp-session-id: *(\S+)/i.exec(await caller.ask(OPEN, { whole: true }))?.[1];
    if (id === undefined) throw new Error('no session was opened');
    ids.push(id);
  }
  caller.close();
  if (new Set(ids).size !== count) throw new Error('two sessions have one id');
  return ids;
}

/** The stream of what no request is about, once its head has come. */
function openStream({ url }: Served, agent: Agent, session: string): Promise<IncomingMessage> {
  const headers = { accept: 'text/event-stream', 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/mcp`, { agent, headers }, (response) => {
      // Cut from our side at the end.
      response.on('error', () => {});
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`a stream: status ${response.statusCode}`));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Throws for an event that is missing, twice there, or not in its place. */
async function relayed({ url }: Served): Promise<Measures> {
  const agent = new Agent({ keepAlive: true });
  const time = async (one: () => Promise<string>): Promise<number> => {
    const begun = performance.now();
    const texts = await Promise.all(Array.from({ length: STREAMS }, one));
    const wrong = texts.filter((text) => text !== WHOLE);
    if (wrong.length > 0) throw new Error(`${wrong.length} of ${STREAMS} streams are not as sent: ${wrong[0]}`);
    return (performance.now() - begun) / 1000;
  };
  try {
    return {
      'streams /mcp s': await time(() => overMcp(url, agent)),
      'streams /v1 s': await time(() => overV1(url, agent)),
    };
  } finally {
    agent.destroy();
  }
}

/** What the notices say, which has to be what the answer says in the end. */
async function overMcp(url: string, agent: Agent): Promise<string> {
  const params = { name: 'chat', arguments: { model: MODEL, messages: MESSAGES }, _meta: { progressToken: 1 } };
  const messages = await events(`${url}/mcp`, agent, { jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const answer = JSON.stringify(messages.at(-1) ?? '');
  let [told, last] = ['', 0];
  for (const message of messages.slice(0, -1)) {
    const notice = isObject(message) ? message['params'] : undefined;
    if (!isObject(notice)) throw new Error('something that is no notice');
    if (Number(notice['progress']) <= last) throw new Error('progress went back');
    last = Number(notice['progress']);
    // Some only say how far the call is.
    if (typeof notice['message'] === 'string') told += notice['message'];
  }
  if (!answer.includes(JSON.stringify(WHOLE))) throw new Error(`the answer is not as sent: ${answer.slice(0, 200)}`);
  return told;
}

async function overV1(url: string, agent: Agent): Promise<string> {
  const chunks = await events(`${url}/v1/chat/completions`, agent, { model: MODEL, messages: MESSAGES, stream: true });
  return chunks.map(contentOf).join('');
}

function contentOf(chunk: unknown): string {
  const choices = isObject(chunk) && Array.isArray(chunk['choices']) ? chunk['choices'] : [];
  const first: unknown = choices[0];
  const delta = isObject(first) ? first['delta'] : undefined;
  return isObject(delta) && typeof delta['content'] === 'string' ? delta['content'] : '';
}

/** The data of all events of the answer, in order. */
function events(url: string, agent: Agent, body: object): Promise<unknown[]> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('error', reject);
      response.on('end', () => {
        const data = text.split('\n').filter((line) => line.startsWith('data: {'));
        if (response.statusCode === 200) resolve(data.map((line) => JSON.parse(line.slice(6))));
        else reject(new Error(`status ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
