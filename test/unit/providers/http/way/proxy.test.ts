// Which proxy a URL goes by.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import { destinationOf } from '../../../../../src/providers/http/way/destination.ts';
import { proxyFor } from '../../../../../src/providers/http/way/proxy.ts';
import type { Route } from '../../../../../src/providers/http/way/route.ts';

function found(url: string, route: Route): string | undefined {
  const proxy = proxyFor(destinationOf(url), route);
  return proxy && `${proxy.secure ? 'tls ' : ''}${proxy.where} ${proxy.setting}`;
}

const ENV = { http: 'http://h:1', https: 'https://s:2', all: 'http://a:3', no: 'direct.test' };
const OWN = "the provider's proxy setting";

test('the environment names one by the scheme of the URL, else for all', () => {
  assert.equal(found('http://x.test/', { proxies: ENV }), 'h:1 HTTP_PROXY');
  assert.equal(found('https://x.test/', { proxies: ENV }), 'tls s:2 HTTPS_PROXY');
  assert.equal(found('https://x.test/', { proxies: { http: 'http://h:1' } }), undefined);
  assert.equal(found('https://x.test/', { proxies: { all: 'http://a:3' } }), 'a:3 ALL_PROXY');
  assert.equal(found('http://x.test/', { proxies: { http: '', all: 'http://a:3' } }), undefined);
  assert.equal(found('http://x.test/', {}), undefined);
});

test('exempt are loopback and what NO_PROXY names', () => {
  for (const url of ['http://localhost:11434/', 'https://127.0.0.1/', 'http://[::1]/', 'https://a.direct.test/']) {
    assert.equal(found(url, { proxies: ENV }), undefined);
  }
  // However an address is spelled, it is that address.
  for (const url of ['http://0x7f000001/', 'http://2130706433/', 'http://0177.1/', 'http://[::ffff:7f00:1]/']) {
    assert.equal(found(url, { proxies: ENV }), undefined);
  }
});

test('that of the provider is used for whatever it is set, and empty means none', () => {
  assert.equal(found('http://localhost/', { proxies: ENV, proxy: 'own:4' }), `own:4 ${OWN}`);
  assert.equal(found('https://a.direct.test/', { proxies: ENV, proxy: 'own:4' }), `own:4 ${OWN}`);
  assert.equal(found('https://x.test/', { proxies: ENV, proxy: '' }), undefined);
});

test('a Unix socket needs none', () => {
  assert.equal(found('http://x.test/', { proxies: ENV, proxy: 'own:4', socketPath: '/run/llm.sock' }), undefined);
});

test('ports are those of the scheme unless written; a scheme may be left out', () => {
  assert.equal(found('http://x.test/', { proxy: 'http://p' }), `p:80 ${OWN}`);
  assert.equal(found('http://x.test/', { proxy: 'https://p' }), `tls p:443 ${OWN}`);
  assert.equal(found('http://x.test/', { proxy: 'u:p@p:3128' }), `p:3128 ${OWN}`);
  assert.equal(found('http://x.test/', { proxy: '[::1]:3128' }), `[::1]:3128 ${OWN}`);
});

test('credentials are decoded and made into a header', () => {
  const proxy = proxyFor(destinationOf('http://x.test/'), { proxy: 'http://me%40corp:p%3Aw%0d%0a@p:1' });
  assert.equal(proxy?.authorization, `Basic ${Buffer.from('me@corp:p:w\r\n').toString('base64')}`);
  assert.doesNotMatch(proxy?.authorization ?? '', /[\r\n]/);
});

test('what is no HTTP proxy is CONFIG, and is not repeated', () => {
  for (const proxy of ['socks5://u:pa55word@p:1', 'ftp://pa55word', 'http://', 'http://pa55word:x']) {
    for (const [route, setting] of [
      [{ proxy }, OWN],
      [{ proxies: { all: proxy } }, 'ALL_PROXY'],
    ] as const) {
      assert.throws(
        () => found('http://x.test/', route),
        (error) =>
          error instanceof Fault &&
          error.kind === 'CONFIG' &&
          error.message === `What ${setting} names is not the address of an HTTP proxy.` &&
          error.data.next === 'Write it as http://HOST:PORT or https://HOST:PORT; SOCKS is not spoken.',
      );
    }
  }
  // Nobody goes by it.
  assert.equal(found('http://localhost/', { proxies: { all: 'socks5://p:1' } }), undefined);
});
