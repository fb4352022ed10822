// The tool `compare`: several models at once, whoever is slow, fails or begins anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolContext, ToolResult } from '../../../src/catalog/tool.ts';
import { compareTool } from '../../../src/catalog/tools/compare.ts';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import { LongText } from '../../../src/core/json.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { check } from '../../../src/core/schema.ts';
import type { ChatEvent, ChatRequest, Hear, ModelContext, Models } from '../../../src/providers/chat.ts';
import { at } from '../../support/mcp.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';

/** What each model does when it is asked. */
type Doings = Readonly<Record<string, (ctx: ModelContext, hear: Hear) => Promise<void> | void>>;

interface Asked {
  readonly model: string;
  readonly requestId: string;
  readonly request: ChatRequest;
}

function modelsDoing(doings: Doings): { readonly models: Models; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const models: Models = {
    ...scripted({}).models,
    async chat(request, ctx, hear) {
      asked.push({ model: request.model, requestId: ctx.requestId, request });
      ctx.served.provider = 'corp';
      ctx.served.model = `${request.model}-2024`;
      await doings[request.model]?.(ctx, hear);
    },
  };
  return { models, asked };
}

/** Answers in one batch, after one attempt. */
function says(text: string, reason = 'stop'): Doings[string] {
  return async (ctx, hear) => {
    ctx.served.attempts.push({ provider: 'corp', model: ctx.served.model, status: 200, ms: 12 });
    await hear(answering(text, reason));
  };
}

function fails(fault: Error): Doings[string] {
  return () => {
    throw fault;
  };
}

async function run(
  doings: Doings,
  args: JsonObject = {},
  { ctx = toolContext().ctx, maxOutputChars = 10_000 }: { ctx?: ToolContext; maxOutputChars?: number } = {},
): Promise<{ readonly result: ToolResult; readonly asked: readonly Asked[] }> {
  const { models, asked } = modelsDoing(doings);
  const tool = compareTool({ models, providers: ['corp'], maxOutputChars, generateTemperature: 0.2 });
  const given = { prompt: 'hi', models: Object.keys(doings), ...args };
  const shaped = tool.widen?.(given) ?? given;
  assert.deepEqual(check(tool.inputSchema, shaped), []);
  return { result: await tool.run(shaped, ctx), asked };
}

const TIMEOUT = new Fault('TIMEOUT', 'No answer from corp within 30 s.', {
  data: {
    provider: 'corp',
    model: 'slow',
    attempts: [{ provider: 'corp', model: 'slow', status: 200, ms: 30_000, error: 'TIMEOUT' }],
  },
});
const NEXT = 'Call again, ask for less, or raise TIMEOUT.';

/** So much of a text from there on. */
function restOf(text: string, from: unknown, length: number): string {
  return from === undefined ? '' : text.slice(Number(from), Number(from) + length);
}

test('each model has its section, in the order asked, and the account of it in _meta', async () => {
  const { result, asked } = await run({ a: says('One.'), 'other/b': says('Two.') });
  assert.deepEqual(result.content, [{ type: 'text', text: '## a\n\nOne.\n\n## other/b\n\nTwo.' }]);
  assert.deepEqual(result.meta, {
    'anymodel/answers': ['a', 'other/b'].map((model) => ({
      model,
      served_model: `${model}-2024`,
      provider: 'corp',
      attempts: [{ provider: 'corp', model: `${model}-2024`, status: 200, ms: 12 }],
      finish_reason: 'stop',
      usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
    })),
  });
  assert.equal(result.isError, undefined);
  assert.deepEqual(
    asked.map(({ model, requestId }) => [model, requestId]),
    [
      ['a', 'req-1-1'],
      ['other/b', 'req-1-2'],
    ],
  );
});

