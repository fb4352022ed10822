// Calls that take long and answers that are long, through the real tools: who is handed a job, and what is read from it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCatalog } from '../../../src/catalog/catalog.ts';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { ChatEvent, Models } from '../../../src/providers/chat.ts';
import type { Arrival } from '../../../src/server/context.ts';
import { at, catalogOf, McpClient, toolOf } from '../../support/mcp.ts';
import { answering, scripted } from '../../support/models.ts';
import { largePng, PNG, PNG_URL } from '../../support/pictures.ts';
import { settled } from '../../support/slow-sink.ts';
import { nothingOffered } from '../../support/sources-of.ts';

const TOOLS = ['chat', 'generate', 'job', 'complete', 'compare'];

interface Setting {
  readonly models: Models;
  readonly tools?: readonly string[];
  readonly name?: string;
  readonly arrival?: Arrival;
  readonly maxOutputChars?: number;
  readonly softDeadlineMs?: number;
  readonly revision?: string;
}

async function clientOf({ models, tools = TOOLS, name = 'test', arrival = {}, ...more }: Setting): Promise<McpClient> {
  const { maxOutputChars = 10_000_000, softDeadlineMs = 50_000, revision = '2025-11-25' } = more;
  const catalog = createCatalog({
    ...nothingOffered(),
    models,
    providers: [],
    maxOutputChars,
    generateTemperature: 0.2,
    tools,
    virtualTools: [{ name: 'translate', description: 'Translates.', arguments: [], prompt: 'hi' }],
  });
  return new McpClient({ catalog: () => catalog, softDeadlineMs }, arrival).shake(revision, {}, name);
}

/** A model that says what the test tells it. */
function told(): { models: Models; say: (...events: ChatEvent[]) => Promise<void>; fail: (why: Fault) => void } {
  const { models } = scripted({});
  let hear: (events: readonly ChatEvent[]) => void | Promise<void> = () => {};
  let over: () => void = () => {};
  let fail: (why: Fault) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    over = resolve;
    fail = reject;
  });
  const answer: Models['chat'] = (_, ctx, listener) => {
    hear = listener;
    ctx.cancel.onCancel(fail);
    ctx.phase('waiting', 1);
    return ended;
  };
  return {
    models: {
      ...models,
      chat: answer,
      complete: (_, ctx, listener) => answer({ model: '', messages: [] }, ctx, listener),
    },
    async say(...events) {
      await hear(events);
      if (events.some(({ type }) => type === 'finish')) over();
      await settled();
    },
    fail: (why) => fail(why),
  };
}

/** The first model is asked as `first` says, every other one as `others` do. */
function late(first: Models['chat'], others: Models['chat']): Models['chat'] {
  return (request, ctx, hear) => (request.model === 'a' ? first : others)(request, ctx, hear);
}

const call = (mcp: McpClient, name: string, args: object, more: object = {}): Promise<Record<string, unknown>> =>
  mcp.ask('tools/call', { name, arguments: args, ...more });

const jobOf = (reply: unknown): unknown => at(reply, 'result', '_meta', 'anymodel/job');

