// What is wrong with the settings of a route, told before the first call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeFault } from '../../../../../src/providers/http/way/route.ts';
import type { Route } from '../../../../../src/providers/http/way/route.ts';
import { pem } from '../tls.ts';

const URL = 'https://llm.corp.test/v1';
const cert = pem('corp-client.cert');
const key = pem('corp-client.key');

function said(route: Route, client: 'pooled' | 'fetch' = 'pooled'): string | undefined {
  const fault = routeFault(route, URL, client);
  assert.equal(fault?.kind, fault && 'CONFIG');
  return fault?.message;
}

test('whole settings are not complained of', () => {
  assert.equal(said({}), undefined);
  assert.equal(
    said({ tls: { ca: pem('corp-ca.cert'), cert, key, serverName: 'x' }, authorities: cert, proxy: 'p:1' }),
    undefined,
  );
  assert.equal(said({ socketPath: '/run/llm.sock' }), undefined);
});

test('text that is not PEM names the setting and repeats nothing', () => {
  assert.equal(said({ tls: { ca: '/etc/ca.pem' } }), 'tls.ca holds no certificate in PEM form.');
  assert.equal(said({ tls: { ca: key } }), 'tls.ca holds no certificate in PEM form.');
  assert.equal(said({ tls: { cert: key, key } }), 'tls.cert holds no certificate in PEM form.');
  assert.equal(said({ tls: { cert, key: cert } }), 'tls.key holds no private key in PEM form.');
  assert.equal(said({ authorities: '' }), 'SSL_CERT_FILE holds no certificate in PEM form.');
});

test('a certificate goes with its key', () => {
  assert.equal(said({ tls: { cert } }), 'A client certificate needs tls.cert and tls.key; tls.key is missing.');
  assert.equal(said({ tls: { key } }), 'A client certificate needs tls.cert and tls.key; tls.cert is missing.');
});

test('a key with a passphrase is of no use', () => {
  for (const locked of [
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n',
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nMII=\n-----END RSA PRIVATE KEY-----\n',
  ]) {
    assert.equal(said({ tls: { cert, key: locked } }), 'The key of tls.key is locked with a passphrase.');
  }
});

test('a proxy that cannot be used, for a provider that would go by it', () => {
  assert.equal(
    said({ proxies: { https: 'socks5://p:1' } }),
    'What HTTPS_PROXY names is not the address of an HTTP proxy.',
  );
  assert.equal(said({ proxies: { https: 'socks5://p:1', no: 'corp.test' } }), undefined);
});

test('the built-in fetch can do none of it', () => {
  const message = (setting: string): string =>
    `The setting ${setting} of a provider does not work with UPSTREAM_CLIENT=fetch.`;
  assert.equal(said({ proxy: 'http://p:1' }, 'fetch'), message('proxy'));
  assert.equal(said({ tls: { ca: cert } }, 'fetch'), message('tls'));
  assert.equal(said({ socketPath: '/run/llm.sock' }, 'fetch'), message('socketPath'));
  assert.equal(routeFault({ proxy: 'http://p:1' }, URL, 'fetch')?.data.next, 'Unset UPSTREAM_CLIENT.');
  // Node heeds the environment's by itself where it is told to.
  assert.equal(said({ proxies: { all: 'http://p:1' }, proxy: '' }, 'fetch'), undefined);
});
