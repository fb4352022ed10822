// NO_PROXY, entry by entry.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExempt } from '../../../../../src/providers/http/way/no-proxy.ts';

/** `host`, or `host port`, against NO_PROXY. */
function exempt(at: string, noProxy?: string): boolean {
  const [host = '', port = '443'] = at.split(' ');
  return isExempt({ host, port: Number(port) }, noProxy);
}

const CASES: readonly (readonly [noProxy: string, exempt: readonly string[], proxied: readonly string[]])[] = [
  ['*', ['a.test', '8.8.8.8', '2001:db8::1'], []],
  ['', ['localhost', 'x.localhost', '127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'], ['a.test', '10.0.0.1']],
  ['corp.test', ['corp.test', 'a.corp.test', 'CORP.test', 'corp.test.'], ['notcorp.test', 'corp.test.evil', 'test']],
  ['.corp.test', ['corp.test', 'a.b.corp.test'], ['xcorp.test']],
  ['*.corp.test', ['corp.test', 'a.corp.test'], ['xcorp.test']],
  ['Corp.Test.', ['corp.test'], ['corp.tes']],
  [' a.test ,\tb.test c.test,,', ['a.test', 'b.test', 'c.test'], ['d.test']],
  ['a.test:8443', ['a.test 8443', 'x.a.test 8443'], ['a.test 443', 'a.test 84430']],
  ['10.1.2.3', ['10.1.2.3', '::ffff:10.1.2.3'], ['10.1.2.4', 'x.10.1.2.3.test']],
  ['10.1.2.3:80', ['10.1.2.3 80'], ['10.1.2.3 81']],
  ['10.0.0.0/8', ['10.255.0.1', '10.0.0.0'], ['11.0.0.0', 'a.10.test']],
  ['0.0.0.0/0', ['8.8.8.8', '0.0.0.0'], ['2001:db8::1', 'a.test']],
  ['10.1.2.3/32', ['10.1.2.3'], ['10.1.2.2']],
  ['fd00::/8', ['fd12:3456::1', 'fdff::'], ['fe00::1', '10.0.0.1']],
  ['[fd00::]/8', ['fd12::1'], ['fe12::1']],
  ['2001:DB8:0::1', ['2001:db8::1'], ['2001:db8::2']],
  ['[2001:db8::1]:8080', ['2001:db8::1 8080'], ['2001:db8::1 80']],
  ['[2001:db8::1]', ['2001:db8::1'], ['2001:db8::11']],
  // What is nothing of this matches nothing.
  ['10.0.0.0/33,fd00::/129,/8,x/y,[,],.,:80,*.*,10.0.0.0/8/8', [], ['10.0.0.0', 'fd00::1', 'a.test 80']],
];

for (const [noProxy, direct, proxied] of CASES) {
  test(`"${noProxy}"`, () => {
    for (const at of direct) assert.equal(exempt(at, noProxy), true, at);
    for (const at of proxied) assert.equal(exempt(at, noProxy), false, at);
  });
}

test('nothing but loopback is exempt when it is not set', () => {
  assert.equal(exempt('localhost'), true);
  assert.equal(exempt('localhost.corp.test'), false);
});
