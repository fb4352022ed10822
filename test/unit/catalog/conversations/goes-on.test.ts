// Tests of conversations kept for chat: what is sent, what is kept, and whose it is.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createCatalog } from '../../../../src/catalog/catalog.ts';
import type { Catalog, ToolContext } from '../../../../src/catalog/tool.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { Histories } from '../../../../src/jobs/histories.ts';
import type { ChatRequest } from '../../../../src/providers/chat.ts';
import { FakeClock } from '../../../support/clock.ts';
import { answering, scripted, toolContext } from '../../../support/models.ts';
import type { Script } from '../../../support/models.ts';
import { root } from '../../../support/root.ts';
import { nothingOffered } from '../../../support/sources-of.ts';

interface Site {
  readonly catalog: Catalog;
  readonly asked: readonly ChatRequest[];
  readonly script: { batches: NonNullable<Script['batches']> };
  readonly call: (tool: string, args: JsonObject, more?: Partial<ToolContext>) => Promise<JsonObject>;
}

const files = join(root, 'fixtures', 'conversations', 'files', 'open');

function site(isOn = true): Site {
  const script: Site['script'] = { batches: [answering('Hello!')] };
  const { models, asked } = scripted(script);
  const catalog = createCatalog({
    ...nothingOffered(),
    models,
    providers: ['corp'],
    maxOutputChars: 1000,
    generateTemperature: 0.2,
    tools: ['chat'],
    allowedRoots: [files],
    ...(isOn
      ? { conversations: new Histories<JsonObject>(new FakeClock(0, 1_767_225_600_000), { mostChars: 300 }) }
      : {}),
  });
  return {
    catalog,
    asked: asked.chat,
    script,
    async call(tool, args, more = { owner: '' }) {
      const found = catalog.find(tool);
      assert.ok(found !== undefined, tool);
      const result = await found.run(found.widen?.(args) ?? args, toolContext(more).ctx);
      return result.structuredContent ?? {};
    },
  };
}

const sent = (request: ChatRequest | undefined): readonly string[] =>
  (request?.messages ?? []).map(({ role, content }) => `${role}: ${JSON.stringify(content)}`);

test('a call of a session is sent with what was said before', async () => {
  const { call, asked } = site();
  await call('chat', { prompt: 'Hi', session: 's' });
  await call('chat', { prompt: 'And now?', session: 's' });
  assert.deepEqual(sent(asked[1]), ['user: "Hi"', 'assistant: "Hello!"', 'user: "And now?"']);
});

test('calls of another session, of another owner or of none see nothing of it', async () => {
  const { call, asked } = site();
  await call('chat', { prompt: 'Hi', session: 's' });
  await call('chat', { prompt: 'a', session: 't' });
  await call('chat', { prompt: 'b', session: 's' }, { owner: 'ci' });
  await call('chat', { prompt: 'c' });
  await call('chat', { prompt: 'd', session: '' });
  assert.deepEqual(
    asked.slice(1).map((request) => sent(request)),
    [['user: "a"'], ['user: "b"'], ['user: "c"'], ['user: "d"']],
  );
  await assert.rejects(call('conversations', { action: 'get', session: 't' }, { owner: 'ci' }), {
    kind: 'INVALID_INPUT',
    message: 'There is no conversation "t".',
  });
});

test('whoever cannot be told from others keeps nothing', async () => {
  const { call, asked } = site();
  await assert.rejects(call('chat', { prompt: 'Hi', session: 's' }, {}), { kind: 'INVALID_INPUT' });
  await assert.rejects(call('conversations', {}, {}), { kind: 'INVALID_INPUT' });
  assert.equal(asked.length, 0);
});

test('a call that fails leaves what is kept as it was', async () => {
  const { call, asked, script } = site();
  await call('chat', { prompt: 'Hi', session: 's' });
  script.batches = [new Fault('UPSTREAM', 'Down.')];
  await assert.rejects(call('chat', { prompt: 'lost', session: 's' }), { kind: 'UPSTREAM' });
  await assert.rejects(call('chat', { prompt: 'bad', session: 's', provider: 'nobody' }), { kind: 'INVALID_INPUT' });
  script.batches = [answering('Again.')];
  await call('chat', { prompt: 'Still there?', session: 's' });
  assert.deepEqual(sent(asked.at(-1)), ['user: "Hi"', 'assistant: "Hello!"', 'user: "Still there?"']);
});

test('calls of one session at the same time are one after the other', async () => {
  const { call, asked } = site();
  await Promise.all([call('chat', { prompt: 'one', session: 's' }), call('chat', { prompt: 'two', session: 's' })]);
  assert.deepEqual(sent(asked[1]), ['user: "one"', 'assistant: "Hello!"', 'user: "two"']);
});

