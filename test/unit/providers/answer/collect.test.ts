import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../../../src/providers/answer/collect.ts';
import type { Answer } from '../../../../src/providers/answer/collect.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { ChatEvent, Hear } from '../../../../src/providers/chat.ts';
import { answering, scripted, toolContext } from '../../../support/models.ts';
import type { Heard } from '../../../support/models.ts';
import { PNG, PNG_URL } from '../../../support/pictures.ts';

type Batch = readonly ChatEvent[] | Error;

const text = (words: string, choice?: number): ChatEvent => ({
  type: 'text',
  text: words,
  ...(choice === undefined ? {} : { choice }),
});
const stop: ChatEvent = { type: 'finish', reason: 'stop' };
const restart: ChatEvent = { type: 'restart', attempt: 2, reason: new Fault('INCOMPLETE', 'cut') };

interface Terms {
  readonly silent?: boolean;
  readonly maxChars?: number;
}

async function collected(batches: readonly Batch[], terms: Terms = {}): Promise<{ answer: Answer; heard: Heard }> {
  const { ctx, heard } = toolContext();
  const { models } = scripted({ batches });
  const served = { provider: '', model: '', attempts: [], changed: [] };
  const stream = (hear: Hear): Promise<void> => models.chat({ model: '', messages: [] }, { ...ctx, served }, hear);
  const restarted = (attempt: number): void => ctx.phase('restart', attempt);
  const answer = await collect(stream, { progress: ctx.progress, restarted, silent: false, maxChars: 1000, ...terms });
  return { answer, heard };
}

async function failure(batches: readonly Batch[], terms: Terms = {}): Promise<Fault> {
  try {
    await collected(batches, terms);
  } catch (thrown) {
    return Fault.from(thrown);
  }
  return assert.fail('nothing was thrown');
}

test('an answer is its events gathered, and is heard batch by batch', async () => {
  const { answer, heard } = await collected([[text('Hel'), text('lo')], [text(' you')], answering('.')]);
  assert.deepEqual(answer, {
    text: 'Hello you.',
    omitted: 0,
    reasoning: '',
    reasoningDetails: [],
    toolCalls: [],
    images: undefined,
    usage: { inputTokens: 3, outputTokens: 5 },
    finishReason: 'stop',
    id: 'chatcmpl-1',
    statedModel: 'gpt-4o-mini-2024',
    created: 1_700_000_000,
  });
  assert.deepEqual(heard, { texts: ['Hello', ' you', '.'], counted: 0 });
});

test('reasoning is counted, never shown as text, and kept up to 8,000 characters', async () => {
  const { answer, heard } = await collected([
    [{ type: 'reasoning', text: 'hm' }],
    [{ type: 'reasoning', text: `${'x'.repeat(7997)}😀y` }],
    [text('so'), stop],
  ]);
  assert.equal(answer.reasoning, `hm${'x'.repeat(7997)}`);
  assert.deepEqual(heard, { texts: ['so'], counted: 8002 });
});

test('a silenced answer is only counted', async () => {
  const { answer, heard } = await collected([[text('Hello')], [text('!'), stop]], { silent: true });
  assert.equal(answer.text, 'Hello!');
  assert.deepEqual(heard, { texts: [], counted: 6 });
});

test('WIRE 33, 34, 37: tool calls are put together by index; no arguments mean {}', async () => {
  const { answer, heard } = await collected([
    [{ type: 'tool', index: 1, id: 'b', name: 'two', arguments: '' }],
    [
      { type: 'tool', index: 0, id: 'a', name: 'one', arguments: '{"x"' },
      { type: 'tool', index: 2, name: 'three', arguments: '[]' },
    ],
    [
      { type: 'tool', index: 0, arguments: ':1}' },
      { type: 'finish', reason: 'tool_calls' },
    ],
  ]);
  assert.deepEqual(answer.toolCalls, [
    { id: 'a', name: 'one', arguments: '{"x":1}' },
    { id: 'b', name: 'two', arguments: '{}' },
    { id: 'call_2', name: 'three', arguments: '[]' },
  ]);
  assert.deepEqual(heard, { texts: [], counted: 9 });
});

test('WIRE 48: only the first choice is the answer', async () => {
  const { answer } = await collected([
    [text('a', 0), text('b', 1), text('c'), { type: 'finish', reason: 'length', choice: 1 }],
    [{ type: 'tool', index: 0, id: 'x', name: 'y', arguments: '', choice: 1 }, stop],
  ]);
  assert.equal(answer.text, 'ac');
  assert.equal(answer.finishReason, 'stop');
  assert.deepEqual(answer.toolCalls, []);
});

