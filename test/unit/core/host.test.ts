// Facts about host names: loopback that nobody can point elsewhere, authorities, origins.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLoopbackAddress, normalOrigin, placeOf } from '../../../src/core/host.ts';

describe('a loopback address', () => {
  for (const host of ['localhost', 'LocalHost', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) {
    test(`${host} is one`, () => assert.equal(isLoopbackAddress(host), true));
  }
  for (const host of [
    '',
    '0.0.0.0',
    '::',
    'a.localhost',
    'localhost.',
    'localhost.example',
    '127.0.0.1.nip.io',
    '127.1',
    '10.0.0.1',
  ]) {
    test(`${host} is none`, () => assert.equal(isLoopbackAddress(host), false));
  }
});

test('an authority is a name or an address, and perhaps a port', () => {
  assert.deepEqual(placeOf('MCP.example:8443'), { name: 'mcp.example', port: '8443' });
  assert.deepEqual(placeOf('[::1]'), { name: '[::1]', port: '' });
  for (const bad of ['', 'a b', 'a:b', 'a:1:2', 'u@a', 'a/b', 'a,b', '::1', 'a:123456']) {
    assert.equal(placeOf(bad), undefined, bad);
  }
});

test('equal origins are equal as text', () => {
  assert.equal(normalOrigin('HTTPS://App.example:443'), 'https://app.example');
  assert.equal(normalOrigin('http://app.example:80'), 'http://app.example');
  assert.equal(normalOrigin('http://app.example:443'), 'http://app.example:443');
  assert.equal(normalOrigin('vscode-webview://abc-1'), 'vscode-webview://abc-1');
  for (const bad of ['null', '', 'app.example', 'https://', 'https://a/b', 'https://u@a', 'https://a, https://b']) {
    assert.equal(normalOrigin(bad), undefined, bad);
  }
});
