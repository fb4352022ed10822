// The server's own TLS: it is spoken, a renewed certificate is shown to who connects then, and one that cannot be used
// changes nothing but the log.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import { bundle, runToEnd } from '../support/bundle.ts';
import { within } from '../support/program.ts';
import { rawClient } from '../support/raw-client.ts';
import { root } from '../support/root.ts';
import { startProgram, startServer } from './server-program.ts';

const fixture = (name: string): string => join(root, 'fixtures', 'tls', `${name}.pem`);

interface Files {
  readonly TLS_CERT: string;
  readonly TLS_KEY: string;
}

/** A folder with a pair that the test may replace. */
function pairOf(t: TestContext, name: string): Files {
  const folder = mkdtempSync(join(tmpdir(), 'anymodel-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
  copyFileSync(fixture(`${name}.cert`), files.TLS_CERT);
  copyFileSync(fixture(`${name}.key`), files.TLS_KEY);
  return files;
}

/** Puts another file in its place, as those who renew certificates do. */
function replace(file: string, make: (path: string) => void): void {
  make(`${file}.new`);
  renameSync(`${file}.new`, file);
}

/** The status of an answer, and who the server says it is. */
function ask(port: number): Promise<readonly [status: number | undefined, subject: string]> {
  return within(
    new Promise((resolve, reject) => {
      const where = { port, host: '127.0.0.1', path: '/health/ready', agent: false, rejectUnauthorized: false };
      get(where, (response) => {
        const { socket } = response;
        const subject =
          'getPeerX509Certificate' in socket ? String(Object(socket).getPeerX509Certificate().subject) : '';
        response.resume().on('end', () => resolve([response.statusCode, subject]));
      }).on('error', reject);
    }),
    'an answer over TLS',
  );
}

test('HTTPS is served, and HTTP/1.1 is what is spoken in it', async (t) => {
  const files = pairOf(t, 'corp-server');
  const server = await startServer(t, { ...files });
  assert.match(server.lines.join('\n'), /"url":"https:\/\/127\.0\.0\.1:\d+"/);
  const [status] = await ask(server.port);
  assert.equal(status, 200);
  const socket = connect({
    port: server.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  t.after(() => socket.destroy());
  await within(new Promise((resolve) => socket.once('secureConnect', resolve)), 'a handshake');
  assert.equal(socket.alpnProtocol, 'http/1.1');
  const env = { PATH: '', MCP_TRANSPORT: 'http', PORT: String(server.port), ...files };
  assert.equal((await runToEnd([bundle, 'health'], env)).code, 0);
});

test('who speaks plain HTTP to it is cut, and the others are served on', async (t) => {
  const { port } = await startServer(t, { ...pairOf(t, 'corp-server') });
  const client = await rawClient(t, port);
  client.send('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await client.closed();
  assert.deepEqual(client.statuses, []);
  assert.equal((await ask(port))[0], 200);
});

test('a renewed certificate is taken up, and a broken one is not', async (t) => {
  const files = pairOf(t, 'corp-server');
  const server = await startServer(t, { ...files });
  const [, before] = await ask(server.port);
  replace(files.TLS_CERT, (path) => writeFileSync(path, 'half a certifi'));
  await server.said(/the last good one stays.*no certificate and its private key/);
  assert.equal((await ask(server.port))[1], before);
  replace(files.TLS_CERT, (path) => copyFileSync(fixture('untrusted.cert'), path));
  replace(files.TLS_KEY, (path) => copyFileSync(fixture('untrusted.key'), path));
  await server.said(/the TLS certificate was read again/);
  const [status, after] = await ask(server.port);
  assert.equal(status, 200);
  assert.notEqual(after, before);
});

test('a certificate and a key that do not fit together are one line and exit code 2', async (t) => {
  const program = startProgram(t, { TLS_CERT: fixture('corp-server.cert'), TLS_KEY: fixture('untrusted.key') });
  assert.equal(await program.ended(), 2);
  assert.match(
    program.lines.at(-1) ?? '',
    /^anymodel-mcp: TLS_CERT and TLS_KEY are no certificate and its private key/,
  );
  assert.ok(!program.lines.some((line) => line.includes('PRIVATE KEY')));
});
