import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, McpClient } from '../../../support/mcp.ts';
import { OFFER } from '../offers.ts';

const client = (date = '2025-11-25'): Promise<McpClient> => new McpClient({ catalog: () => OFFER }).shake(date);

test('what is listed has the members of the revision, of arguments too', async () => {
  assert.deepEqual(at(await (await client()).ask('prompts/list'), 'result', 'prompts'), [
    {
      name: 'ask',
      title: 'Ask',
      description: 'Asks.',
      arguments: [{ name: 'question', title: 'Question', required: true }, { name: 'model' }],
    },
  ]);
  assert.deepEqual(at(await (await client('2025-03-26')).ask('prompts/list'), 'result', 'prompts'), [
    { name: 'ask', description: 'Asks.', arguments: [{ name: 'question', required: true }, { name: 'model' }] },
  ]);
});

test('R-52: a prompt is its messages, each with one block of content', async () => {
  const reply = await (await client()).ask('prompts/get', { name: 'ask', arguments: { question: 'Why?', model: 'm' } });
  assert.deepEqual(at(reply, 'result'), {
    description: 'Asks.',
    messages: [{ role: 'user', content: { type: 'text', text: 'Why? m' } }],
  });
});

test('R-51: an unknown prompt and bad arguments are invalid params', async () => {
  const mcp = await client();
  const bad: [params: object, says: RegExp][] = [
    [{ name: 'nope' }, /Unknown prompt: "nope"/],
    [{ name: 'ask' }, /"question" is missing/],
    [{ name: 'ask', arguments: { model: 'm' } }, /"question" is missing/],
    [{ name: 'ask', arguments: { question: 'q', modle: 'm' } }, /no argument "modle"/],
    [{ name: 'ask', arguments: { question: 5 } }, /arguments.question must be a string/],
    [{ name: 'ask', arguments: 'q' }, /arguments must be an object/],
    [{ arguments: {} }, /name must be a string/],
  ];
  for (const [params, says] of bad) {
    const reply = await mcp.ask('prompts/get', params);
    assert.equal(at(reply, 'error', 'code'), -32602);
    assert.match(String(at(reply, 'error', 'message')), says);
  }
});
