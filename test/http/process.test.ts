// The server as a process: how it starts, says where it is, tells its health, and ends.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { bundle, runToEnd } from '../support/bundle.ts';
import { listen } from '../support/loopback.ts';
import { rawClient, request } from '../support/raw-client.ts';
import type { RawClient } from '../support/raw-client.ts';
import { startProgram, startServer } from './server-program.ts';
import type { ServerProgram } from './server-program.ts';

async function ask(t: TestContext, { port }: ServerProgram, bytes: string): Promise<RawClient> {
  const client = await rawClient(t, port);
  client.send(bytes);
  await client.until((text) => /\r\n\r\n[^]/.test(text));
  return client;
}

const answerOf = ({ text }: RawClient): unknown => JSON.parse(text.slice(text.indexOf('\r\n\r\n')));

test('the server says where it listens, ignores its stdin, and ends in order', async (t) => {
  const server = await startServer(t);
  server.child.stdin?.end('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  const client = await ask(t, server, request('GET', '/health/live'));
  assert.deepEqual(answerOf(client), { status: 'ok' });
  server.child.kill('SIGTERM');
  assert.equal(await server.ended(), 0);
  await client.closed();
});

test('a server that is asked twice to end does not wait', async (t) => {
  const server = await startServer(t);
  const client = await rawClient(t, server.port);
  client.send('GET /health HTTP/1.1\r\nhost: loc');
  await ask(t, server, request('GET', '/health'));
  server.child.kill('SIGINT');
  await server.said(/"msg":"stopping","signal":"SIGINT"/);
  server.child.kill('SIGINT');
  assert.equal(await server.ended(), 0);
});

test('health is told to everybody, and details to those who may know', async (t) => {
  const server = await startServer(t);
  const probe = await ask(t, server, 'GET /health HTTP/1.1\r\nhost: 10.0.0.7:8000\r\n\r\n');
  assert.deepEqual(Object.keys(Object(answerOf(probe))), ['status', 'version', 'uptime_s']);
  const ready = await ask(t, server, 'GET /health/ready HTTP/1.0\r\n\r\n');
  assert.deepEqual(answerOf(ready), { status: 'ready' });
  const page = await ask(t, server, request('GET', '/health', '', 'origin: https://evil.example\r\n'));
  assert.ok(!page.text.includes('providers') && !/access-control/i.test(page.text), page.text);
});

test('the health command asks the server of its settings', async (t) => {
  const server = await startServer(t, { HOST: '0.0.0.0', MCP_API_KEY: 'a-key-for-this-test-alone' });
  const env = { PATH: '', MCP_TRANSPORT: 'http', HOST: '0.0.0.0', PORT: String(server.port) };
  const well = await runToEnd([bundle, 'health'], env);
  assert.equal(well.code, 0, well.stderr);
  assert.equal(well.stdout, `The server on 0.0.0.0 port ${server.port} is ready.\n`);
  server.child.kill('SIGTERM');
  await server.ended();
  const gone = await runToEnd([bundle, 'health'], env);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /^anymodel-mcp: The server on 0\.0\.0\.0 port \d+ cannot be reached \(ECONNREFUSED\)\.\n$/);
  const stdio = await runToEnd([bundle, 'health'], { PATH: '' });
  assert.equal(stdio.code, 0);
});

test('a port that is taken is one line and exit code 1', async (t) => {
  const port = await listen(t, createServer());
  const program = startProgram(t, { PORT: String(port) });
  assert.equal(await program.ended(), 1);
  assert.deepEqual(
    program.lines.filter((line) => line.includes('cannot listen')),
    [
      `anymodel-mcp: The server cannot listen on 127.0.0.1 port ${port}: it is in use. ` +
        'End what listens there, or set PORT (--port) to another; 0 is any free one.',
    ],
  );
});

test('an address that is not ours is one line and exit code 2', async (t) => {
  const program = startProgram(t, { HOST: '203.0.113.7', MCP_API_KEY: 'a-key-for-this-test-alone' });
  assert.equal(await program.ended(), 2);
  assert.ok(program.lines.some((line) => line.includes('this machine has no such address. Set HOST')));
});
