// Targets of requests: what is plain, what is decoded, what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readTarget } from '../../../../src/transports/http/target.ts';
import type { Target } from '../../../../src/transports/http/target.ts';

const READ: Readonly<Record<string, Target>> = {
  '/mcp': { path: '/mcp', query: '' },
  '/': { path: '/', query: '' },
  '/v1/chat/completions': { path: '/v1/chat/completions', query: '' },
  '/.well-known/oauth-protected-resource': { path: '/.well-known/oauth-protected-resource', query: '' },
  '/a..b/...': { path: '/a..b/...', query: '' },
  '/mcp/': { path: '/mcp', query: '' },
  '//mcp': { path: '//mcp', query: '' },
  '/a%2fb/c%2Fd': { path: '/a/b/c/d', query: '', literal: '/a' },
  'http://x/a/b%2Fc?d': { path: '/a/b/c', query: 'd', authority: 'x', literal: '/a/b' },
  '/messages?sessionId=1%2F2': { path: '/messages', query: 'sessionId=1%2F2' },
  '/a?b?c': { path: '/a', query: 'b?c' },
  '/m%63p': { path: '/mcp', query: '' },
  '/%E2%82%AC': { path: '/€', query: '' },
  '/%252e%252e/x': { path: '/%2e%2e/x', query: '' },
  '*': { path: '*', query: '' },
  'http://h.example:8000/mcp?x': { path: '/mcp', query: 'x', authority: 'h.example:8000' },
  'HTTPS://[::1]': { path: '/', query: '', authority: '[::1]' },
};

const REFUSED: readonly string[] = [
  '',
  'mcp',
  '/a/../b',
  '/..',
  '/./a',
  '/%2e%2e/b',
  '/.%2E/b',
  '/a%5Cb',
  '/a\\b',
  '/a%00',
  '/a%0d%0a',
  '/a%7f',
  '/a%',
  '/a%zz',
  '/%ff',
  '/a#b',
  '/a b',
  '/a\tb',
  '/é',
  '/a<b',
  '/a"b',
  'ftp://h/a',
  'http://',
  'http://u@h/a',
  'http://h\\x/a',
  '?a=b',
];

describe('a target', () => {
  for (const [raw, target] of Object.entries(READ)) {
    test(`${raw} is read`, () => assert.deepEqual(readTarget(raw), target));
  }
  for (const raw of REFUSED) {
    test(`${JSON.stringify(raw)} is refused`, () => assert.equal(readTarget(raw), undefined));
  }
});