describe('who is handed a job', () => {
  const withToken = { _meta: { progressToken: 1 } };
  const cases: readonly (readonly [what: string, setting: Partial<Setting>, more: object, isHandedOver: boolean])[] = [
    ['an unknown client', {}, {}, true],
    ['an unknown client with a token', {}, withToken, true],
    ['one that extends its limit, with a token', { name: 'opencode' }, withToken, false],
    ['one that extends its limit, without', { name: 'opencode' }, {}, true],
    ['one with a process for each call', { name: 'docker-mcp-gateway' }, {}, false],
    ['the same over HTTP', { name: 'docker-mcp-gateway', arrival: { carrier: 'session' } }, {}, true],
    ['where nothing reads jobs', { tools: ['chat', 'generate'] }, {}, false],
    ['where it is turned off', { softDeadlineMs: 0 }, {}, false],
    ['our own commands', { name: 'anymodel-mcp' }, {}, false],
  ];
  for (const [what, setting, more, isHandedOver] of cases) {
    test(`${what}: ${isHandedOver ? 'a job' : 'the answer'}`, async () => {
      const { models, say } = told();
      const mcp = await clientOf({ models, ...setting });
      const reply = call(mcp, 'chat', { prompt: 'hi' }, more);
      await settled();
      await say({ type: 'text', text: 'Hello' });
      mcp.clock.advance(50_000);
      await say({ type: 'text', text: ' there.' }, { type: 'finish', reason: 'stop' });
      assert.equal(jobOf(await reply) !== undefined, isHandedOver);
      assert.equal(at(await reply, 'result', 'content', 0, 'text'), isHandedOver ? 'Hello' : 'Hello there.');
    });
  }

  test('every tool that asks a model; and a call that is done in time leaves nothing behind', async () => {
    for (const [name, args] of [
      ['chat', { prompt: 'hi' }],
      ['generate', { prompt: 'hi' }],
      ['complete', { prompt: 'hi' }],
      ['compare', { prompt: 'hi', models: ['a', 'b'] }],
      ['translate', {}],
    ] as const) {
      const { models, say } = told();
      const mcp = await clientOf({ models });
      const reply = call(mcp, name, args);
      await settled();
      mcp.clock.advance(50_000);
      assert.equal(at(jobOf(await reply), 'state'), 'working', name);
      await say({ type: 'finish', reason: 'stop' });
    }
    const mcp = await clientOf({ models: scripted({ batches: [answering('Hello.')] }).models });
    assert.equal(jobOf(await call(mcp, 'chat', { prompt: 'hi' })), undefined);
    assert.equal(mcp.clock.pending, 0);
    assert.equal(mcp.jobs.size, 0);
  });

  test('where there are too many jobs the call goes on as it is', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models });
    for (let i = 0; i < 100; i++)
      mcp.jobs.open({ owner: 'process', about: 'x', isTask: false, cancel: new CancelSource() });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    mcp.clock.advance(50_000);
    await say({ type: 'text', text: 'Hello.' }, { type: 'finish', reason: 'stop' });
    assert.equal(at(await reply, 'result', 'content', 0, 'text'), 'Hello.');
  });
});