test('all are asked the same, and before any has answered', async () => {
  const { models, asked } = modelsDoing({
    // Answers only once the other one was asked.
    a: (_, hear) => {
      assert.equal(asked.length, 1);
      return new Promise((resolve) => {
        queueMicrotask(() => {
          assert.equal(asked.length, 2);
          resolve(hear(answering('One.')));
        });
      });
    },
    b: says('Two.'),
  });
  const tool = compareTool({ models, providers: [], maxOutputChars: 100, generateTemperature: 0.2 });
  await tool.run(
    { models: ['a', 'b'], messages: [{ role: 'user', content: 'hi' }], system: 'Be brief.', max_tokens: 9 },
    toolContext().ctx,
  );
  const same = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'hi' },
    ],
    maxTokens: 9,
  };
  assert.deepEqual(
    asked.map(({ request }) => request),
    [
      { model: 'a', ...same },
      { model: 'b', ...same },
    ],
  );
});

test('a model that fails is named in its section with code, sentence and next step', async () => {
  const { result } = await run({ a: says('One.'), slow: fails(TIMEOUT) });
  assert.equal(result.isError, undefined);
  assert.deepEqual(result.content, [
    { type: 'text', text: `## a\n\nOne.\n\n## slow\n\n[TIMEOUT: No answer from corp within 30 s. ${NEXT}]` },
  ]);
  const answers = result.meta?.['anymodel/answers'];
  assert.ok(Array.isArray(answers));
  assert.deepEqual(answers[1], {
    model: 'slow',
    error: { code: 'TIMEOUT', provider: 'corp', model: 'slow', attempts: TIMEOUT.data.attempts, next: NEXT },
  });
});

test('what a model had said before it failed is kept, and not taken for its answer', async () => {
  const cut: Doings[string] = async (_, hear) => {
    await hear([{ type: 'text', text: 'Once upon' }]);
    throw new Fault('INCOMPLETE', 'The stream was cut.', { data: { next: 'Again.' } });
  };
  const { result } = await run({ a: cut, b: says('x') });
  assert.deepEqual(result.content, [
    { type: 'text', text: '## a\n\n[INCOMPLETE: The stream was cut. Again.]\n\nOnce upon\n\n## b\n\nx' },
  ]);
});

test('only when nobody answered it is an error, which the first text says', async () => {
  const quota = new Fault('QUOTA', 'Nothing left.', { data: { next: 'Pay.' } });
  const { result } = await run({ slow: fails(TIMEOUT), b: fails(quota) });
  assert.equal(result.isError, true);
  assert.deepEqual(result.content, [
    { type: 'text', text: 'None of the 2 models answered. Why is said below, model by model.' },
    {
      type: 'text',
      text: `## slow\n\n[TIMEOUT: No answer from corp within 30 s. ${NEXT}]\n\n## b\n\n[QUOTA: Nothing left. Pay.]`,
    },
  ]);
  assert.deepEqual(result.meta?.['anymodel/error'], {
    code: 'UPSTREAM',
    attempts: TIMEOUT.data.attempts,
    next: 'Why is said below, model by model.',
  });
  const alike = await run({ a: fails(quota), b: fails(quota) });
  assert.deepEqual(alike.result.meta?.['anymodel/error'], {
    code: 'QUOTA',
    attempts: [],
    next: 'Why is said below, model by model.',
  });
});

