// The bundle as an HTTP server of its own, on a free port, with a key that only it and the test know.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { bundle } from '../peers/peers.mjs';

export const KEY = 'key-of-the-http-tests';

/** Listens when it resolves; `url` is without a slash at its end. */
export async function httpServer(env) {
  const child = spawn(process.execPath, [bundle], {
    env: { MCP_TRANSPORT: 'http', PORT: '0', MCP_API_KEY: KEY, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise((resolve, reject) => {
    const said = [];
    lines.on('line', (line) => {
      said.push(line);
      const found = /"url":"(http:[^"]+)"/.exec(line);
      if (found !== null && line.includes('listening')) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said.join('\n')}`)));
  });
  return {
    url,
    async close() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** A port that was free a moment ago, for a server that has to know its own. */
export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
