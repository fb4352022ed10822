// What every peer test shares: the bundle as a client would start it, the Node a peer needs, and an upstream that
// can be seen to be let go.

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
