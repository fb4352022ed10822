// The official TypeScript clients, each of its generations, in a whole conversation with the bundle: handshake or
// probe, list, call, streamed call, a tool error, an unknown tool, cancellation, an orderly end.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ProgressNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { endlessUpstream, hearing, mockServer } from './peers.mjs';

const INFO = { name: 'peer-test', version: '1.0.0' };

/** The second argument of callTool is a result schema in the first generation, and not there in the second. */
const PEERS = [
  {
    name: 'SDK v1',
    connect: (server) => connect(new ClientV1(INFO), new StdioV1(server)),
    call: (client, params, options) => client.callTool(params, undefined, options),
    progress: ProgressNotificationSchema,
    revision: '2025-11-25',
  },
  {
    name: 'SDK v2',
    connect: (server) => connect(new ClientV2(INFO), new StdioV2(server)),
    call: (client, params, options) => client.callTool(params, options),
    revision: '2025-11-25',
  },
  {
    name: 'SDK v2, negotiating',
    connect: (server) => connect(new ClientV2(INFO, { versionNegotiation: { mode: 'auto' } }), new StdioV2(server)),
    call: (client, params, options) => client.callTool(params, options),
    revision: '2026-07-28',
  },
  {
    name: 'SDK v2, pinned to the stateless revision',
    connect: (server) =>
      connect(new ClientV2(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } }), new StdioV2(server)),
    call: (client, params, options) => client.callTool(params, options),
    revision: '2026-07-28',
  },
];

async function connect(client, transport) {
  const errors = [];
  client.onerror = (error) => errors.push(error);
  await client.connect(transport);
  return { client, transport, errors };
}

for (const { name, connect: open, call, progress: kind = 'notifications/progress', revision } of PEERS) {
  describe(name, { timeout: 60_000 }, () => {
    const opened = [];
    const start = async (server) => {
      const peer = await open(server);
      opened.push(peer.client);
      return peer;
    };
    // Also after a test that failed, whose server would otherwise keep the run from ending.
    afterEach(() => Promise.all(opened.splice(0).map((client) => client.close())));

    test('negotiates, lists, calls and ends', async () => {
      const { client, errors } = await start(mockServer());
      assert.equal(client.getServerVersion()?.name, 'anymodel-mcp');
      assert.equal(client.getNegotiatedProtocolVersion?.() ?? revision, revision);
      const { tools } = await client.listTools();
      assert.ok(['chat', 'generate', 'list_models', 'embed'].every((tool) => tools.some((one) => one.name === tool)));
      const answer = await call(client, { name: 'chat', arguments: { prompt: 'good morning' } });
      assert.equal(answer.content[0].text, 'You said: good morning');
      const generated = await call(client, { name: 'generate', arguments: { prompt: 'hi' } });
      assert.equal(generated.structuredContent.text, 'You said: hi');
      await client.close();
      assert.deepEqual(errors, []);
    });

    test('sees an answer appear', async () => {
      const { client, errors } = await start(mockServer());
      const heard = hearing(client, kind);
      const args = { prompt: 'one two three four', model: 'words-30' };
      const answer = await call(client, { name: 'chat', arguments: args, _meta: { progressToken: 1 } });
      const joined = heard.map(({ message }) => message ?? '').join('');
      assert.equal(joined, answer.content[0].text);
      assert.ok(heard.every(({ progress }, i) => i === 0 || progress > heard[i - 1].progress));
      await client.close();
      assert.deepEqual(errors, []);
    });

    test('is told what went wrong', async () => {
      const { client } = await start(mockServer({ MAX_RETRIES: '0' }));
      const failed = await call(client, { name: 'chat', arguments: { prompt: 'x', model: '500-always' } });
      assert.equal(failed.isError, true);
      const refused = await call(client, { name: 'chat', arguments: { promt: 'x' } });
      assert.match(refused.content[0].text, /did you mean "prompt"/);
      await assert.rejects(call(client, { name: 'nope', arguments: {} }), (error) => error.code === -32602);
      await client.close();
    });

    test('cancels, and upstream is let go', async () => {
      const upstream = await endlessUpstream();
      const { client } = await start({ ...mockServer(), env: upstream.env });
      const controller = new AbortController();
      const onprogress = ({ message }) => message !== undefined && controller.abort('enough');
      const options = { signal: controller.signal, onprogress };
      await assert.rejects(call(client, { name: 'chat', arguments: { prompt: 'x' } }, options));
      await upstream.closed;
      assert.ok((await client.listTools()).tools.length > 0, 'the connection works on');
      await client.close();
      upstream.close();
    });
  });
}
