// The official TypeScript clients over HTTP: both generations on the MCP endpoint, with a session and without, and the
// transport before it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ProgressNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { hearing, httpServer } from './peers.mjs';

const INFO = { name: 'peer-test', version: '1.0.0' };
const v2 = (mode) => new ClientV2(INFO, mode === undefined ? {} : { versionNegotiation: { mode } });
const callV1 = (client, params, options) => client.callTool(params, undefined, options);
const callV2 = (client, params, options) => client.callTool(params, options);

const PEERS = [
  {
    name: 'SDK v1',
    client: () => new ClientV1(INFO),
    transport: (url) => new HttpV1(new URL('/mcp', url)),
    call: callV1,
    progress: ProgressNotificationSchema,
    hasSession: true,
  },
  {
    name: 'SDK v1 over SSE',
    client: () => new ClientV1(INFO),
    transport: (url) => new SseV1(new URL('/sse', url)),
    call: callV1,
    progress: ProgressNotificationSchema,
  },
  {
    name: 'SDK v2',
    client: () => v2(),
    transport: (url) => new HttpV2(new URL('/mcp', url)),
    call: callV2,
    hasSession: true,
  },
  {
    name: 'SDK v2, negotiating',
    client: () => v2('auto'),
    transport: (url) => new HttpV2(new URL('/mcp', url)),
    call: callV2,
  },
  {
    name: 'SDK v2, stateless',
    client: () => v2({ pin: '2026-07-28' }),
    transport: (url) => new HttpV2(new URL('/mcp', url)),
    call: callV2,
  },
];

let server;
before(async () => {
  server = await httpServer();
});
after(() => server.stop());

for (const {
  name,
  client: make,
  transport: open,
  call,
  progress = 'notifications/progress',
  hasSession = false,
} of PEERS) {
  describe(name, { timeout: 60_000 }, () => {
    test('negotiates, lists, calls, hears progress, cancels and ends', async () => {
      const [client, transport] = [make(), open(server.url)];
      const errors = [];
      client.onerror = (error) => errors.push(error);
      await client.connect(transport);
      assert.equal(transport.sessionId !== undefined, hasSession);
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'chat'));
      const answer = await call(client, { name: 'chat', arguments: { prompt: 'good morning' } });
      assert.equal(answer.content[0].text, 'You said: good morning');
      const heard = hearing(client, progress);
      const params = { name: 'chat', arguments: { prompt: 'hi', model: 'words-30' }, _meta: { progressToken: 1 } };
      const told = await call(client, params);
      assert.equal(heard.map(({ message = '' }) => message).join(''), told.content[0].text);
      await assert.rejects(call(client, { name: 'nope', arguments: {} }), /Unknown tool/);
      const cancel = new AbortController();
      const slow = call(
        client,
        { name: 'chat', arguments: { prompt: 'hi', model: 'slow' } },
        { signal: cancel.signal },
      );
      setImmediate(() => cancel.abort(new Error('enough')));
      await assert.rejects(slow, /enough|abort/i);
      // The cancel is on its way, by a request of its own.
      await client.listTools();
      await transport.terminateSession?.();
      await client.close();
      assert.deepEqual(
        errors.filter((error) => !/enough|abort/i.test(String(error))),
        [],
      );
    });
  });
}
