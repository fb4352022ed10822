// Tests of catalog/tools/virtual.ts: what a tool of the configuration lists, asks and answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalog } from '../../../src/catalog/catalog.ts';
import type { Tool, ToolContext, ToolResult } from '../../../src/catalog/tool.ts';
import type { VirtualToolSettings } from '../../../src/catalog/tools/virtual.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';
import type { Asked } from '../../support/models.ts';
import { nothingOffered } from '../../support/sources-of.ts';

const TRANSLATE: VirtualToolSettings = {
  name: 'translate',
  description: 'Translates.',
  arguments: [{ name: 'text', description: 'What.', required: true }, { name: 'to' }],
  system: 'In {{to}}.',
  prompt: '{{text}}',
  model: 'fast',
  temperature: 0,
  maxTokens: 500,
};

function site(
  settings: VirtualToolSettings,
  answer: string,
  ctx: Partial<ToolContext> = {},
): { tool: Tool; asked: Asked; call: (args: JsonObject) => Promise<ToolResult> } {
  const { models, asked } = scripted({ batches: [answering(answer)] });
  const catalog = createCatalog({
    ...nothingOffered(),
    models,
    providers: ['corp'],
    maxOutputChars: 1000,
    generateTemperature: 0.2,
    tools: [],
    virtualTools: [settings],
  });
  const [tool] = catalog.tools;
  assert.ok(tool !== undefined && catalog.find(settings.name) === tool);
  return { tool, asked, call: (args) => tool.run(tool.widen?.(args) ?? args, toolContext(ctx).ctx) };
}

test('its arguments are listed, and its texts filled with them', async () => {
  const { tool, asked, call } = site(TRANSLATE, 'Hallo');
  assert.deepEqual(tool.inputSchema, {
    type: 'object',
    properties: { text: { type: 'string', description: 'What.' }, to: { type: 'string' } },
    required: ['text'],
  });
  const result = await call({ text: '{{to}} Hello', to: 'German' });
  assert.deepEqual(asked.chat, [
    {
      model: 'fast',
      messages: [
        { role: 'system', content: 'In German.' },
        { role: 'user', content: '{{to}} Hello' },
      ],
      temperature: 0,
      maxTokens: 500,
    },
  ]);
  assert.deepEqual(result.content, [{ type: 'text', text: 'Hallo' }]);
  assert.equal(result.structuredContent, undefined);
});

test('an argument it does not have is refused', () => {
  const { tool } = site(TRANSLATE, '');
  assert.throws(() => tool.widen?.({ txt: 'x' }), { kind: 'INVALID_INPUT', message: /did you mean "text"/ });
});

test('with a schema it answers JSON, structured and as text', async () => {
  const output = { type: 'object', properties: { a: { type: 'integer' } } };
  const { asked, call } = site({ name: 'facts', description: 'd', arguments: [], prompt: 'p', output }, '{"a":1}');
  const result = await call({});
  assert.deepEqual(asked.chat[0]?.responseFormat, {
    type: 'json_schema',
    json_schema: { name: 'facts', schema: output },
  });
  assert.deepEqual([asked.chat[0]?.model, asked.chat[0]?.messages.length], ['', 1]);
  assert.deepEqual(result.structuredContent, { a: 1 });
  assert.deepEqual(result.content, [{ type: 'text', text: '{"a":1}' }]);
});

test('an answer that is no object is an error with what there is, never a success', async () => {
  const { call } = site(
    { name: 'facts', description: 'd', arguments: [], prompt: 'p', output: { type: 'object' } },
    '[1]',
  );
  await assert.rejects(call({}), { kind: 'INCOMPLETE', data: { partial: '[1]' } });
});

test('JSON that is said twice has half the room that its client has', async () => {
  const settings = { ...TRANSLATE, output: { type: 'object' } };
  const said = async (characters: number, structured: boolean): Promise<number> => {
    const answer = JSON.stringify({ text: 'x'.repeat(characters - 11) });
    const { content, structuredContent } = await site(settings, answer, { resultChars: 800, structured }).call({
      text: 'Hello',
    });
    assert.equal(content.length, structuredContent === undefined && characters > 400 && structured ? 2 : 1);
    return (
      JSON.stringify(structuredContent ?? '').length + String(content[0]?.type === 'text' && content[0].text).length
    );
  };
  assert.equal(await said(400, true), 800);
  assert.equal(await said(401, true), 402);
  assert.equal(await said(800, false), 802);
});

test('JSON that is too long for one result is text that says what is missing', async () => {
  const answer = JSON.stringify({ text: 'x'.repeat(2000) });
  const { content, structuredContent, isError } = await site({ ...TRANSLATE, output: { type: 'object' } }, answer).call(
    { text: 'Hello' },
  );
  assert.deepEqual([structuredContent, isError], [undefined, undefined]);
  assert.deepEqual(content[0], { type: 'text', text: answer.slice(0, 1000) });
  assert.match(JSON.stringify(content[1]), /longer than one result may be/);
});
