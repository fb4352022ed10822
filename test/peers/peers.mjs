// What every peer test shares: the bundle as a client would start it, the Node a peer needs, and an upstream that
// can be seen to be let go.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const bundle = join(root, 'dist', 'anymodel-mcp.cjs');

/** The Node of that major version from test/nodes, else this one. */
export function node(major) {
  const installed = join(root, 'test', 'nodes', 'node_modules', `node-${major}`, 'bin', 'node');
  return existsSync(installed) ? installed : process.execPath;
}

/** How to start the server with the model inside it. */
export function mockServer(env = {}) {
  return { command: process.execPath, args: [bundle], env: { PROVIDER_TYPE: 'mock', LOG_LEVEL: 'error', ...env } };
}

/**
 * What the client is told of the progress of its calls, in order, from now on. `kind` is how its generation names such
 * notices. In place of its own handler, which drops a notice that is read together with the answer.
 */
export function hearing(client, kind) {
  const heard = [];
  client.setNotificationHandler(kind, ({ params }) => {
    heard.push(params);
  });
  return heard;
}

/** The server with the model inside it, over HTTP; `stop` settles when it has ended. */
export async function httpServer() {
  const { command, args, env } = mockServer({ MCP_TRANSPORT: 'http', PORT: '0', MCP_AUTH: 'off', LOG_LEVEL: 'info' });
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const url = await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /"listening","url":"([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(`the server ended: ${said}`)));
  });
  return {
    url,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** An upstream that begins to answer and never ends; `closed` settles when it is let go. */
export async function endlessUpstream() {
  let release;
  const closed = new Promise((resolve) => (release = resolve));
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"Hello"}}]}\n\n');
    response.on('close', release);
    request.resume();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: { API_BASE_URL: `http://127.0.0.1:${server.address().port}/v1`, DEFAULT_MODEL: 'm' },
    closed,
    close: () => server.close(),
  };
}
