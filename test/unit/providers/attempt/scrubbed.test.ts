// Case 93: the key appears in nothing an upstream says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from '../../../../src/core/secrets.ts';
import { ScrubbedEvents } from '../../../../src/providers/attempt/scrubbed.ts';
import type { ChatEvent } from '../../../../src/providers/chat.ts';

const KEY = 'very-secret-key-1';

function scrub(events: readonly ChatEvent[]): ChatEvent[] {
  const secrets = new Secrets();
  secrets.add(KEY);
  const scrubbed = new ScrubbedEvents(secrets);
  const out: ChatEvent[] = [];
  for (const event of events) scrubbed.pass(event, out);
  return out;
}

const finish: ChatEvent = { type: 'finish', reason: 'stop' };

test('a key cut in two between events of one channel is found', () => {
  const out = scrub([{ type: 'text', text: 'It is very-sec' }, { type: 'text', text: 'ret-key-1.' }, finish]);
  assert.deepEqual(out, [{ type: 'text', text: 'It is ' }, { type: 'text', text: '[redacted].' }, finish]);
});

test('channels do not mix: text between the fragments of a tool call is no part of it', () => {
  const out = scrub([
    { type: 'tool', index: 0, id: 'a', name: 'f', arguments: '{"k":"very-' },
    { type: 'text', text: 'hello' },
    { type: 'tool', index: 0, arguments: 'secret-key-1"}' },
    finish,
  ]);
  assert.deepEqual(out, [
    { type: 'tool', index: 0, id: 'a', name: 'f', arguments: '{"k":"' },
    { type: 'text', text: 'hello' },
    { type: 'tool', index: 0, arguments: '[redacted]"}' },
    finish,
  ]);
});

test('what only began like a key is said before the finish, once, under its own channel', () => {
  const out = scrub([
    { type: 'reasoning', text: 'very-' },
    { type: 'tool', index: 2, id: 'a', name: 'f', arguments: '"very-sec', choice: 1 },
    finish,
  ]);
  assert.deepEqual(out, [
    { type: 'tool', index: 2, id: 'a', name: 'f', arguments: '"', choice: 1 },
    { type: 'reasoning', text: 'very-' },
    { type: 'tool', index: 2, arguments: 'very-sec', choice: 1 },
    finish,
  ]);
});

test('names are scrubbed too', () => {
  const out = scrub([
    { type: 'start', model: `m ${KEY}` },
    { type: 'tool', index: 0, id: 'a', name: KEY, arguments: '' },
  ]);
  assert.deepEqual(out, [
    { type: 'start', model: 'm [redacted]' },
    { type: 'tool', index: 0, id: 'a', name: '[redacted]', arguments: '' },
  ]);
});

test('text without a key passes untouched', () => {
  const event: ChatEvent = { type: 'text', text: 'nothing here', choice: 1 };
  assert.equal(scrub([event])[0], event);
});

test('a key in the address of an image is taken out, and one in its data breaks it, so that it is left out', () => {
  const data = Buffer.from(`xx${KEY}yy`).toString('base64');
  const out = scrub([
    { type: 'image', url: `https://img.example/?key=${KEY}` },
    { type: 'image', url: `data:image/png;base64,${data}`, choice: 1 },
    finish,
  ]);
  assert.deepEqual(out[0], { type: 'image', url: 'https://img.example/?key=[redacted]' });
  const broken = out[1];
  assert.ok(broken?.type === 'image' && broken.choice === 1 && broken.url.includes('[redacted]'));
  assert.ok(!broken.url.includes(data));
});
