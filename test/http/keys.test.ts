// Keys that come and go while the server runs: who has lost his is shut out at once, with all that he has open.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { rawClient, request } from '../support/raw-client.ts';
import type { RawClient } from '../support/raw-client.ts';
import { startServer } from './server-program.ts';
import type { ServerProgram } from './server-program.ts';

const KEYS = { alice: 'alice-has-a-key-of-her-own', bob: 'bob-has-a-key-of-his-own' };
type Name = keyof typeof KEYS;

const INITIALIZE =
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}';
const LISTEN =
  '{"jsonrpc":"2.0","id":"l","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},' +
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}';
const EVENTS = 'accept: text/event-stream\r\n';

function configuration(names: readonly Name[]): string {
  const keys = names.map((name) => ({ name, sha256: createHash('sha256').update(KEYS[name]).digest('hex') }));
  return JSON.stringify({ providers: [{ id: 'mock', type: 'mock' }], auth: { keys } });
}

/** What the client has open after it was told that it is open. */
interface Held {
  readonly session: string;
  readonly streams: readonly RawClient[];
}

const headersOf = (name: Name, more = ''): string =>
  `authorization: Bearer ${KEYS[name]}\r\ncontent-type: application/json\r\n${more}`;

async function sent(t: TestContext, { port }: ServerProgram, bytes: string, end: RegExp): Promise<RawClient> {
  const client = await rawClient(t, port);
  client.send(bytes);
  await client.until((text) => end.test(text));
  return client;
}

async function settle(t: TestContext, server: ServerProgram, name: Name): Promise<Held> {
  const opened = await sent(t, server, request('POST', '/mcp', INITIALIZE, headersOf(name)), /protocolVersion/);
  const session = /^mcp-session-id: (\S+)/im.exec(opened.text)?.[1] ?? '';
  const inSession = headersOf(name, `${EVENTS}mcp-session-id: ${session}\r\n`);
  const alone = headersOf(name, 'mcp-protocol-version: 2026-07-28\r\nmcp-method: subscriptions/listen\r\n');
  const streams = [
    await sent(t, server, request('GET', '/mcp', '', inSession), /^retry:/m),
    await sent(t, server, request('GET', '/sse', '', headersOf(name, EVENTS)), /^event: endpoint/m),
    await sent(t, server, request('POST', '/mcp', LISTEN, alone), /acknowledged/),
  ];
  return { session, streams };
}

async function pinged(t: TestContext, server: ServerProgram, name: Name, session: string): Promise<number | undefined> {
  const ping = request('POST', '/mcp', '{"jsonrpc":"2.0","id":1,"method":"ping"}', headersOf(name, session));
  return (await sent(t, server, ping, /\r\n\r\n/)).statuses[0];
}

test('a key that is taken away ends the sessions and streams of its client, and no others', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'server.json');
  writeFileSync(file, configuration(['alice', 'bob']));
  const server = await startServer(t, { CONFIG_PATH: file });
  const [alice, bob] = [await settle(t, server, 'alice'), await settle(t, server, 'bob')];
  writeFileSync(file, configuration(['bob']));
  server.child.kill('SIGHUP');
  for (const stream of alice.streams) await stream.until((text) => text.endsWith('0\r\n\r\n'), 'the end of the stream');
  assert.ok(bob.streams.every(({ text, isClosed }) => !text.endsWith('0\r\n\r\n') && !isClosed));
  assert.equal(await pinged(t, server, 'alice', ''), 401);
  assert.equal(await pinged(t, server, 'bob', `mcp-session-id: ${alice.session}\r\n`), 404);
  assert.equal(await pinged(t, server, 'bob', `mcp-session-id: ${bob.session}\r\n`), 200);
  // Back again, her key opens none of what was closed.
  writeFileSync(file, configuration(['alice', 'bob']));
  server.child.kill('SIGHUP');
  await server.said(/read again[^]*/);
  for (let look = 0; look < 500 && (await pinged(t, server, 'alice', '')) === 401; look++);
  assert.equal(await pinged(t, server, 'alice', `mcp-session-id: ${alice.session}\r\n`), 404);
});
