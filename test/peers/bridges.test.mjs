// Bridges of others between stdio and HTTP, as people set them up: a client that knows only stdio reaches our HTTP server
// through them, and one that knows only HTTP our stdio. And the Inspector's command line over HTTP.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ProgressNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { bundle, hearing, httpServer, node } from './peers.mjs';

const packages = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');
const MCP_REMOTE = join(packages, 'mcp-remote/dist/proxy.js');
const SUPERGATEWAY = join(packages, 'supergateway/dist/index.js');
const INSPECTOR = join(packages, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** Why a bridge is not tried, if it is not. */
const missing = (file) => !existsSync(file) && 'it is not installed in test/peers';

/** How each is started to reach our server from stdio. */
const TO_HTTP = [
  { name: 'mcp-remote', file: MCP_REMOTE, args: (url) => [`${url}/mcp`, '--transport', 'http-only', '--allow-http'] },
  {
    name: 'mcp-remote over SSE',
    file: MCP_REMOTE,
    args: (url) => [`${url}/sse`, '--transport', 'sse-only', '--allow-http'],
  },
  // It asks with a client of its own, and passes on nothing of what that is told before the answer.
  { name: 'supergateway', file: SUPERGATEWAY, args: (url) => ['--streamableHttp', `${url}/mcp`], isMute: true },
  { name: 'supergateway over SSE', file: SUPERGATEWAY, args: (url) => ['--sse', `${url}/sse`], isMute: true },
];

let server;
let home;
before(async () => {
  server = await httpServer();
  home = mkdtempSync(join(tmpdir(), 'bridges-'));
});
after(async () => {
  await server.stop();
  rmSync(home, { recursive: true });
});

/** What every bridge has to carry: a handshake, a list, a call, its progress unless it is mute, and an error. */
async function converse(transport, isMute = false) {
  const client = new Client({ name: 'bridge-test', version: '1' });
  await client.connect(transport);
  try {
    assert.equal(client.getServerVersion()?.name, 'anymodel-mcp');
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === 'chat'));
    const heard = hearing(client, ProgressNotificationSchema);
    const args = { prompt: 'one two three', model: 'words-30' };
    const answer = await client.callTool({ name: 'chat', arguments: args, _meta: { progressToken: 1 } });
    assert.match(answer.content[0].text, /^word1 .* word30$/);
    const joined = heard.map(({ message = '' }) => message).join('');
    assert.equal(joined, isMute ? '' : answer.content[0].text);
    await assert.rejects(client.callTool({ name: 'nope', arguments: {} }), /Unknown tool/);
  } finally {
    await client.close();
  }
}

for (const { name, file, args, isMute } of TO_HTTP) {
  test(`${name} carries stdio to our HTTP server`, { skip: missing(file), timeout: 60_000 }, () =>
    converse(
      new StdioClientTransport({
        command: node(22),
        args: [file, ...args(server.url)],
        env: { HOME: home, PATH: process.env.PATH },
        stderr: 'ignore',
      }),
      isMute,
    ),
  );
}

describe('supergateway before our stdio', { skip: missing(SUPERGATEWAY), timeout: 60_000 }, () => {
  let bridge;
  let url;
  before(async () => {
    const port = await freePort();
    const args = [
      '--stdio',
      `${process.execPath} ${bundle}`,
      '--outputTransport',
      'streamableHttp',
      '--port',
      `${port}`,
    ];
    const env = { PROVIDER_TYPE: 'mock', LOG_LEVEL: 'error', HOME: home, PATH: process.env.PATH };
    bridge = spawn(node(22), [SUPERGATEWAY, ...args, '--stateful'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    url = `http://127.0.0.1:${port}/mcp`;
    await listening(bridge);
  });
  after(async () => {
    bridge.kill('SIGTERM');
    await once(bridge, 'close');
  });

  test('carries HTTP to it', () => converse(new StreamableHTTPClientTransport(new URL(url))));
});

describe('the Inspector over HTTP', { skip: missing(INSPECTOR), timeout: 120_000 }, () => {
  const inspect = async (...args) => {
    const command = [INSPECTOR, '--cli', `${server.url}/mcp`, '--transport', 'http', ...args];
    const { stdout } = await promisify(execFile)(node(22), command, {
      timeout: 60_000,
      env: { ...process.env, HOME: home },
    });
    return JSON.parse(stdout);
  };

  test('lists our tools and finds nothing wrong with their schemas', async () => {
    const { tools } = await inspect('--method', 'tools/list', '--strict');
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['chat', 'generate', 'list_models', 'embed', 'job'],
    );
  });

  test('calls a tool', async () => {
    const answer = await inspect('--method', 'tools/call', '--tool-name', 'chat', '--tool-arg', 'prompt=hello');
    assert.equal(answer.content[0].text, 'You said: hello');
  });
});

async function freePort() {
  const one = createServer();
  one.listen(0, '127.0.0.1');
  await once(one, 'listening');
  const { port } = one.address();
  one.close();
  await once(one, 'close');
  return port;
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (/listening/i.test(said)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
}
