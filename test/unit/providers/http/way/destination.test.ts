// How a URL is taken apart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import { destinationOf } from '../../../../../src/providers/http/way/destination.ts';

test('ports, paths and queries', () => {
  assert.deepEqual(destinationOf('https://api.test/v1/chat?a=1#frag'), {
    secure: true,
    host: 'api.test',
    port: 443,
    authority: 'api.test',
    path: '/v1/chat?a=1',
    where: 'api.test:443',
  });
  assert.deepEqual(destinationOf('http://localhost:8080'), {
    secure: false,
    host: 'localhost',
    port: 8080,
    authority: 'localhost:8080',
    path: '/',
    where: 'localhost:8080',
  });
  assert.equal(destinationOf('http://h/').port, 80);
});

test('an IPv6 literal is dialled without its brackets and shown with them', () => {
  const { host, authority, where } = destinationOf('http://[::1]:9/');
  assert.deepEqual([host, authority, where], ['::1', '[::1]:9', '[::1]:9']);
});

test('user information becomes a header and is shown nowhere', () => {
  const { authorization, ...shown } = destinationOf('https://me%40x:pa%25ss@h.test/p');
  assert.equal(authorization, 'Basic bWVAeDpwYSVzcw==');
  assert.ok(!JSON.stringify(shown).includes('ss@'));
  assert.ok(!JSON.stringify(shown).includes('me@'));
  // Not decodable: taken as it stands.
  assert.equal(destinationOf('http://u:%zz@h/').authorization, 'Basic dToleno=');
});

test('anything else is CONFIG, and is not repeated', () => {
  for (const text of ['', 'sk-secret', 'file:///sk-secret', 'wss://sk-secret/', 'http://sk-secret:x/']) {
    assert.throws(
      () => destinationOf(text),
      (error) => error instanceof Fault && error.kind === 'CONFIG' && !error.message.includes('secret'),
    );
  }
});
