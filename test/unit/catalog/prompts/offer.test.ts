// Tests of catalog/prompts/: what our prompts say, and those of the configuration.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PromptSettings } from '../../../../src/catalog/prompts/configured.ts';
import { offeredPrompts } from '../../../../src/catalog/prompts/offer.ts';
import { filled } from '../../../../src/catalog/prompts/template.ts';
import { scripted, toolContext } from '../../../support/models.ts';
import { sourcesOf } from '../../../support/sources-of.ts';

const REVIEW: PromptSettings = {
  name: 'review',
  title: 'Review',
  description: 'Reviews code.',
  arguments: [{ name: 'code', required: true }, { name: 'model' }],
  messages: [
    { role: 'user', text: 'Review {{ code }}{{code}} as {{model}}.' },
    { role: 'assistant', text: 'Yes.' },
  ],
};

async function textOf(name: string, args: Record<string, string>, tools = ['chat']): Promise<string> {
  const prompt = offeredPrompts([REVIEW], sourcesOf(), tools).find((one) => one.name === name);
  const result = await prompt?.get(args, toolContext().ctx);
  return (result?.messages ?? [])
    .map(({ role, content }) => `${role}: ${'text' in content ? String(content.text) : ''}`)
    .join('\n');
}

test('ask says which tool to call with what', async () => {
  assert.equal(
    await textOf('ask', { question: 'Why?', model: 'gpt-4o' }),
    'user: Call the tool chat with model "gpt-4o" with the question below as its prompt, and show me the answer as it is, ' +
      'without changing it.\n\n<question>\nWhy?\n</question>',
  );
  assert.match(
    await textOf('ask', { question: 'Why?' }, ['generate']),
    /^user: Call the tool generate without naming a model /,
  );
});

test('second_opinion hands on the answer, and the question where it is known', async () => {
  const both = await textOf('second_opinion', { answer: '42', question: 'What?' });
  assert.match(both, /<question>\nWhat\?\n<\/question>\n\n<answer>\n42\n<\/answer>$/);
  assert.doesNotMatch(await textOf('second_opinion', { answer: '42' }), /<question>/);
});

test('our prompts are not offered where no tool asks a model', () => {
  const names = (tools: readonly string[]): string[] =>
    offeredPrompts([REVIEW], sourcesOf(), tools).map(({ name }) => name);
  assert.deepEqual(names(['chat']), ['ask', 'second_opinion', 'review']);
  assert.deepEqual(names(['list_models']), ['review']);
});

test('a prompt of the configuration takes the place of ours of its name', () => {
  const prompts = offeredPrompts([{ ...REVIEW, name: 'ask' }], sourcesOf(), ['chat']);
  assert.deepEqual(
    prompts.map(({ name, title }) => [name, title]),
    [
      ['second_opinion', 'Second opinion'],
      ['ask', 'Review'],
    ],
  );
});

test('places are filled with what was given, which is no template itself', async () => {
  assert.equal(await textOf('review', { code: '{{model}}' }), 'user: Review {{model}}{{model}} as .\nassistant: Yes.');
  assert.equal(filled('{{a}} {{toString}} {{ a-b }} {a}', { a: '$&', 'a-b': '2' }), '$&  2 {a}');
});

test('model is completed in each of them', async () => {
  const { models } = scripted({ models: [{ id: 'gpt-4o', provider: 'corp' }] });
  for (const prompt of offeredPrompts([REVIEW], sourcesOf({ models }), ['chat'])) {
    const found = await prompt.complete?.({ name: 'model', value: 'g' }, {}, toolContext().ctx);
    assert.deepEqual(found, ['gpt-4o'], prompt.name);
  }
});