describe('a job', () => {
  test('that is no task is kept as long as ever, whatever a task would have been', async () => {
    const { models } = told();
    const mcp = await clientOf({ models, revision: '2025-06-18' });
    const reply = call(mcp, 'chat', { prompt: 'hi' }, { task: { ttl: 90_000 } });
    await settled();
    mcp.clock.advance(50_000);
    assert.equal(at(jobOf(await reply), 'state'), 'working');
    assert.deepEqual(
      mcp.jobs.of('process').map(({ ttlMs }) => ttlMs),
      [3_600_000],
    );
  });

  test('nobody waits for says nothing and sets no timer', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models });
    const reply = call(mcp, 'chat', { prompt: 'hi' }, { _meta: { progressToken: 1 } });
    await settled();
    mcp.clock.advance(50_000);
    await reply;
    const said = mcp.said.length;
    assert.equal(mcp.clock.pending, 0);
    await say({ type: 'text', text: 'Hello' });
    mcp.clock.advance(100_000);
    assert.equal(mcp.said.length, said);
  });

  test('that is waited for hands on its text, from where it is read', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    await say({ type: 'text', text: 'One ' });
    mcp.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    await say({ type: 'text', text: 'two ' });
    const wait = call(mcp, 'job', { id, action: 'wait', offset: 4 }, { _meta: { progressToken: 'w' } });
    await settled();
    await say({ type: 'text', text: 'three' }, { type: 'finish', reason: 'stop' });
    assert.equal(at(await wait, 'result', 'content', 0, 'text'), 'two three');
    const messages = mcp.said.flatMap((notice) => {
      const message = at(notice, 'params', 'message');
      return typeof message === 'string' ? [message] : [];
    });
    assert.equal(messages.join(''), 'two three');
  });

  test('that began anew is begun anew by every one of its readers, whoever read it in between', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    await say({ type: 'text', text: 'A'.repeat(20) });
    mcp.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    assert.equal(at(jobOf(await reply), 'next_offset'), 20);
    await say({ type: 'restart', attempt: 2, reason: new Fault('INCOMPLETE', 'Cut.') });
    await say({ type: 'text', text: 'B'.repeat(20) });
    const between = await call(mcp, 'job', { id });
    assert.equal(at(between, 'result', 'content', 0, 'text'), 'B'.repeat(19));
    assert.deepEqual(jobOf(between), { id, state: 'working', offset: 0, next_offset: 19 });
    const wait = call(mcp, 'job', { id, action: 'wait', offset: 20 }, { _meta: { progressToken: 'w' } });
    await settled();
    await say({ type: 'text', text: 'B'.repeat(21) }, { type: 'finish', reason: 'stop' });
    assert.equal(at(await wait, 'result', 'content', 0, 'text'), 'B'.repeat(41));
    assert.match(
      String(at(await wait, 'result', 'content', 1, 'text')),
      /^\[The answer began anew: drop what was read/,
    );
    assert.deepEqual(
      mcp.said.map(({ params }) => [at(params, '_meta', 'anymodel/phase'), at(params, 'message')]),
      [
        ['restart', undefined],
        [undefined, 'B'.repeat(20)],
        [undefined, 'B'.repeat(21)],
      ],
    );
    const other = await call(mcp, 'job', { id, offset: 19 });
    assert.equal(at(other, 'result', 'content', 0, 'text'), 'B'.repeat(22));
    assert.doesNotMatch(String(at(other, 'result', 'content', 1, 'text')), /anew/);
    // What nobody was given may have been counted in the text of before.
    assert.equal(at(await call(mcp, 'job', { id, offset: 7 }), 'result', 'content', 0, 'text'), 'B'.repeat(41));
  });

  test('that began anew is read on from where its result ends', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models, maxOutputChars: 1000 });
    const id = at(await call(mcp, 'chat', { prompt: 'hi' }, { task: {} }), 'result', 'task', 'taskId');
    await settled();
    await say({ type: 'text', text: 'A'.repeat(20) });
    await say({ type: 'restart', attempt: 2, reason: new Fault('INCOMPLETE', 'Cut.') });
    await say({ type: 'text', text: 'B'.repeat(1500) }, { type: 'finish', reason: 'stop' });
    assert.equal(at(jobOf(await mcp.ask('tasks/result', { taskId: id })), 'next_offset'), 1000);
    const rest = await call(mcp, 'job', { id, offset: 1000 });
    assert.equal(at(rest, 'result', 'content', 0, 'text'), 'B'.repeat(500));
    assert.doesNotMatch(String(at(rest, 'result', 'content', 1, 'text')), /anew/);
  });

  test('a wait that is called off leaves the job at work', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    mcp.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    const cancel = new CancelSource();
    const wait = mcp.ask('tools/call', { name: 'job', arguments: { id, action: 'wait' } }, { cancel });
    await settled();
    cancel.cancel(new Fault('cancelled', 'Enough.'));
    assert.ok('error' in (await wait));
    assert.equal(mcp.clock.pending, 0);
    await say({ type: 'text', text: 'Hello.' }, { type: 'finish', reason: 'stop' });
    assert.equal(at(jobOf(await call(mcp, 'job', { id })), 'state'), 'completed');
  });

  test('its tool calls and remarks come with the last page, and a bug says nothing of itself', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    mcp.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    await say({ type: 'text', text: 'Wait.' }, { type: 'tool', index: 0, id: 'a', name: 'add', arguments: '{}' });
    await say({ type: 'finish', reason: 'length' });
    const page = at(await call(mcp, 'job', { id }), 'result', 'content');
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => String(at(page, i, 'text')).slice(0, 20)),
      ['Wait.', '{"tool_calls":[{"id"', '[The answer stops at', '[Job job-1 is comple'],
    );
    const second = told();
    const other = await clientOf({ models: second.models });
    const answer = call(other, 'chat', { prompt: 'hi' });
    await settled();
    other.clock.advance(50_000);
    await answer;
    second.fail(new Fault('internal', 'Secret.', { cause: new Error('deep') }));
    await settled();
    const failed = await call(other, 'job', { id: 'job-1' });
    assert.equal(at(failed, 'result', 'isError'), true);
    assert.equal(at(failed, 'result', 'content', 0, 'text'), 'The call failed for a reason of this server.');
  });

  test('its images come with the last page, and every page tells of them', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models, maxOutputChars: 1000 });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    mcp.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    await say({ type: 'text', text: 'x'.repeat(1500) }, { type: 'image', url: PNG_URL });
    await say({ type: 'image', url: 'nonsense' }, { type: 'finish', reason: 'stop' });
    const first = at(await call(mcp, 'job', { id }), 'result', 'content');
    assert.match(String(at(first, 1, 'text')), /of 1500 are above\. 1 image is behind the end of the text\. Read on/);
    assert.equal(at(first, 2), undefined);
    const last = at(await call(mcp, 'job', { id, offset: 1000 }), 'result', 'content');
    assert.deepEqual(at(last, 1), { type: 'image', data: PNG, mimeType: 'image/png' });
    assert.equal(at(last, 2, 'text'), '[1 image is left out: the address is none on the web.]');
    assert.match(String(at(last, 3, 'text')), /to 1500 of 1500 are above\. 1 image is above\.\]$/);
  });

  test('a page leaves room for the images of its job where its client shows so much', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models, name: 'claude-ai' });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    mcp.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    await say({ type: 'text', text: 'x'.repeat(500_000) }, { type: 'image', url: largePng(400_000) });
    await say({ type: 'finish', reason: 'stop' });
    const first = await call(mcp, 'job', { id });
    assert.equal(String(at(first, 'result', 'content', 0, 'text')).length, 400_000);
    const last = await call(mcp, 'job', { id, offset: 400_000 });
    assert.equal(at(last, 'result', 'content', 1, 'type'), 'image');
    assert.ok(JSON.stringify(last).length < 800_000);
  });

  test('shows as many of its images as whoever reads it has room for, and the text all the same', async () => {
    const { models, say } = told();
    const store = await clientOf({ models, tools: ['chat', 'job'], arrival: { carrier: 'session', client: 'ci' } });
    const reply = call(store, 'chat', { prompt: 'hi' });
    await settled();
    store.clock.advance(50_000);
    const id = at(jobOf(await reply), 'id');
    await say({ type: 'text', text: 'x'.repeat(300_000) }, { type: 'image', url: largePng(900_000) });
    await say({ type: 'image', url: PNG_URL }, { type: 'finish', reason: 'stop' });
    await store.shake('2025-11-25', {}, 'claude-ai');
    const read = await call(store, 'job', { id });
    const content = at(read, 'result', 'content');
    assert.equal(String(at(content, 0, 'text')).length, 300_000);
    assert.deepEqual(at(content, 1), { type: 'image', data: PNG, mimeType: 'image/png' });
    assert.equal(at(content, 2, 'text'), '[1 image is left out: a result for this client has no room for more.]');
    assert.match(String(at(content, 3, 'text')), /300000 of 300000 are above\. 1 image is above\.\]$/);
  });

  test('an image is shown whole where the client counts images and not their data', async () => {
    const { models } = scripted({
      batches: [
        [
          { type: 'image', url: largePng(900_000) },
          { type: 'finish', reason: 'stop' },
        ],
      ],
    });
    for (const [name, type] of [
      ['claude-code', 'image'],
      ['claude-ai', 'text'],
    ]) {
      const mcp = await clientOf({ models, name: name ?? '' });
      assert.equal(at(await call(mcp, 'chat', { prompt: 'hi' }), 'result', 'content', 0, 'type'), type, name);
    }
  });

  test('of generate says its text as often as the result will', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models, name: 'claude-ai' });
    const reply = call(mcp, 'generate', { prompt: 'hi' });
    await settled();
    await say({ type: 'text', text: 'x'.repeat(900_000) });
    mcp.clock.advance(50_000);
    assert.equal(String(at(await reply, 'result', 'structuredContent', 'text')).length, 400_000);
    assert.ok(JSON.stringify(await reply).length < 1_048_576);
  });
});

