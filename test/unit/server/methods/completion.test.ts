import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, McpClient } from '../../../support/mcp.ts';
import { OFFER } from '../offers.ts';

const prompt = { type: 'ref/prompt', name: 'ask' };
const template = { type: 'ref/resource', uri: 'test://t/{id}' };

async function completed(params: object, mcp?: McpClient): Promise<unknown> {
  const client = mcp ?? (await new McpClient({ catalog: () => OFFER }).shake('2025-11-25'));
  return at(await client.ask('completion/complete', params), 'result', 'completion');
}

test('values of an argument are suggested, and none where nothing is known', async () => {
  assert.deepEqual(await completed({ ref: prompt, argument: { name: 'model', value: 'g' } }), {
    values: ['g-1', 'g-2'],
    total: 2,
    hasMore: false,
  });
  const nothing = { values: [], total: 0, hasMore: false };
  assert.deepEqual(await completed({ ref: prompt, argument: { name: 'question', value: '' } }), nothing);
  const listed = { type: 'ref/resource', uri: 'test://text' };
  assert.deepEqual(await completed({ ref: listed, argument: { name: 'x', value: '' } }), nothing);
});

test('R-53, R-55: at most a hundred, with the number of all, in the light of the other arguments', async () => {
  const context = { arguments: { other: '-' } };
  const completion = await completed({ ref: template, argument: { name: 'id', value: 'n' }, context });
  assert.equal(at(completion, 'total'), 150);
  assert.equal(at(completion, 'hasMore'), true);
  assert.equal(at(completion, 'values', 99), 'n-99');
  assert.equal(at(completion, 'values', 100), undefined);
});

test('R-54: an unknown ref, and params of another form, are invalid', async () => {
  const argument = { name: 'model', value: '' };
  const bad: object[] = [
    { ref: { type: 'ref/prompt', name: 'nope' }, argument },
    { ref: { type: 'ref/resource', uri: 'x://{y}' }, argument },
    { ref: { type: 'ref/else', name: 'ask' }, argument },
    { ref: null, argument },
    { ref: prompt },
    { ref: prompt, argument: { name: 'model' } },
    { ref: prompt, argument: { name: 'nope', value: '' } },
    { ref: prompt, argument, context: { arguments: { a: 5 } } },
  ];
  const mcp = await new McpClient({ catalog: () => OFFER }).shake('2025-11-25');
  for (const params of bad) {
    assert.equal(at(await mcp.ask('completion/complete', params), 'error', 'code'), -32602, JSON.stringify(params));
  }
});

test('with messages it asks a model, in every revision', async () => {
  for (const date of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    const mcp = await new McpClient().shake(date);
    assert.deepEqual(
      await mcp.ask('completion/complete', { messages: [1], _meta: { progressToken: 1 } }),
      { result: { completion: { values: ['hello'], total: 1, hasMore: false }, asked: { messages: [1] } } },
      date,
    );
  }
  const reply = await new McpClient().modern('completion/complete', { prompt: { messages: [] } });
  assert.equal(at(reply, 'result', 'resultType'), 'complete');
  assert.deepEqual(at(reply, 'result', 'asked'), { prompt: { messages: [] } });
});
