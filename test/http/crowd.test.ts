// Many clients, and clients that break off: what they took of the process is given back.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { rawClient, request } from '../support/raw-client.ts';
import { startServer } from './server-program.ts';
import type { ServerProgram } from './server-program.ts';

const CROWD = 1000;

function arrived(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

type Context = Parameters<typeof rawClient>[0];

/** The number of open files when it has served everybody who came before, and one more. */
async function filesAfterOneMore(t: Context, server: ServerProgram): Promise<number> {
  const client = await rawClient(t, server.port);
  client.send(request('GET', '/health', '', 'connection: close\r\n'));
  await client.closed();
  return server.openFiles();
}

/** The same once it is down to that, or as it is after many looks. */
async function filesDownTo(t: Context, server: ServerProgram, most: number): Promise<number> {
  let files = await filesAfterOneMore(t, server);
  for (let look = 0; look < 500 && files > most; look++) files = await filesAfterOneMore(t, server);
  return files;
}

test(`${CROWD} connections that do nothing stop nobody, and leave nothing behind`, async (t) => {
  const server = await startServer(t);
  const base = { files: await filesAfterOneMore(t, server), rss: server.rss() };
  const crowd: Socket[] = [];
  for (let n = 0; n < CROWD; n += 100) {
    crowd.push(...(await Promise.all(Array.from({ length: 100 }, () => arrived(server.port)))));
  }
  const client = await rawClient(t, server.port);
  client.send(request('GET', '/health', '', 'connection: close\r\n'));
  await client.closed();
  assert.deepEqual(client.statuses, [200]);
  // The first client's own may have been open still when they were counted.
  assert.ok(server.openFiles() >= base.files + CROWD - 1);
  const perConnection = ((server.rss() - base.rss) * 1024) / CROWD;
  assert.ok(perConnection < 40, `${perConnection} kB each`);
  for (const socket of crowd) socket.destroy();
  const left = await filesDownTo(t, server, base.files + 1);
  assert.ok(left <= base.files + 1, `${left} files are open, ${base.files} were`);
});

test('clients that break off at every byte of a request leave nothing behind', async (t) => {
  const server = await startServer(t);
  const whole = request(
    'POST',
    '/mcp',
    '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    'content-type: application/json\r\n',
  );
  const base = await filesAfterOneMore(t, server);
  for (let cut = 0; cut <= whole.length; cut++) {
    const socket = await arrived(server.port);
    socket.write(whole.slice(0, cut));
    if (cut % 2 === 0) socket.resetAndDestroy();
    else socket.end().resume();
  }
  const left = await filesDownTo(t, server, base + 1);
  assert.ok(left <= base + 1, `${left} files are open, ${base} were`);
  assert.deepEqual(
    server.lines.filter((line) => /"level":"(?:warn|error)"/.test(line)),
    [],
  );
  server.child.kill('SIGTERM');
  assert.equal(await server.ended(), 0);
});
