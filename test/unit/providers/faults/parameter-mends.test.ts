import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { FaultData } from '../../../../src/core/fault.ts';
import type { Mend } from '../../../../src/providers/dialect.ts';
import { parameterMends, sentPath } from '../../../../src/providers/faults/parameter-mends.ts';

const rules = { keeps: new Set(['messages']), renames: new Map([['max_tokens', 'max_completion_tokens']]) };

function mends(message: string, body: object, data: FaultData = {}): readonly Mend[] {
  return parameterMends(new Fault('INVALID_INPUT', message, { data: { status: 400, ...data } }), { ...body }, rules);
}

test('only what was sent is mended, and never what is asked', () => {
  assert.deepEqual(mends("Unknown parameter: 'seed'", { seed: 1 }), [{ action: 'drop', param: 'seed' }]);
  assert.deepEqual(mends("Unknown parameter: 'seed'", { top_p: 1 }), []);
  assert.deepEqual(mends("Unknown parameter: 'messages'", { messages: [] }), []);
  assert.deepEqual(mends('messages.0.name: Extra inputs are not permitted', { messages: [{}], name: 'x' }), []);
});

test('what is named is found where it stands', () => {
  const body = { options: { num_ctx: 1 }, reasoning: { effort: 'low' }, user: 'u' };
  assert.equal(sentPath(body, 'body.options.num_ctx'), 'options.num_ctx');
  assert.equal(sentPath(body, 'ChatRequest.user'), 'user');
  assert.equal(sentPath(body, 'reasoning.effort.level'), 'reasoning.effort');
  assert.equal(sentPath(body, 'reasoning.summary'), 'reasoning');
  assert.equal(sentPath(body, 'effort'), undefined);
  assert.equal(sentPath(body, '__proto__.user'), undefined);
  assert.equal(sentPath(body, 'search.user'), undefined);
});

test('a refused value becomes the nearest one taken, by the scale of efforts or by number', () => {
  const effort = (asked: string, ...taken: string[]): unknown =>
    mends(`Supported values are: ${taken.map((one) => `'${one}'`).join(', ')}.`, { e: asked }, { param: 'e' })[0];
  const set = (refused: string, value: string): object => ({ action: 'set', param: 'e', value, refused });
  assert.deepEqual(effort('minimal', 'low', 'medium', 'high'), set('minimal', 'low'));
  assert.deepEqual(effort('xhigh', 'low', 'medium', 'high'), set('xhigh', 'high'));
  assert.deepEqual(effort('none', 'minimal', 'low'), set('none', 'minimal'));
  assert.deepEqual(effort('low', 'minimal', 'medium'), set('low', 'minimal'));
  assert.deepEqual(effort('max', 'medium'), set('max', 'medium'));
  assert.equal(effort('loud', 'low', 'high'), undefined);
  assert.equal(effort('low', 'loud', 'quiet'), undefined);
  assert.deepEqual(mends('n must be one of: 1, 2 or 8.', { n: 4 }, { param: 'n' }), [
    { action: 'set', param: 'n', value: 2, refused: 4 },
  ]);
});

test('a value that is not taken and has no other is left out; a name that is not known may have another', () => {
  const data = { param: 'max_tokens', upstreamCode: 'unsupported_value' };
  assert.deepEqual(mends('Only the default (1) value is supported.', { max_tokens: 2 }, data), [
    { action: 'drop', param: 'max_tokens' },
  ]);
  assert.deepEqual(mends("Unsupported parameter: 'max_tokens'", { max_tokens: 2 }), [
    { action: 'rename', param: 'max_tokens', to: 'max_completion_tokens' },
  ]);
});