test('a restart drops everything that was gathered', async () => {
  const { answer, heard } = await collected([
    [
      ...answering('wrong'),
      { type: 'reasoning', text: 'bad' },
      { type: 'tool', index: 0, id: 'a', name: 'b', arguments: '' },
    ],
    [text('unheard'), restart, text('ri')],
    [text('ght'), stop],
  ]);
  assert.deepEqual(answer, {
    text: 'right',
    omitted: 0,
    reasoning: '',
    reasoningDetails: [],
    toolCalls: [],
    images: undefined,
    usage: undefined,
    finishReason: 'stop',
    id: undefined,
    statedModel: undefined,
    created: undefined,
  });
  assert.deepEqual(heard, { texts: ['wrong', 'restart 2', 'ri', 'ght'], counted: 3 });
});

test('the last usage wins', async () => {
  const usage = (outputTokens: number): ChatEvent => ({ type: 'usage', usage: { outputTokens } });
  const { answer } = await collected([[usage(1), text('x'), usage(2), stop]]);
  assert.deepEqual(answer.usage, { outputTokens: 2 });
});

test('a caller without room is waited for before the next batch is asked for', async () => {
  let produced = 0;
  const stream = async (hear: Hear): Promise<void> => {
    while (produced < 3) {
      produced++;
      await hear([text('x')]);
    }
    await hear([stop]);
  };
  let makeRoom = (): void => {};
  let arrived = (): void => {};
  const waited = new Promise<void>((resolve) => (arrived = resolve));
  const progress = {
    text: (): Promise<void> => {
      arrived();
      return new Promise((resolve) => (makeRoom = resolve));
    },
    count: (): void => {},
    step: (): void => {},
  };
  const collecting = collect(stream, { progress, restarted: () => {}, silent: false, maxChars: 100 });
  await waited;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(produced, 1);
  progress.text = () => Promise.resolve();
  makeRoom();
  assert.equal((await collecting).text, 'xxx');
});

test('a failure before any text is passed on as it is', async () => {
  const cut = new Fault('INCOMPLETE', 'The stream was cut.');
  assert.equal(await failure([cut]), cut);
});

test('a stream that ends without saying why is no answer', async () => {
  const fault = await failure([[text('Half')]]);
  assert.equal(fault.kind, 'INCOMPLETE');
  assert.equal(fault.data.partial, 'Half');
});

test('the partial text of an answer without an end is capped as the answer is', async () => {
  assert.equal((await failure([[text('abcdef')]], { maxChars: 4 })).data.partial, 'abcd');
});

test('a failure carries the longest text of all attempts', async () => {
  const cut = new Fault('INCOMPLETE', 'The answer was cut.');
  const fault = await failure([[text('Hello wor')], [restart], [text('Hel')], cut]);
  assert.equal(fault.kind, 'INCOMPLETE');
  assert.equal(fault.data.partial, 'Hello wor');
});

test('tool calls that never end are refused before they fill the memory', async () => {
  const flood: ChatEvent = { type: 'tool', index: 0, id: 'a', name: 'f', arguments: 'x'.repeat(3 * 1024 * 1024) };
  const fault = await failure([[flood], [flood], [flood], [stop]]);
  assert.equal(fault.kind, 'UPSTREAM');
  assert.equal(fault.retry, 'never');
});

test('images are gathered beside the text, and are no characters of it', async () => {
  const { answer, heard } = await collected([
    [text('Here:'), { type: 'image', url: PNG_URL }],
    [{ type: 'image', url: PNG_URL, choice: 1 }, { type: 'image', url: 'nonsense' }, stop],
  ]);
  assert.deepEqual(answer.images, {
    shown: [{ data: PNG, mimeType: 'image/png', bytes: 70 }],
    leftOut: new Map([['the address is none on the web', 1]]),
    given: [PNG_URL, 'nonsense'],
  });
  assert.equal(answer.text, 'Here:');
  assert.deepEqual(heard, { texts: ['Here:'], counted: 0 });
});

test('a restart drops the images that were gathered', async () => {
  const { answer } = await collected([[{ type: 'image', url: PNG_URL }, restart, text('Hi'), stop]]);
  assert.equal(answer.images, undefined);
});
