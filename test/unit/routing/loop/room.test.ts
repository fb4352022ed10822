import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { ChatRequest } from '../../../../src/providers/chat.ts';
import type { Ask } from '../../../../src/providers/dialect.ts';
import { firstRoom, roomStep } from '../../../../src/routing/loop/room.ts';

function chat(request: Partial<ChatRequest>): Ask {
  return { op: 'chat', stream: true, request: { model: 'm', messages: [], ...request } };
}

function capOf(ask: Ask): number | undefined {
  return ask.op === 'chat' ? ask.request.maxTokens : undefined;
}

const firstCap = (request: Partial<ChatRequest>, makesRoom = false): number | undefined =>
  capOf(firstRoom(chat(request), makesRoom).ask);

test('a small cap of a model that thinks is raised to the floor', () => {
  assert.equal(firstCap({ model: 'o3-mini', maxTokens: 100 }), 4096);
  assert.equal(firstCap({ model: 'o3-mini', maxTokens: 4095 }), 4096);
  assert.equal(firstCap({ model: 'o3-mini', maxTokens: 4096 }), 4096);
  assert.equal(firstCap({ model: 'o3-mini', maxTokens: 9000 }), 9000);
  assert.equal(firstCap({ model: 'o3-mini' }), undefined);
  assert.equal(firstCap({ model: 'llama3.2', maxTokens: 100 }), 100);
});

test('an effort that is asked for decides, whatever the name', () => {
  assert.equal(firstCap({ maxTokens: 100, reasoningEffort: 'low' }), 4096);
  assert.equal(firstCap({ model: 'o3-mini', maxTokens: 100, reasoningEffort: 'minimal' }), 100);
  assert.equal(firstCap({ model: 'qwen3:8b', maxTokens: 100, reasoningEffort: 'none' }), 100);
});

test('a dialect that makes room itself is left alone, and so is what is no chat', () => {
  assert.equal(firstCap({ maxTokens: 100, reasoningEffort: 'high' }, true), 100);
  const completion: Ask = { op: 'complete', stream: true, request: { model: 'o3', prompt: 'x', maxTokens: 16 } };
  assert.deepEqual(firstRoom(completion, false), { ask: completion, stage: 'asked' });
});

const starved = new Fault('EMPTY_ANSWER', 'x', { data: { isStarved: true } });

test('more room is four times as much and no less than 16384, and there is no more after that', () => {
  const grown = (maxTokens: number): unknown => {
    const asked = chat({ maxTokens });
    const step = roomStep(firstRoom(asked, false), asked, starved);
    assert.ok(step !== undefined && step.do === 'raise');
    assert.deepEqual(roomStep(step.room, asked, starved), { do: 'stop' });
    return [capOf(step.room.ask), step.room.line];
  };
  assert.deepEqual(grown(100), [16_384, 'max_tokens 100 -> 16384 (more room to think)']);
  assert.deepEqual(grown(8000), [32_000, 'max_tokens 8000 -> 32000 (more room to think)']);
});

test('a refusal goes back to the own cap only where the cap was raised, and is what it is about', () => {
  const asked = chat({ model: 'o3', maxTokens: 100 });
  const room = firstRoom(asked, false);
  const own = { do: 'own', room: { ask: asked, stage: 'own' } };
  assert.deepEqual(roomStep(room, asked, new Fault('INVALID_INPUT', 'max_tokens is too large')), own);
  assert.deepEqual(roomStep(room, asked, new Fault('INVALID_INPUT', 'x', { data: { param: 'num_predict' } })), own);
  assert.deepEqual(roomStep(room, asked, new Fault('CONTEXT_TOO_LONG', 'x')), own);
  assert.equal(roomStep(room, asked, new Fault('INVALID_INPUT', 'a tool has no name')), undefined);
  assert.equal(roomStep(room, asked, new Fault('RATE_LIMITED', 'too many tokens')), undefined);
  const plain = chat({ maxTokens: 100 });
  assert.equal(roomStep(firstRoom(plain, false), plain, new Fault('CONTEXT_TOO_LONG', 'x')), undefined);
});