test('full detail is the sections, then structured content with equal JSON text', async () => {
  const doings = { a: says('One.', 'length'), slow: fails(TIMEOUT) };
  const { result } = await run(doings, { detail: 'full' });
  const structured = {
    answers: [
      {
        model: 'a',
        provider: 'corp',
        served_model: 'a-2024',
        text: 'One.',
        finish_reason: 'length',
        usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
        ms: 12,
      },
      {
        model: 'slow',
        provider: 'corp',
        ms: 30_000,
        error: {
          code: 'TIMEOUT',
          provider: 'corp',
          model: 'slow',
          attempts: TIMEOUT.data.attempts,
          next: NEXT,
          message: `No answer from corp within 30 s. ${NEXT}`,
        },
      },
    ],
  };
  assert.deepEqual(result.structuredContent, structured);
  assert.equal(result.content.length, 2);
  assert.match(JSON.stringify(result.content[0]), /One\.\\n\\n\[The answer stops at its token limit.*## slow/);
  const [, second] = result.content;
  assert.ok(second?.type === 'text');
  assert.deepEqual(JSON.parse(String(second.text)), structured);
  const { ctx } = toolContext({ structured: false });
  const old = await run(doings, { detail: 'full' }, { ctx });
  assert.equal('structuredContent' in old.result, false);
  assert.equal(old.result.content.length, 2);
});

test('sections are told in the order asked, however the answers come; joined they are the result', async () => {
  let first: (() => void) | undefined;
  const { ctx, heard } = toolContext();
  const told: [string, number | undefined][] = [];
  const own: ToolContext = {
    ...ctx,
    progress: { ...ctx.progress, text: (delta, counted) => void told.push([delta, counted]) },
  };
  const late: Doings[string] = async (_, hear) => {
    await new Promise<void>((resolve) => (first = resolve));
    await hear([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Late' },
    ]);
    await hear([
      { type: 'text', text: '.' },
      { type: 'finish', reason: 'stop' },
    ]);
  };
  const early: Doings[string] = async (_, hear) => {
    await hear(answering('Early.'));
    // By now this one is done, and nothing of it was told.
    setImmediate(() => {
      assert.deepEqual(told, []);
      first?.();
    });
  };
  const { result } = await run({ late, early }, {}, { ctx: own });
  assert.deepEqual(told, [
    ['## late\n\n', 0],
    ['Late.', 5],
    ['\n\n## early\n\n', 0],
    ['Early.', 6],
  ]);
  assert.deepEqual(result.content, [{ type: 'text', text: told.map(([delta]) => delta).join('') }]);
  assert.equal(heard.counted, 2 + 5 + 6);
});

test('the phases of all are one way forward, and a restart of one takes nothing back', async () => {
  const { ctx, heard } = toolContext();
  const batch: readonly ChatEvent[] = [{ type: 'text', text: 'half' }];
  const again: Doings[string] = async (own, hear) => {
    own.phase('connecting', 1);
    own.phase('waiting', 1);
    own.phase('streaming', 1);
    await hear(batch);
    own.phase('retrying', 2);
    await hear([{ type: 'restart', attempt: 2, reason: TIMEOUT }]);
    own.phase('connecting', 2);
    await hear(answering('Whole.'));
  };
  const { result } = await run({ a: again, b: again }, {}, { ctx });
  assert.deepEqual(heard.texts, [
    'connecting 1',
    'waiting 1',
    'streaming 1',
    '## a\n\n',
    'Whole.',
    '\n\n## b\n\n',
    'Whole.',
  ]);
  assert.deepEqual(result.content, [{ type: 'text', text: '## a\n\nWhole.\n\n## b\n\nWhole.' }]);
});

test('a caller with no room is waited for between the pieces', async () => {
  const { ctx } = toolContext();
  let open: (() => void) | undefined;
  const told: string[] = [];
  const progress = {
    ...ctx.progress,
    text(delta: string) {
      told.push(delta);
      return new Promise<void>((resolve) => (open = resolve));
    },
  };
  const running = run({ a: says('One.'), b: says('Two.') }, {}, { ctx: { ...ctx, progress } });
  for (let i = 1; i <= 4; i++) {
    await new Promise(setImmediate);
    assert.equal(told.length, i);
    open?.();
  }
  await running;
});

test('a cancelled call ends as one, once nobody is at work', async () => {
  const cancel = new CancelSource();
  const { ctx } = toolContext({ cancel });
  const reason = new Fault('cancelled', 'Not wanted any more.');
  let ended = 0;
  const waits: Doings[string] = (own) =>
    new Promise((_, reject) => {
      own.cancel.onCancel((why) => {
        ended++;
        reject(why);
      });
    });
  const running = run({ a: waits, b: waits, c: says('x') }, {}, { ctx });
  cancel.cancel(reason);
  await assert.rejects(running, { kind: 'cancelled', message: 'Not wanted any more.' });
  assert.equal(ended, 2);
});

test('a bug is no answer of a model: it ends the call', async () => {
  await assert.rejects(run({ a: says('x'), b: fails(new TypeError('x is not a function')) }), { kind: 'internal' });
});

test('the room of one result is shared', async () => {
  const { result } = await run({ a: says('0123456789'), b: says('ok') }, {}, { maxOutputChars: 10 });
  const [block] = result.content;
  assert.ok(block?.type === 'text');
  assert.match(
    String(block.text),
    /^## a\n\n01234\n\n\[The answer is longer .* 5 more are left out\..*\n\n## b\n\nok$/,
  );
});

test('as data, what there is no room for is said of each answer, of one that broke off too', async () => {
  const cut = new Fault('INCOMPLETE', 'It broke off.', {
    data: { provider: 'corp', partial: 'abcdefghij', attempts: [] },
  });
  const kept: string[] = [];
  const keeping = (job: string | undefined): ToolContext => ({
    ...toolContext().ctx,
    keep: { most: 1000, text: (draft) => (kept.push(draft.slice(0, draft.length)), job) },
  });
  const doings = { a: says('0123456789'), b: says('ok'), broken: fails(cut) };
  const shown = async (job: string | undefined): Promise<readonly unknown[][]> => {
    const { result } = await run(doings, { detail: 'full' }, { ctx: keeping(job), maxOutputChars: 12 });
    assert.equal(at(result, 'structuredContent', 'job_id'), job);
    return [0, 1, 2].map((i) => {
      const answer = at(result, 'structuredContent', 'answers', i);
      return [at(answer, 'text') ?? at(answer, 'partial'), at(answer, 'omitted_chars'), at(answer, 'next_offset')];
    });
  };
  assert.deepEqual(await shown(undefined), [
    ['0123', 6, undefined],
    ['ok', undefined, undefined],
    ['abcd', 6, undefined],
  ]);
  const answers = await shown('job-1');
  const [text = ''] = kept;
  assert.match(text, /^## a\n\n0123456789\n\n## b\n\nok\n\n## broken\n\n\[INCOMPLETE: .*\]\n\nabcdefghij$/s);
  const wholes = answers.map(([said, omitted, next]) => `${String(said)}${restOf(text, next, Number(omitted))}`);
  assert.deepEqual(wholes, ['0123456789', 'ok', 'abcdefghij']);
});

test('long answers are handed on in pieces', async () => {
  const { result } = await run(
    { a: says('x'.repeat(70_000)), b: says('y'.repeat(70_000)) },
    {},
    { maxOutputChars: 1_000_000 },
  );
  const [block] = result.content;
  assert.ok(block?.type === 'text' && block.text instanceof LongText);
  assert.equal(String(block.text), `## a\n\n${'x'.repeat(70_000)}\n\n## b\n\n${'y'.repeat(70_000)}`);
});

test('names must be two to eight, and different', async () => {
  const tool = compareTool({ models: scripted({}).models, providers: [], maxOutputChars: 1, generateTemperature: 1 });
  const problems = (models: unknown): unknown => check(tool.inputSchema, { prompt: 'x', models });
  assert.deepEqual(problems(['a']), [{ path: 'models', message: 'must have at least 2 items' }]);
  assert.deepEqual(problems(['a', '']), [{ path: 'models[1]', message: 'must not be empty' }]);
  assert.deepEqual(check(tool.inputSchema, { prompt: 'x' }), [{ path: 'models', message: 'is required' }]);
  const nine = Array.from({ length: 9 }, (_, i) => `m${i}`);
  await assert.rejects(run({}, { models: nine }), /models must have at most 8 items, not 9/);
  await assert.rejects(run({}, { models: ['a', 'b', 'a'] }), {
    kind: 'INVALID_INPUT',
    message: 'Invalid arguments: models[2] must differ from those before it, not be "a" again.',
  });
});

test('it takes what chat takes, but for what makes no sense side by side', async () => {
  for (const name of ['tools', 'tool_choice', 'model', 'provider', 'stream']) {
    await assert.rejects(run({ a: says('x'), b: says('y') }, { [name]: 'x' }), new RegExp(`${name} is not known here`));
  }
  await assert.rejects(run({ a: says('x'), b: says('y') }, { prompt: '' }), /messages or prompt is required/);
  const { asked } = await run({ a: says('x'), b: says('y') }, { stop: '\n', images: 'https://x/y.png', seed: 1 });
  assert.deepEqual(asked[1]?.request, {
    model: 'b',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hi' },
          { type: 'image', url: 'https://x/y.png' },
        ],
      },
    ],
    stop: ['\n'],
    seed: 1,
  });
});
