// https through a proxy: what it is asked, what is kept, and everything a proxy can do wrong instead.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { CancelSource } from '../../../../../src/core/context.ts';
import { Fault } from '../../../../../src/core/fault.ts';
import type { Fetch } from '../../../../../src/providers/fetch.ts';
import type { Route } from '../../../../../src/providers/http/way/route.ts';
import { FakeClock } from '../../../../support/clock.ts';
import { chunk, chunkedHead, closed, REFUSING_PORT, reply, WITHOUT_IPV6 } from '../../../../support/loopback.ts';
import { asking, faultOf, latch, openPooled, settled, textOf } from '../clients.ts';
import { OPENED, testProxy } from '../proxies.ts';
import type { ProxyScript } from '../proxies.ts';
import { pem, tlsServer } from '../tls.ts';

const post = asking({ method: 'POST', body: '{}' });
const ca = pem('corp-ca.cert');

function open(t: TestContext, route: Route, clock = new FakeClock()): Fetch {
  return openPooled(t, { clock, route: { tls: { ca }, ...route } });
}

describe('a tunnel', () => {
  test('is asked for once, with the credentials, and then kept', async (t) => {
    const seen: string[] = [];
    const server = await tlsServer(
      t,
      (socket) => socket.on('data', (bytes) => (seen.push(String(bytes)), socket.write(reply('ok')))),
      { as: 'corp-server' },
    );
    const proxy = await testProxy(t);
    const send = open(t, { proxy: `http://us%40er:pa%3A%0D%0Ass@127.0.0.1:${proxy.port}` });
    for (let i = 0; i < 3; i++) {
      assert.equal(await textOf(await send(`https://llm.corp.test:${server.port}/v1`, post)), 'ok');
      await settled(() => seen.length);
    }
    assert.deepEqual(proxy.heads, [
      `CONNECT llm.corp.test:${server.port} HTTP/1.1\r\nhost: llm.corp.test:${server.port}\r\n` +
        'proxy-authorization: Basic dXNAZXI6cGE6DQpzcw==\r\n\r\n',
    ]);
    assert.equal(server.connections(), 1);
    assert.match(seen[0] ?? '', /^POST \/v1 HTTP\/1\.1\r\n/);
    assert.doesNotMatch(seen.join(''), /proxy-authorization/i);
  });

  test('leads to an IPv6 address, through a proxy on one', { skip: WITHOUT_IPV6 }, async (t) => {
    const server = await tlsServer(t, (socket) => socket.on('data', () => socket.write(reply('six'))), {
      as: 'corp-server',
    });
    const proxy = await testProxy(t, { host: '::1' });
    const send = open(t, { proxy: `[::1]:${proxy.port}` });
    assert.equal(await textOf(await send(`https://[::1]:${server.port}/`, post)), 'six');
    assert.match(proxy.heads[0] ?? '', /^CONNECT \[::1\]:\d+ HTTP\/1\.1\r\nhost: \[::1\]:\d+\r\n\r\n$/);
  });

  test('may itself lead over TLS', async (t) => {
    const server = await tlsServer(t, (socket) => socket.on('data', () => socket.write(reply('inner'))), {
      as: 'corp-server',
    });
    const proxy = await testProxy(t, { isTls: true });
    const send = open(t, { authorities: ca, proxy: `https://localhost:${proxy.port}` });
    for (let i = 0; i < 2; i++) {
      assert.equal(await textOf(await send(`https://llm.corp.test:${server.port}/`, post)), 'inner');
      await settled(() => proxy.heads.length);
    }
    assert.equal(proxy.connections(), 1);
  });

  test('carries a long stream to a slow reader, whole', async (t) => {
    const piece = 'x'.repeat(50_000);
    const server = await tlsServer(
      t,
      (socket) => {
        socket.once('data', () => {
          socket.write(chunkedHead());
          for (let i = 0; i < 200; i++) socket.write(chunk(piece));
          socket.write(chunk(''));
        });
      },
      { as: 'corp-server' },
    );
    const proxy = await testProxy(t);
    const send = open(t, { proxy: `127.0.0.1:${proxy.port}` });
    let length = 0;
    for await (const part of (await send(`https://llm.corp.test:${server.port}/`, post)).body) {
      length += part.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(length, 10_000_000);
  });

  test('is opened by any 2xx, whatever length it claims, after an interim answer too', async (t) => {
    for (const opened of [
      'HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11.1\r\n\r\n',
      'HTTP/1.1 204 Fine\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
      `HTTP/1.1 102 Wait\r\n\r\n${OPENED}`,
    ]) {
      const server = await tlsServer(t, (socket) => socket.on('data', () => socket.write(reply('ok'))), {
        as: 'corp-server',
      });
      const proxy = await testProxy(t, { opened });
      const send = open(t, { proxy: `127.0.0.1:${proxy.port}` });
      assert.equal(await textOf(await send(`https://llm.corp.test:${server.port}/`, post)), 'ok');
    }
  });

  test('that the far end closes between two requests is opened once more (case 86)', async (t) => {
    let served = 0;
    const server = await tlsServer(
      t,
      (socket) =>
        socket.on('data', () => {
          if (++served === 2) socket.destroy();
          else socket.write(reply(`answer ${served}`));
        }),
      { as: 'corp-server' },
    );
    const proxy = await testProxy(t);
    const send = open(t, { proxy: `127.0.0.1:${proxy.port}` });
    const ask = async (): Promise<string> => textOf(await send(`https://llm.corp.test:${server.port}/`, post));
    assert.equal(await ask(), 'answer 1');
    await settled(() => server.connections());
    assert.equal(await ask(), 'answer 3');
    assert.equal(proxy.heads.length, 2);
  });

  test('checks the certificate of the far end, and says by whom it was reached', async (t) => {
    const server = await tlsServer(t, () => {});
    const proxy = await testProxy(t);
    const send = open(t, { proxy: `127.0.0.1:${proxy.port}` });
    const fault = await faultOf(send(`https://llm.corp.test:${server.port}/`, post));
    assert.deepEqual([fault.kind, fault.data.upstreamCode, fault.retry], ['NETWORK', 'tls', 'elsewhere']);
    assert.equal(
      fault.message,
      `The TLS certificate of llm.corp.test:${server.port} (by the proxy 127.0.0.1:${proxy.port}) is not accepted: ` +
        'nobody we trust has signed it (DEPTH_ZERO_SELF_SIGNED_CERT).',
    );
  });
});

interface Refusal {
  readonly name: string;
  readonly says: string;
  readonly message: string;
  readonly retry: string;
  readonly next: RegExp;
}

const PAGE = '<html><body>sorry, pa55word</body></html>';
const REFUSALS: readonly Refusal[] = [
  {
    name: 'wants credentials',
    says: `HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="squid, proxy"\r\n\r\n${PAGE}`,
    message: "The proxy P does not accept the user name and the password of the provider's proxy setting (407).",
    retry: 'elsewhere',
    next: /^Write them into the provider's proxy setting, percent-encoded: http:\/\/USER:PASSWORD@127\.0\.0\.1:\d+\.$/,
  },
  {
    name: 'wants a way to authenticate that we do not speak',
    says: 'HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n',
    message: "The proxy P does not accept the user name and the password of the provider's proxy setting (407).",
    retry: 'elsewhere',
    next: /^It offers Negotiate, NTLM, and only Basic is spoken/,
  },
  {
    name: 'says 401 to a wrong password, as tinyproxy does',
    says: 'HTTP/1.0 401 Unauthorized\r\nServer: tinyproxy/1.11.1\r\n\r\n',
    message: "The proxy P does not accept the user name and the password of the provider's proxy setting (401).",
    retry: 'elsewhere',
    next: /^Write them into/,
  },
  {
    name: 'forbids it with a page',
    says: `HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 41\r\n\r\n${PAGE}`,
    message: 'The proxy P did not connect to llm.corp.test:443 (403).',
    retry: 'elsewhere',
    next: /NO_PROXY/,
  },
  {
    name: 'cannot reach it',
    says: 'HTTP/1.0 502 Bad Gateway\r\n\r\n',
    message: 'The proxy P did not connect to llm.corp.test:443 (502).',
    retry: 'again',
    next: /^Check that the proxy can reach llm\.corp\.test:443\.$/,
  },
  {
    name: 'redirects',
    says: 'HTTP/1.1 302 Found\r\nlocation: http://login.corp.test/\r\n\r\n',
    message: 'The proxy P did not connect to llm.corp.test:443 (302).',
    retry: 'elsewhere',
    next: /NO_PROXY/,
  },
  {
    name: 'speaks something else',
    says: 'SSH-2.0-OpenSSH_9.2\r\n',
    message: 'The proxy P did not answer in HTTP (status line).',
    retry: 'again',
    next: /^Check host, port and scheme/,
  },
  {
    name: 'sends a head without an end',
    says: `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(17_000)}`,
    message: 'The proxy P did not answer in HTTP (more than 16 KiB of headers).',
    retry: 'again',
    next: /^Check host, port and scheme/,
  },
  {
    name: 'puts bytes behind its answer (smuggling)',
    says: `${OPENED}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`,
    message: 'The proxy P did not answer in HTTP (bytes behind the answer to CONNECT).',
    retry: 'again',
    next: /^Check host, port and scheme/,
  },
  {
    name: 'folds a header',
    says: 'HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\n\r\n',
    message: 'The proxy P did not answer in HTTP (header line).',
    retry: 'again',
    next: /^Check host, port and scheme/,
  },
  {
    name: 'switches protocols',
    says: 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    message: 'The proxy P did not answer in HTTP (a switch of protocols).',
    retry: 'again',
    next: /^Check host, port and scheme/,
  },
];

describe('a proxy that', () => {
  async function refused(t: TestContext, script: ProxyScript): Promise<{ fault: Fault; where: string }> {
    const proxy = await testProxy(t, script);
    const where = `127.0.0.1:${proxy.port}`;
    const send = open(t, { proxy: `http://user:pa55word@${where}` });
    const fault = await faultOf(send('https://llm.corp.test/v1?key=pa55word', post));
    assert.doesNotMatch(JSON.stringify([fault.message, fault.data]), /pa55word|user:/);
    return { fault, where };
  }

  for (const { name, says, message, retry, next } of REFUSALS) {
    test(name, async (t) => {
      for (const size of [says.length, 1]) {
        const gone = latch<void>();
        const { fault, where } = await refused(t, {
          answer: (socket) => {
            void closed(socket).then(() => gone.resolve());
            socket.resume();
            for (let at = 0; at < says.length; at += size) socket.write(says.slice(at, at + size));
          },
        });
        assert.equal(fault.kind, 'NETWORK');
        assert.equal(fault.data.upstreamCode, 'proxy');
        assert.equal(fault.message, message.replace('P', where));
        assert.equal(fault.retry, retry);
        assert.match(fault.data.next ?? '', next);
        await gone.promise;
      }
    });
  }

  test('hangs up is NETWORK proxy', async (t) => {
    for (const answer of [
      (socket: { destroy(): void }) => socket.destroy(),
      (socket: { end(): void }) => socket.end(),
    ]) {
      const { fault, where } = await refused(t, { answer });
      assert.equal(fault.message, `The proxy ${where} closed the connection before it answered.`);
      assert.deepEqual([fault.data.upstreamCode, fault.retry], ['proxy', 'again']);
    }
  });

  test('hangs up in the middle of its answer is NETWORK proxy', async (t) => {
    const { fault } = await refused(t, { answer: (socket) => socket.end('HTTP/1.1 200 O') });
    assert.equal(fault.data.upstreamCode, 'proxy');
  });

  test('is not there is NETWORK proxy, naming the setting', async (t) => {
    const proxies = { https: `http://u:pa55word@127.0.0.1:${REFUSING_PORT}` };
    for (const url of ['https://llm.corp.test/', 'http://llm.corp.test/']) {
      const fault = await faultOf(open(t, { proxies: { ...proxies, http: proxies.https } })(url, post));
      assert.equal(fault.kind, 'NETWORK');
      assert.equal(fault.data.upstreamCode, 'proxy');
      assert.equal(fault.message, 'Nothing accepts connections at the proxy 127.0.0.1:2 (connection refused).');
      const setting = url.startsWith('https') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
      assert.equal(fault.data.next, `Check ${setting}, and that the proxy is running.`);
    }
  });

  test('is silent is ended by the connect clock', async (t) => {
    const clock = new FakeClock();
    const asked = latch<void>();
    const proxy = await testProxy(t, { answer: () => asked.resolve() });
    const sent = faultOf(open(t, { proxy: `127.0.0.1:${proxy.port}` }, clock)('https://llm.corp.test/', post));
    await asked.promise;
    clock.advance(10_000);
    const fault = await sent;
    assert.equal(fault.kind, 'TIMEOUT');
    assert.equal(
      fault.message,
      `Connecting to llm.corp.test:443 (by the proxy 127.0.0.1:${proxy.port}) took longer than 10 s.`,
    );
  });

  test('shows a certificate that nobody vouches for is NETWORK proxy, only tried elsewhere', async (t) => {
    const proxy = await testProxy(t, { isTls: true });
    // `tls.ca` is for the provider's certificate and not for the proxy's.
    const fault = await faultOf(open(t, { proxy: `https://localhost:${proxy.port}` })('https://llm.corp.test/', post));
    assert.deepEqual([fault.kind, fault.data.upstreamCode, fault.retry], ['NETWORK', 'proxy', 'elsewhere']);
    assert.match(fault.message, /^The TLS certificate of the proxy localhost:\d+ is not accepted: nobody we trust/);
    assert.equal(proxy.heads.length, 0);
  });

  test('is asked for a call that is called off loses its connection at once', async (t) => {
    const asked = latch<void>();
    const gone = latch<void>();
    const proxy = await testProxy(t, {
      answer: (socket) => {
        socket.resume();
        socket.on('close', () => gone.resolve());
        asked.resolve();
      },
    });
    const cancel = new CancelSource();
    const reason = new Fault('cancelled', 'Called off.');
    const sent = faultOf(
      open(t, { proxy: `127.0.0.1:${proxy.port}` })('https://llm.corp.test/', asking({ method: 'POST', cancel })),
    );
    await asked.promise;
    cancel.cancel(reason);
    assert.equal(await sent, reason);
    await gone.promise;
  });

  test('carries an answer that is left loses its connection at once', async (t) => {
    const gone = latch<void>();
    const server = await tlsServer(
      t,
      (socket) => {
        socket.on('close', () => gone.resolve());
        socket.on('data', () => socket.write(chunkedHead() + chunk('first').toString()));
      },
      { as: 'corp-server' },
    );
    const proxy = await testProxy(t);
    const send = open(t, { proxy: `127.0.0.1:${proxy.port}` });
    for await (const part of (await send(`https://llm.corp.test:${server.port}/`, post)).body) {
      assert.equal(String(part), 'first');
      break;
    }
    await gone.promise;
  });
});
