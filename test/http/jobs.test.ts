// Jobs over HTTP: they outlive the connection of the call that left them, and are found by whoever left them and nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, MODERN } from '../support/mcp.ts';
import { startServer } from './server-program.ts';
import type { ServerProgram } from './server-program.ts';

const FIRST = 'the-first-key-of-this-test-alone';
const SECOND = 'the-second-key-of-this-test-alone';

interface Said {
  readonly status: number;
  readonly session: string | null;
  readonly reply: unknown;
}

/** A POST on a connection of its own. */
async function post({ port }: ServerProgram, body: object, headers: Record<string, string>): Promise<Said> {
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      connection: 'close',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  });
  const text = await response.text();
  const data = text.startsWith('{') ? text : (text.split('\n').findLast((line) => line.startsWith('data: {')) ?? '');
  const reply: unknown = data === '' ? undefined : JSON.parse(data.replace(/^data: /, ''));
  return { status: response.status, session: response.headers.get('mcp-session-id'), reply };
}

const modern = (name: string, args: object): object => ({
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args, _meta: MODERN },
});
const modernHeaders = (name: string, key?: string): Record<string, string> => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': name,
  ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
});

const ENV = { CALL_SOFT_DEADLINE: '100ms', TIMEOUT: '600', LOG_LEVEL: 'info' };

test('a job is read, waited for and cancelled with the key that left it, on any connection, and with no other', async (t) => {
  const server = await startServer(t, { ...ENV, MCP_API_KEY: `${FIRST},${SECOND}` });
  const call = async (name: string, args: object, key: string): Promise<unknown> =>
    at((await post(server, modern(name, args), modernHeaders(name, key))).reply, 'result');
  const handle = await call('chat', { prompt: 'hi', model: 'silent-always' }, FIRST);
  const id = at(handle, '_meta', 'anymodel/job', 'id');
  assert.equal(at(handle, '_meta', 'anymodel/job', 'state'), 'working');
  for (const action of ['get', 'wait', 'cancel']) {
    const refused = await call('job', { id, action }, SECOND);
    assert.equal(at(refused, 'isError'), true, action);
    assert.match(String(at(refused, 'content', 0, 'text')), /^There is no job /);
  }
  assert.match(String(at(await call('job', { action: 'list' }, SECOND), 'content', 0, 'text')), /no jobs/);
  assert.equal(at(await call('job', { id }, FIRST), '_meta', 'anymodel/job', 'state'), 'working');
  assert.equal(at(await call('job', { action: 'list' }, FIRST), '_meta', 'anymodel/jobs', 0, 'id'), id);
  assert.equal(at(await call('job', { id, action: 'cancel' }, FIRST), '_meta', 'anymodel/job', 'state'), 'cancelled');
});

test("without keys a job is its session's, and none is listed", async (t) => {
  const server = await startServer(t, { ...ENV, MCP_AUTH: 'off' });
  const open = async (): Promise<string> => {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
    const { session } = await post(server, { id: 0, method: 'initialize', params }, {});
    assert.ok(session !== null);
    return session;
  };
  const call = async (session: string, name: string, args: object): Promise<unknown> => {
    const headers = { 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' };
    return at(
      (await post(server, { id: 1, method: 'tools/call', params: { name, arguments: args } }, headers)).reply,
      'result',
    );
  };
  const [one, two] = [await open(), await open()];
  const id = at(await call(one, 'chat', { prompt: 'hi', model: 'silent-always' }), '_meta', 'anymodel/job', 'id');
  assert.equal(typeof id, 'string');
  assert.match(String(at(await call(two, 'job', { id }), 'content', 0, 'text')), /^There is no job /);
  assert.match(String(at(await call(one, 'job', { action: 'list' }), 'content', 0, 'text')), /not listed/);
  assert.equal(at(await call(one, 'job', { id, action: 'cancel' }), '_meta', 'anymodel/job', 'state'), 'cancelled');
});

test('without a key or a session a job is found by who knows its id', async (t) => {
  const server = await startServer(t, { ...ENV, MCP_AUTH: 'off' });
  const call = async (name: string, args: object): Promise<unknown> =>
    at((await post(server, modern(name, args), modernHeaders(name))).reply, 'result');
  const id = at(await call('chat', { prompt: 'hi', model: 'silent-always' }), '_meta', 'anymodel/job', 'id');
  assert.equal(at(await call('job', { id }), '_meta', 'anymodel/job', 'state'), 'working');
  assert.match(String(at(await call('job', { action: 'list' }), 'content', 0, 'text')), /not listed/);
});
