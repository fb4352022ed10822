import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { AnswerCheck } from '../../../../src/providers/attempt/answer-check.ts';
import type { ChatEvent } from '../../../../src/providers/chat.ts';

function verdict(...events: readonly ChatEvent[]): Fault | undefined {
  const check = new AnswerCheck(new Secrets());
  check.pass(events);
  try {
    check.verify();
    return undefined;
  } catch (thrown) {
    return Fault.from(thrown);
  }
}

test('a filtered answer says which category it was', () => {
  const fault = verdict({ type: 'text', text: 'I' }, { type: 'finish', reason: 'content_filter', category: 'hate' });
  assert.equal(fault?.message, "The upstream's content filter stopped the answer (hate).");
  assert.equal(fault?.data.category, 'hate');
});

test('an answer that may only have lacked room says so', () => {
  const thought: ChatEvent = { type: 'reasoning', text: 'hm' };
  const starved = (...events: readonly ChatEvent[]): boolean | undefined => verdict(...events)?.data.isStarved;
  assert.equal(starved({ type: 'finish', reason: 'length' }), true);
  assert.equal(starved(thought, { type: 'finish', reason: 'stop' }), true);
  assert.equal(starved({ type: 'finish', reason: 'stop' }), undefined);
  assert.equal(verdict({ type: 'text', text: 'H' }, { type: 'finish', reason: 'length' }), undefined);
});

test('an answer of nothing but an image is an answer', () => {
  const image: ChatEvent = { type: 'image', url: 'https://img.example/1' };
  assert.equal(verdict(image, { type: 'finish', reason: 'stop' }), undefined);
  assert.equal(verdict(image, { type: 'finish', reason: 'length' }), undefined);
});