describe('two million characters', () => {
  const LINE = 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 😀.\n';
  const WHOLE = LINE.repeat(30_000).slice(0, 2_000_000);
  const batches = Array.from({ length: 2000 }, (_, i): ChatEvent[] => [
    { type: 'text', text: WHOLE.slice(i * 1000, (i + 1) * 1000) },
  ]);
  const model = (): Models => scripted({ batches: [...batches, [{ type: 'finish', reason: 'stop' }]] }).models;

  /** What is read from the end of the first result on, page by page. */
  async function rest(mcp: McpClient, first: unknown, longest: number): Promise<string> {
    let text = '';
    let next = at(first, 'next_offset');
    for (let i = 0; next !== undefined && i < 3000; i++) {
      const page = await call(mcp, 'job', { id: at(first, 'id'), offset: next });
      assert.equal(at(jobOf(page), 'total'), 2_000_000);
      const piece = String(at(page, 'result', 'content', 0, 'text'));
      assert.ok(piece.length <= longest, `${piece.length}`);
      text += piece;
      next = at(jobOf(page), 'next_offset');
    }
    return text;
  }

  test('are one result where the client takes it', async () => {
    const mcp = await clientOf({ models: model() });
    const reply = await call(mcp, 'chat', { prompt: 'hi' });
    assert.equal(at(reply, 'result', 'content', 0, 'text'), WHOLE);
    assert.equal(at(reply, 'result', 'content', 1), undefined);
    assert.equal(mcp.jobs.size, 0);
  });

  test('are five results for a client that shows 400,000 characters of each, and join to the whole', async () => {
    const mcp = await clientOf({ models: model(), name: 'claude-code' });
    const reply = await call(mcp, 'chat', { prompt: 'hi' });
    const text = String(at(reply, 'result', 'content', 0, 'text'));
    assert.ok(text.length <= 400_000 && text.length > 399_900, `${text.length}`);
    assert.match(
      String(at(reply, 'result', 'content', 1, 'text')),
      /^\[The answer is longer .* of 2000000 characters are above\. Read on with the job tool: \{"id":"job-1","action":"get","offset":\d+\}\.\]$/,
    );
    assert.equal(text + (await rest(mcp, jobOf(reply), 400_000)), WHOLE);
  });

  test('generate says in its own shape where the rest is', async () => {
    const mcp = await clientOf({ models: model(), maxOutputChars: 1_000_000 });
    const reply = await call(mcp, 'generate', { prompt: 'hi' });
    const shown = at(reply, 'result', 'structuredContent');
    assert.equal(at(shown, 'job_id'), 'job-1');
    assert.equal(at(shown, 'finish_reason'), 'stop');
    assert.equal(String(at(shown, 'text')) + (await rest(mcp, jobOf(reply), 1_000_000)), WHOLE);
  });

  const compared = { models: ['a', 'b'], prompt: 'hi' };
  const heading = (name: string): string => `## ${name}\n\n`;
  const SECTIONS = `${heading('a')}${WHOLE}\n\n${heading('b')}${WHOLE}`;

  /** The rest of one answer, from where its data says that it goes on in the job. */
  async function restOf(mcp: McpClient, id: unknown, answer: unknown): Promise<string> {
    let text = String(at(answer, 'text'));
    for (let next = at(answer, 'next_offset'); text.length < 2_000_000;) {
      const page = await call(mcp, 'job', { id, offset: next });
      text += String(at(page, 'result', 'content', 0, 'text'));
      next = at(jobOf(page), 'next_offset');
    }
    return text.slice(0, 2_000_000);
  }

  for (const detail of ['text', 'full']) {
    test(`compare, detail ${detail}, says where the rest of its sections is`, async () => {
      const mcp = await clientOf({ models: model(), maxOutputChars: 1_000_000 });
      const reply = await call(mcp, 'compare', { ...compared, detail });
      assert.equal(at(jobOf(reply), 'total'), SECTIONS.length);
      const { id, text } = { id: at(jobOf(reply), 'id'), text: String(at(reply, 'result', 'content', 0, 'text')) };
      assert.ok(text.length <= 1_000_000 && text.length > 999_900, `${text.length}`);
      let whole = text;
      for (let next = at(jobOf(reply), 'next_offset'); next !== undefined;) {
        const page = await call(mcp, 'job', { id, offset: next });
        whole += String(at(page, 'result', 'content', 0, 'text'));
        next = at(jobOf(page), 'next_offset');
      }
      assert.equal(whole, SECTIONS);
    });
  }

  test('each answer of compare says in its data what it lacks, and where that is', async () => {
    const mcp = await clientOf({ models: model(), maxOutputChars: 1_000_000 });
    const reply = await call(mcp, 'compare', { ...compared, detail: 'full' });
    const data = at(reply, 'result', 'structuredContent');
    assert.deepEqual(data, JSON.parse(String(at(reply, 'result', 'content', 1, 'text'))));
    assert.equal(at(data, 'job_id'), 'job-1');
    assert.match(String(at(data, 'note')), /^\[The answer is longer .* Read on with the job tool: /);
    for (const i of [0, 1]) {
      const answer = at(data, 'answers', i);
      const { length } = String(at(answer, 'text'));
      assert.ok(length <= 500_000 && length > 499_900, `${length}`);
      assert.equal(at(answer, 'omitted_chars'), 2_000_000 - length);
      assert.equal(await restOf(mcp, 'job-1', answer), WHOLE);
    }
  });

  test('compare in full as a job loses nothing either', async () => {
    const { models, say } = told();
    const both = { ...models, chat: late(models.chat, model().chat) };
    const mcp = await clientOf({ models: both, maxOutputChars: 1_000_000 });
    const reply = call(mcp, 'compare', { ...compared, detail: 'full' }, { task: {} });
    const taskId = at(await reply, 'result', 'task', 'taskId');
    const result = mcp.ask('tasks/result', { taskId });
    await settled();
    await say({ type: 'text', text: WHOLE }, { type: 'finish', reason: 'stop' });
    const data = at(await result, 'result', 'structuredContent');
    assert.equal(at(data, 'job_id'), taskId);
    for (const i of [0, 1]) assert.equal(await restOf(mcp, taskId, at(data, 'answers', i)), WHOLE);
  });

  test('a job that grew so long is read the same way', async () => {
    const { models, say } = told();
    const mcp = await clientOf({ models, maxOutputChars: 300_000 });
    const reply = call(mcp, 'chat', { prompt: 'hi' });
    await settled();
    for (const batch of batches.slice(0, 700)) await say(...batch);
    mcp.clock.advance(50_000);
    const first = String(at(await reply, 'result', 'content', 0, 'text'));
    for (const batch of batches.slice(700)) await say(...batch);
    await say({ type: 'finish', reason: 'stop' });
    assert.ok(first.length <= 300_000 && first.length > 299_900);
    assert.equal(first + (await rest(mcp, jobOf(await reply), 300_000)), WHOLE);
  });

  test('where no job can be found again they are cut, and say what is missing', async () => {
    const mcp = await clientOf({ models: model(), name: 'docker-mcp-gateway', maxOutputChars: 1_000_000 });
    const reply = await call(mcp, 'chat', { prompt: 'hi' });
    assert.match(
      String(at(reply, 'result', 'content', 1, 'text')),
      /^\[The answer is longer .* 1000000 more are left out/,
    );
    assert.equal(mcp.jobs.size, 0);
  });
});

test('a code block that is open where a text is cut is closed there, and its reader is told', async () => {
  const code = `Look:\n\`\`\`js\n${'let a = 1;\n'.repeat(200)}`;
  const mcp = await clientOf({ models: scripted({ batches: [answering(code)] }).models, maxOutputChars: 1000 });
  const whole = await call(mcp, 'chat', { prompt: 'hi' });
  const text = String(at(whole, 'result', 'content', 0, 'text'));
  assert.ok(text.endsWith('\n```') && text.length === 1004, text);
  assert.match(
    String(at(whole, 'result', 'content', 1, 'text')),
    /1000 of 2212 characters are above\. The code block that goes/,
  );
  const page = await call(mcp, 'job', { id: 'job-1', offset: 1000 });
  assert.equal(text.slice(0, 1000) + String(at(page, 'result', 'content', 0, 'text')), code.slice(0, 2000));
  const { models, say } = told();
  const other = await clientOf({ models });
  const reply = call(other, 'chat', { prompt: 'hi' });
  await settled();
  await say({ type: 'text', text: '```\nlet' });
  other.clock.advance(50_000);
  assert.equal(at(await reply, 'result', 'content', 0, 'text'), '```\nlet\n```');
  assert.match(String(at(await reply, 'result', 'content', 1, 'text')), /was closed\.\]$/);
  assert.equal(at(jobOf(await reply), 'next_offset'), 7);
});

test('a handle that cannot be made is an error, and what ran for it ends', async () => {
  let reason: Fault | undefined;
  const waiting = toolOf(
    'slow',
    (_, { cancel }) =>
      new Promise((_resolve, reject) => {
        cancel.onCancel((why) => {
          reason = why;
          reject(why);
        });
      }),
    {
      task: 'optional',
      readsJobs: true,
      pending: () => {
        throw new Error('a bug');
      },
    },
  );
  const mcp = await new McpClient({ catalog: () => catalogOf(waiting) }).shake('2025-11-25');
  const reply = call(mcp, 'slow', {});
  await settled();
  mcp.clock.advance(50_000);
  assert.equal(at(await reply, 'error', 'code'), -32603);
  assert.equal(reason?.kind, 'cancelled');
});
