// The built program as a person at a shell has it: doctor and explain, their exit codes, and that no key is in what they
// print. What each step says is in the unit tests.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundle, runToEnd } from './support/bundle.ts';
import { rawServer, reply } from './support/loopback.ts';
import { tlsServer } from './unit/providers/http/tls.ts';
import { testProxy } from './unit/providers/http/proxies.ts';

const KEY = 'Qz-918273-key-of-mine';
const JSON_TYPE = 'content-type: application/json\r\n';

test('a key that is refused: exit 1, the words of the server without the key, and what to do', async (t) => {
  const said = `{"error":{"message":"Incorrect API key provided: ${KEY}"}}`;
  const server = await rawServer(t, ({ socket }) => socket.write(reply(said, '401 Unauthorized', JSON_TYPE)));
  const env = { API_BASE_URL: `${server.origin}/v1?token=${KEY}`, API_KEY: KEY };
  for (const argv of [['doctor'], ['doctor', '--json'], ['doctor', '--complete', '--log-level', 'debug']]) {
    const { stdout, stderr, code } = await runToEnd([bundle, ...argv], env);
    assert.equal(code, 1, stderr);
    assert.ok(!(stdout + stderr).includes(KEY), stdout + stderr);
    assert.match(stdout, /Incorrect API key provided: \[redacted\]/);
    assert.match(stdout, /Check API_KEY: whether it is whole, still valid, and a key of this API\./);
  }
});

test('a certificate that nobody vouches for, behind a proxy; the password of the proxy is not shown', async (t) => {
  const { port } = await tlsServer(t, () => {});
  const proxy = await testProxy(t);
  const { stdout, code } = await runToEnd([bundle, 'doctor'], {
    API_BASE_URL: `https://llm.corp.example:${port}/v1`,
    HTTPS_PROXY: `http://user:${KEY}@127.0.0.1:${proxy.port}`,
  });
  assert.equal(code, 1);
  assert.ok(!stdout.includes(KEY));
  assert.deepEqual(
    stdout
      .split('\n')
      .slice(3)
      .map((line) => line.replace(/\d+ ms/, 'N ms').replace(/ +/g, ' ')),
    [
      ` ok tcp N ms of the proxy 127.0.0.1:${proxy.port}: 127.0.0.1:${proxy.port}`,
      ` ok proxy N ms 127.0.0.1:${proxy.port} (from HTTPS_PROXY) opened a tunnel`,
      ` failed tls N ms The TLS certificate of llm.corp.example:${port} (by the proxy 127.0.0.1:${proxy.port}) is not accepted: ` +
        'nobody we trust has signed it (DEPTH_ZERO_SELF_SIGNED_CERT). It is that of untrusted.test, signed by itself, from ' +
        '2020-01-01 to 2120-01-01.',
      ' -> If "untrusted.test" is to be trusted, save its certificate as a PEM file and name that in NODE_EXTRA_CA_CERTS, or in ' +
        'tls.ca of the provider.',
      ' skipped http, auth, models, default, chat, embed: not reached',
      '',
      'Not well: llm.corp.example.',
      '',
    ],
  );
});

test('https where there is no TLS, and TLS where http is written', async (t) => {
  const plain = await rawServer(t, ({ socket }) => socket.write(reply('{"data":[]}', '200 OK', JSON_TYPE)));
  const secure = await tlsServer(t, () => {});
  const said = async (url: string): Promise<string> =>
    (await runToEnd([bundle, 'doctor'], { API_BASE_URL: url })).stdout;
  assert.match(
    await said(`https://127.0.0.1:${plain.port}/v1`),
    /-> Write http:\/\/ in place of https:\/\/ into API_BASE_URL\./,
  );
  assert.match(
    await said(`http://127.0.0.1:${secure.port}/v1`),
    /-> Write https:\/\/ in place of http:\/\/ into API_BASE_URL\./,
  );
});

test('explain prints the targets and sends nothing', async (t) => {
  const server = await rawServer(t, () => {});
  const { stdout, stderr, code } = await runToEnd([bundle, 'explain', 'gpt-4o'], { API_BASE_URL: server.origin });
  assert.deepEqual([stdout, stderr, code], ['gpt-4o  the name of a model\n   1. local/gpt-4o\n', '', 0]);
  assert.equal(server.connections(), 0);
});
