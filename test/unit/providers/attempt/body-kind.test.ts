// Cases 44 and 45: the body decides.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyKind, firstByteAt } from '../../../../src/providers/attempt/body-kind.ts';

const kind = (type: string | null, text: string): string => bodyKind(type, Buffer.from(text), 'sse');

test('44: a reply is a reply under any name', () => {
  assert.equal(kind('text/event-stream', '{"id":1}'), 'reply');
  assert.equal(kind(null, '\n [1]'), 'reply');
  assert.equal(kind('application/json', 'nonsense'), 'reply');
});

test('44: a stream is a stream under any name', () => {
  assert.equal(kind('application/json', 'data: x'), 'events');
  assert.equal(kind('application/json', ': ping'), 'events');
  assert.equal(kind('Text/Event-Stream; charset=utf-8', 'anything'), 'events');
  assert.equal(kind('text/plain', 'event: x'), 'events');
});

test('one line of a stream of lines is a stream, unless it is said to be all', () => {
  assert.equal(bodyKind('application/x-ndjson', Buffer.from('{}'), 'ndjson'), 'events');
  assert.equal(bodyKind(null, Buffer.from('{}'), 'ndjson'), 'events');
  assert.equal(bodyKind('application/json; charset=utf-8', Buffer.from('{}'), 'ndjson'), 'reply');
  assert.equal(bodyKind('text/html', Buffer.from('{}'), 'ndjson'), 'page');
});

test('45: a page is a page', () => {
  assert.equal(kind('text/html', '{}'), 'page');
  assert.equal(kind('application/json', ' <html>'), 'page');
  assert.equal(kind('application/xhtml+xml', 'x'), 'page');
});

test('a body that never begins is a stream without events', () => {
  assert.equal(bodyKind('text/event-stream', undefined, 'sse'), 'events');
  assert.equal(firstByteAt(Buffer.from(' \r\n\t')), -1);
  assert.equal(firstByteAt(Buffer.from(' \nx')), 2);
});
