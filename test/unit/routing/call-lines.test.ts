// The log's line for each question to a model: which facts it has by which setting, and that no text is among them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { LogFields } from '../../../src/core/log.ts';
import type { ChatEvent, ModelContext } from '../../../src/providers/chat.ts';
import { callLines } from '../../../src/routing/call-lines.ts';
import type { CallLines } from '../../../src/routing/call-lines.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import { scripted } from '../../support/models.ts';
import type { Script } from '../../support/models.ts';

const ANSWER: readonly (readonly ChatEvent[])[] = [
  [{ type: 'text', text: 'SECRET TEXT that is dropped' }],
  [{ type: 'restart', attempt: 2, reason: new Fault('INCOMPLETE', 'Cut.') }],
  [
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'SECRET' },
  ],
  [
    { type: 'tool', index: 0, id: '1', name: 'f', arguments: '{"SECRET":' },
    { type: 'tool', index: 0, arguments: '1}' },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 5, costUsd: 0.25 } },
    { type: 'finish', reason: 'tool_calls' },
  ],
];

const about = { tool: 'chat' };

interface Line {
  readonly message: string;
  readonly fields: LogFields;
}

function logging(
  lines: Partial<CallLines>,
  script: Script,
): { ctx: ModelContext; told: Line[]; run: ReturnType<ReturnType<typeof callLines>> } {
  const told: Line[] = [];
  const clock = new FakeClock();
  const log = { ...silentLog, info: (message: string, fields: LogFields = {}) => void told.push({ message, fields }) };
  const layer = callLines({ requests: false, responses: false, performance: false, ...lines, log, clock });
  const ctx = { ...testContext(clock), about, requestId: 'r-1' };
  const { models } = scripted({
    ...script,
    serve(served) {
      clock.advance(40);
      script.serve?.(served);
    },
  });
  return { ctx, told, run: layer(models) };
}

const serve = ({ served }: ModelContext): void => {
  served.provider = 'corp';
  served.model = 'gpt-4o';
  served.attempts.push(
    { provider: 'corp', model: 'gpt-4o', status: 500, ms: 1, error: 'UPSTREAM' },
    { provider: 'corp', model: 'gpt-4o', status: 200, ms: 12 },
  );
};
const request = { model: 'gpt-4o', messages: [{ role: 'user', content: 'SECRET QUESTION' }] } as const;

test('requests, responses and performance each add their facts, and no text', async () => {
  const all = logging({ requests: true, responses: true, performance: true }, { batches: ANSWER, serve });
  await all.run.chat(request, all.ctx, () => {});
  const base = { op: 'chat', outcome: 'ok', requestId: 'r-1', provider: 'corp', model: 'gpt-4o' };
  const requests = { tool: 'chat', status: 200, attempts: 2 };
  const responses = { finish: 'tool_calls', characters: 6, reasoningCharacters: 2, toolCalls: 1 };
  const performance = { ms: 40, firstMs: 40, inputTokens: 3, outputTokens: 5, costUsd: 0.25 };
  assert.deepEqual(all.told, [{ message: 'call', fields: { ...base, ...requests, ...responses, ...performance } }]);
  for (const [name, facts] of Object.entries({ requests, responses, performance })) {
    const one = logging({ [name]: true }, { batches: ANSWER, serve });
    await one.run.chat(request, one.ctx, () => {});
    assert.deepEqual(one.told, [{ message: 'call', fields: { ...base, ...facts } }], name);
  }
  assert.doesNotMatch(JSON.stringify(all.told), /SECRET/);
});

test('with all of them off the models are the same ones', () => {
  const { models } = scripted({});
  const off = { requests: false, responses: false, performance: false, log: silentLog, clock: new FakeClock() };
  assert.equal(callLines(off)(models), models);
});

test('a failure has its kind, and is thrown on', async () => {
  const fault = new Fault('TIMEOUT', 'SECRET');
  const { run, ctx, told } = logging({ requests: true }, { batches: [fault], serve });
  await assert.rejects(
    run.complete({ model: 'x', prompt: 'SECRET' }, ctx, () => {}),
    fault,
  );
  assert.equal(told[0]?.fields['outcome'], 'TIMEOUT');
  assert.equal(told[0]?.fields['op'], 'complete');
  assert.doesNotMatch(JSON.stringify(told), /SECRET/);
});

test('vectors and models are counted, and an answer of the cache says that it is one', async () => {
  const { run, ctx, told } = logging(
    { requests: true, responses: true },
    {
      embeddings: { model: 'e', vectors: [[1], [2]], usage: { inputTokens: 2 } },
      models: [{ id: 'a', provider: 'corp' }],
      serve: ({ served }) => (served.cached = true),
    },
  );
  await run.embed({ model: 'e', input: ['SECRET', 'b'] }, ctx);
  await run.list({}, ctx);
  assert.deepEqual(
    told.map(({ fields }) => [fields['op'], fields['vectors'], fields['models'], fields['cached'], fields['attempts']]),
    [
      ['embed', 2, undefined, true, 0],
      ['list', undefined, 1, true, 0],
    ],
  );
});

test("the name of a model is the caller's, and is bounded", async () => {
  const { run, ctx, told } = logging(
    { requests: true },
    { serve: ({ served }) => (served.model = 'm'.repeat(10_000)) },
  );
  await run.chat({ ...request, model: 'm' }, ctx, () => {});
  assert.equal(told[0]?.fields['model'], 'm'.repeat(200));
});

test('images are counted, and the first of them is the first token', async () => {
  const url = `data:image/png;base64,SECRET`;
  const batches: readonly (readonly ChatEvent[])[] = [[{ type: 'image', url }], [{ type: 'image', url }]];
  const { run, ctx, told } = logging({ responses: true, performance: true }, { batches, serve });
  await run.chat(request, ctx, () => {});
  const { images, characters, firstMs } = told[0]?.fields ?? {};
  assert.deepEqual([images, characters, firstMs], [2, undefined, 40]);
  assert.doesNotMatch(JSON.stringify(told), /SECRET/);
});