test('instructions stay, until others take their place', async () => {
  const { call, asked } = site();
  await call('chat', { prompt: 'a', system: 'Be brief.', session: 's' });
  await call('chat', { prompt: 'b', session: 's' });
  await call('chat', { prompt: 'c', system: 'Be long.', session: 's' });
  await call('chat', { prompt: 'd', session: 's' });
  const roles = (n: number): string => (asked[n]?.messages ?? []).map(({ role }) => role[0]).join('');
  assert.deepEqual([roles(1), roles(2), roles(3)], ['suau', 'suauau', 'suauauau']);
  assert.deepEqual(
    asked.map(({ messages }) => messages[0]?.content),
    ['Be brief.', 'Be brief.', 'Be long.', 'Be long.'],
  );
});

test('the result of a tool goes on from the call that is kept', async () => {
  const { call, asked, script } = site();
  script.batches = [
    [
      { type: 'tool', index: 0, id: 'c1', name: 'now', arguments: '{}' },
      { type: 'finish', reason: 'tool_calls' },
    ],
  ];
  const tools = [{ type: 'function', function: { name: 'now' } }];
  await call('chat', { prompt: 'Time?', tools, session: 's' });
  script.batches = [answering('Noon.')];
  await call('chat', { messages: [{ role: 'tool', tool_call_id: 'c1', content: '12:00' }], tools, session: 's' });
  assert.deepEqual(
    asked[1]?.messages.map(({ role }) => role),
    ['user', 'assistant', 'tool'],
  );
});

test('images are kept with the message they came with', async () => {
  const { call, asked } = site();
  await call('chat', { prompt: 'What?', images: ['https://a.example/x.png'], session: 's' });
  await call('chat', { prompt: 'Sure?', session: 's' });
  assert.deepEqual(asked[1]?.messages[0]?.content, [
    { type: 'text', text: 'What?' },
    { type: 'image', url: 'https://a.example/x.png' },
  ]);
});

test('files are kept as they were when they were named', async () => {
  const { call, asked } = site();
  await call('chat', { prompt: 'What?', files: [join(files, 'note.md')], session: 's' });
  await call('chat', { prompt: 'Sure?', session: 's' });
  assert.deepEqual(sent(asked[1]), [
    'user: "<file name=\\"note.md\\">\\nBring milk.\\n</file>\\n\\nWhat?"',
    'assistant: "Hello!"',
    'user: "Sure?"',
  ]);
});

test('a conversation that is too long is not cut but refused', async () => {
  const { call, asked } = site();
  await call('chat', { prompt: 'x'.repeat(200), session: 's' });
  await assert.rejects(call('chat', { prompt: 'y'.repeat(100), session: 's' }), {
    message: 'Invalid arguments: session "s" is as long as a conversation may be.',
  });
  assert.equal(asked.length, 1);
});

test('names that are none, and calls that say nothing, are refused', async () => {
  const { call } = site();
  for (const session of ['a b', '../x', 'x'.repeat(129), '{}']) {
    await assert.rejects(call('chat', { prompt: 'Hi', session }), { kind: 'INVALID_INPUT' }, session);
  }
  await assert.rejects(call('chat', { session: 's' }), { message: /messages or prompt is required/ });
  await assert.rejects(call('chat', { prompt: 'a', messages: [{ role: 'user', content: 'b' }], session: 's' }), {
    message: /prompt cannot be given together with messages/,
  });
});

describe('the tool', () => {
  test('lists, shows and drops what is the callers own', async () => {
    const { call, asked } = site();
    await call('chat', { prompt: 'Hi', session: 's' });
    assert.deepEqual(await call('conversations', {}), {
      conversations: [{ session: 's', messages: 2, characters: 72, updated_at: '2026-01-01T00:00:00.000Z' }],
    });
    assert.deepEqual(await call('conversations', { action: 'get', session: 's' }), {
      session: 's',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello!' },
      ],
    });
    assert.deepEqual(await call('conversations', { action: 'drop', session: 's' }), { session: 's', dropped: true });
    assert.deepEqual(await call('conversations', { action: 'list' }), { conversations: [] });
    await assert.rejects(call('conversations', { action: 'drop', session: 's' }), { kind: 'INVALID_INPUT' });
    await call('chat', { prompt: 'Anew', session: 's' });
    assert.deepEqual(sent(asked.at(-1)), ['user: "Anew"']);
  });
});

test('where none are kept there is neither the argument nor the tool', () => {
  const { catalog } = site(false);
  const chat = catalog.find('chat');
  assert.equal(Object.hasOwn(chat?.inputSchema.properties ?? {}, 'session'), false);
  assert.throws(() => chat?.widen?.({ prompt: 'Hi', session: 's' }), { kind: 'INVALID_INPUT' });
  assert.equal(catalog.find('conversations'), undefined);
});
