// What becomes of an answer that was asked for as JSON, over a model that says what the test scripted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import type { ChatEvent, ChatMessage, ChatModel, ChatRequest, Commit, Usage } from '../../../src/providers/chat.ts';
import { structured } from '../../../src/routing/structured.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import type { TestContext } from '../../support/model-context.ts';

type Turn = readonly (readonly ChatEvent[] | Error)[];

interface Bench {
  readonly ctx: TestContext;
  readonly requests: ChatRequest[];
  /** Batch by batch, as it was heard. */
  readonly heard: ChatEvent[][];
  readonly run: (request?: Partial<ChatRequest>) => Promise<void>;
}

const schema: JsonObject = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
const asked: ChatRequest = {
  model: 'm',
  messages: [{ role: 'user', content: 'A number?' }],
  responseFormat: { type: 'json_schema', json_schema: { name: 'number', schema } },
};

/** Each turn stands for one pass through the route, which begins its record of changes anew. */
function bench(...turns: readonly Turn[]): Bench {
  return benchWith(undefined, turns);
}

function benchWith(commit: Commit | undefined, turns: readonly Turn[]): Bench {
  const ctx = testContext(new FakeClock(), 600_000, commit);
  const requests: ChatRequest[] = [];
  const heard: ChatEvent[][] = [];
  const inner: ChatModel = async (request, { served }, hear) => {
    const turn = turns[requests.length];
    requests.push(request);
    served.provider = 'corp';
    served.model = 'm-1';
    served.changed.length = 0;
    served.changed.push('seed dropped');
    for (const batch of turn ?? []) {
      if (batch instanceof Error) throw batch;
      await hear(batch);
    }
    served.attempts.push({ provider: 'corp', model: 'm', status: 200, ms: 1 });
  };
  const run = (more: Partial<ChatRequest> = {}): Promise<void> =>
    structured(inner)({ ...asked, ...more }, ctx, (events) => void heard.push([...events]));
  return { ctx, requests, heard, run };
}

const start: ChatEvent = { type: 'start', id: 'x' };
const said = (text: string): ChatEvent => ({ type: 'text', text });
const used = (usage: Usage): ChatEvent => ({ type: 'usage', usage });
const ended = (reason = 'stop'): ChatEvent => ({ type: 'finish', reason });

/** A turn that says this, in one batch. */
const turn = (text: string, reason = 'stop'): Turn => [
  [start, said(text), used({ inputTokens: 5, outputTokens: 2 }), ended(reason)],
];

function firstLines({ content }: ChatMessage): string[] {
  assert.ok(typeof content === 'string');
  return content.split('\n').slice(0, 2);
}

/** The text a listener ends up with; a restart drops what was there. */
function textOf(heard: readonly (readonly ChatEvent[])[]): string {
  let text = '';
  for (const event of heard.flat()) {
    if (event.type === 'text' && event.choice === undefined) text += event.text;
    else if (event.type === 'restart') text = '';
  }
  return text;
}

async function faultOf(work: Promise<void>): Promise<Fault> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof Fault);
  return thrown;
}

describe('an answer that is right', () => {
  test('is passed on as it comes, its end once it has been judged', async () => {
    const { heard, requests, run, ctx } = bench([
      [start, said('{"n"')],
      [used({ inputTokens: 5 })],
      [said(':1}'), ended()],
    ]);
    await run();
    assert.deepEqual(heard, [[start, said('{"n"')], [said(':1}')], [used({ inputTokens: 5 }), ended()]]);
    assert.deepEqual(requests, [asked]);
    assert.deepEqual(ctx.served.changed, ['seed dropped']);
  });

  test('need only be an object where no schema was given', async () => {
    const format = { responseFormat: { type: 'json_object' } };
    const good = bench(turn('{"any":[1]}'));
    await good.run(format);
    assert.equal(textOf(good.heard), '{"any":[1]}');
    const bad = bench(turn('[1]'), turn('{}'));
    await bad.run(format);
    assert.equal(bad.requests.length, 2);
    assert.match(JSON.stringify(bad.requests[1]), /- the value must be an object, not an array/);
  });

  test('is whole although it filled its limit to the last token', async () => {
    const { heard, run } = bench(turn('{"n":1}', 'length'));
    await run();
    assert.deepEqual(heard.at(-1)?.at(-1), ended('length'));
  });

  test('names what of the schema nobody checked', async () => {
    const { ctx, run } = bench(turn('{"n":1}'));
    const json_schema = { schema: { ...schema, unevaluatedProperties: false, $ref: 'https://x/y' } };
    await run({ responseFormat: { type: 'json_schema', json_schema } });
    assert.deepEqual(ctx.served.changed, [
      'seed dropped',
      'response_format: not checked: unevaluatedProperties, $ref https://x/y',
    ]);
  });
});

test('requests for text, and for nothing, go straight to the model', () => {
  const done = Promise.resolve();
  const hears: unknown[] = [];
  const layered = structured((_, __, hear) => (hears.push(hear), done));
  const { ctx } = bench();
  const hear = (): void => {};
  const { model, messages } = asked;
  assert.equal(layered({ model, messages }, ctx, hear), done);
  assert.equal(layered({ model, messages, responseFormat: { type: 'text' } }, ctx, hear), done);
  assert.equal(layered({ model, messages, responseFormat: { type: 'grammar', grammar: 'x' } }, ctx, hear), done);
  assert.deepEqual(hears, [hear, hear, hear]);
});

test('JSON with text around it comes again, alone, and with what else was said', async () => {
  const thought: ChatEvent = { type: 'reasoning', text: 'hm' };
  const detail: ChatEvent = {
    type: 'reasoning_detail',
    detail: { type: 'reasoning.text', text: 'hm', signature: 's' },
  };
  const { ctx, heard, requests, run } = bench([
    [start, thought, detail, said('Sure:\n```json\n{"n": 1.0}\n```')],
    [used({ outputTokens: 2 }), ended()],
  ]);
  await run();
  const [first, again, end] = heard;
  assert.deepEqual(first, [start, thought, detail, said('Sure:\n```json\n{"n": 1.0}\n```')]);
  const [restart, ...rest] = again ?? [];
  assert.ok(restart?.type === 'restart');
  assert.equal(restart.attempt, 1);
  assert.equal(restart.reason.message, 'The answer is not the JSON that was asked for: it has other text around it.');
  assert.deepEqual(rest, [start, thought, detail, said('{"n": 1.0}')]);
  assert.deepEqual(end, [used({ outputTokens: 2 }), ended()]);
  assert.equal(requests.length, 1);
  assert.deepEqual(ctx.served.changed, ['seed dropped']);
});

test('an image beside JSON that comes again comes again with it, up to a bound', async () => {
  const image: ChatEvent = { type: 'image', url: 'https://img.example/1' };
  const { heard, run } = bench([[image, said('```json\n{"n":1}\n```')], [ended()]]);
  await run();
  assert.deepEqual(heard[1]?.slice(1), [image, said('{"n":1}')]);
  const large: ChatEvent = { type: 'image', url: 'x'.repeat(40 * 1024 * 1024) };
  const huge = bench([[large, image, large, said('```json\n{"n":1}\n```')], [ended()]]);
  await huge.run();
  assert.deepEqual(huge.heard[1]?.slice(1), [large, image, said('{"n":1}')]);
});

describe('an answer that is wrong', () => {
  test('is asked for again with what is wrong, and the usage of both is told', async () => {
    const { ctx, heard, requests, run } = bench(turn('{"n":"one"}'), turn('{"n":1}'));
    await run();
    assert.deepEqual(requests[1], {
      ...asked,
      messages: [
        { role: 'user', content: 'A number?' },
        { role: 'assistant', content: '{"n":"one"}' },
        {
          role: 'user',
          content:
            'This is not the JSON that was asked for:\n- n must be an integer, not "one"\n' +
            'Give the whole JSON value again, corrected. Write nothing else: no other text, no code fence.',
        },
      ],
    });
    assert.equal(textOf(heard), '{"n":1}');
    const restart = heard[1]?.[0];
    assert.ok(restart?.type === 'restart');
    assert.equal(restart.attempt, 2);
    assert.equal(
      restart.reason.message,
      'The answer is not the JSON that was asked for: n must be an integer, not "one".',
    );
    assert.deepEqual(heard.at(-1), [used({ inputTokens: 10, outputTokens: 4 }), ended()]);
    assert.equal(heard.flat().filter(({ type }) => type === 'finish').length, 1);
    assert.equal(heard.flat().filter(({ type }) => type === 'usage').length, 1);
    assert.deepEqual(ctx.served.changed, ['seed dropped', 'response_format: repaired once']);
  });

  test('may be repaired twice, each time from what was asked first', async () => {
    const { ctx, heard, requests, run } = bench(turn('One.'), turn('{}'), turn('so: {"n":3}'));
    await run();
    assert.deepEqual(
      requests.map(({ messages }) => messages.map(firstLines)),
      [
        [['A number?']],
        [
          ['A number?'],
          ['One.'],
          ['This is not the JSON that was asked for:', '- the answer is not a whole JSON value'],
        ],
        [['A number?'], ['{}'], ['This is not the JSON that was asked for:', '- n is required']],
      ],
    );
    assert.equal(textOf(heard), '{"n":3}');
    assert.deepEqual(ctx.served.changed, ['seed dropped', 'response_format: repaired twice']);
    assert.deepEqual(heard.at(-1)?.[0], used({ inputTokens: 15, outputTokens: 6 }));
  });

  test('for the third time is the end', async () => {
    const { heard, requests, run } = bench(turn('1'), turn('2'), turn('{"n":null}'));
    const fault = await faultOf(run());
    assert.equal(requests.length, 3);
    assert.equal(fault.kind, 'UPSTREAM');
    assert.equal(
      fault.message,
      'Asked twice to correct its answer, the model still did not give the JSON that was asked for: ' +
        'n must be an integer, not null.',
    );
    const { attempts, ...data } = fault.data;
    assert.equal(attempts?.length, 3);
    assert.deepEqual(data, {
      provider: 'corp',
      model: 'm-1',
      retry: 'never',
      partial: '{"n":null}',
      next: 'Use a simpler schema, or another model.',
    });
    assert.ok(heard.flat().every(({ type }) => type !== 'finish'));
  });

  test('has five of its problems in the fault', async () => {
    const required = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const format = { responseFormat: { type: 'json_schema', json_schema: { schema: { required } } } };
    const fault = await faultOf(bench(turn('{}'), turn('{}'), turn('{}')).run(format));
    assert.match(fault.message, /: a is required; .*e is required \(and 2 more\)\.$/);
  });

  test('because it holds several answers is not guessed at', async () => {
    const { requests, run } = bench(turn('{"n":1} or {"n":2}'), turn('{"n":1} {"n":1} {"x":1}'));
    await run();
    assert.match(JSON.stringify(requests[1]), /- the answer holds 2 JSON values, where one is asked for/);
    assert.equal(requests.length, 2);
  });

  test('is quoted in part when it is long, and never as nothing', async () => {
    const { requests, run } = bench(turn(`{"n":"${'x'.repeat(100_000)}"}`), turn('  '), turn('{"n":1}'));
    await run();
    const quotes = requests.map(({ messages }) => messages[1]?.content);
    assert.equal(quotes[1], `{"n":"${'x'.repeat(15_994)}…`);
    assert.equal(quotes[2], '(nothing)');
  });
});

describe('there is nothing to judge', () => {
  test('when the answer calls tools', async () => {
    const call: ChatEvent = { type: 'tool', index: 0, id: 'a', name: 'f', arguments: '{}' };
    const { heard, requests, run } = bench([[start, said('Let me see.'), call, ended()]]);
    await run();
    assert.deepEqual(heard, [[start, said('Let me see.'), call], [ended()]]);
    assert.equal(requests.length, 1);
  });

  test('when it was withheld, refused or only paused', async () => {
    for (const reason of ['content_filter', 'refusal', 'pause', 'tool_calls']) {
      const end: ChatEvent = { type: 'finish', reason, category: 'x' };
      const { heard, requests, run } = bench([[start, said('I cannot'), end]]);
      await run();
      assert.deepEqual(heard.at(-1), [end]);
      assert.equal(requests.length, 1);
    }
  });
});

test('an answer cut at its limit would be cut again', async () => {
  const { requests, run } = bench(turn('{"n":', 'length'));
  const fault = await faultOf(run());
  assert.equal(requests.length, 1);
  assert.equal(fault.kind, 'INCOMPLETE');
  assert.equal(fault.message, 'The answer was cut at its token limit before its JSON was complete.');
  assert.deepEqual(
    [fault.retry, fault.data.partial, fault.data.next],
    ['never', '{"n":', 'Raise max_tokens, or ask for less.'],
  );
});

test('an answer too long to be checked is not passed off as checked', async () => {
  const long = Array.from({ length: 9 }, (): readonly ChatEvent[] => [said('x'.repeat(1024 * 1024))]);
  const fault = await faultOf(bench([...long, [ended()]]).run());
  assert.equal(fault.message, 'The JSON of the answer is too long to be checked.');
  assert.deepEqual([fault.kind, fault.retry], ['UPSTREAM', 'never']);
});

test('what the route takes back is not judged', async () => {
  const restart: ChatEvent = { type: 'restart', attempt: 2, reason: new Fault('NETWORK', 'cut') };
  const call: ChatEvent = { type: 'tool', index: 0, arguments: '' };
  const { heard, requests, run } = bench([
    [start, said('{"n":'), call, used({ inputTokens: 9 })],
    [restart],
    [start, said('{"n":1}'), ended()],
  ]);
  await run();
  assert.deepEqual(heard, [[start, said('{"n":'), call], [restart], [start, said('{"n":1}')], [ended()]]);
  assert.equal(requests.length, 1);
});

test('only the first choice is judged; the end of all is held back', async () => {
  const other: ChatEvent = { type: 'text', text: 'no JSON', choice: 1 };
  const otherEnd: ChatEvent = { type: 'finish', reason: 'length', choice: 1 };
  const { heard, run } = bench([[start, other, said('{"n":1}'), otherEnd, ended()]]);
  await run();
  assert.deepEqual(heard, [
    [start, other, said('{"n":1}')],
    [otherEnd, ended()],
  ]);
});

test('a call that was called off asks nothing more', async () => {
  const reason = new Fault('cancelled', 'Gone.');
  const { ctx, heard, requests, run } = bench(turn('wrong'), turn('{"n":1}'));
  const running = run();
  ctx.cancel.cancel(reason);
  assert.equal(await faultOf(running), reason);
  assert.equal(requests.length, 1);
  assert.ok(heard.flat().every(({ type }) => type !== 'restart'));
});

test("a failure of the model's is passed on, in a repair too", async () => {
  const failure = new Fault('NETWORK', 'cut');
  assert.equal(await faultOf(bench([failure]).run()), failure);
  assert.equal(await faultOf(bench(turn('wrong'), [failure]).run()), failure);
});

test('a count that only one turn gave is that turn’s', async () => {
  const withCost: Turn = [[said('{}'), used({ inputTokens: 1, costUsd: 0.5, cachedTokens: 3 }), ended()]];
  const { heard, run } = bench(
    withCost,
    [[said('[]'), ended()]],
    [[said('{"n":1}'), used({ inputTokens: 2 }), ended()]],
  );
  await run();
  assert.deepEqual(heard.at(-1)?.[0], used({ inputTokens: 3, cachedTokens: 3, costUsd: 0.5 }));
});

test('a listener without room is waited for', async () => {
  const order: string[] = [];
  let room: (() => void) | undefined;
  const inner: ChatModel = async (_, __, hear) => {
    await hear([said('so: {"n":1}')]);
    order.push('read on');
    assert.equal(hear([ended()]), undefined);
  };
  const { ctx } = bench();
  const running = structured(inner)(asked, ctx, (events): Promise<void> => {
    order.push(events.map(({ type }) => type).join(' '));
    return new Promise((resolve) => (room = resolve));
  });
  for (const expected of ['text', 'restart text', 'finish']) {
    await new Promise(setImmediate);
    order.push(`room after ${expected}`);
    room?.();
  }
  await running;
  assert.deepEqual(order, [
    'text',
    'room after text',
    'read on',
    'restart text',
    'room after restart text',
    'finish',
    'room after finish',
  ]);
});

test('a schema may be any value a schema can be', async () => {
  for (const [any, text] of [
    [true, '7'],
    [{ type: 'array' }, '[]'],
  ] satisfies [JsonValue, string][]) {
    const { heard, run } = bench(turn(text));
    await run({ responseFormat: { type: 'json_schema', json_schema: { schema: any } } });
    assert.equal(textOf(heard), text);
  }
});

describe('a listener that cannot take back what it handed on', () => {
  const open: Commit = { isMade: false };
  const made: Commit = { isMade: true };

  test('hears what begins as JSON as it comes', async () => {
    const { heard, run } = benchWith(made, [[[start], [said(' {"n"')], [said(':1}\n'), ended()]]]);
    await run();
    assert.deepEqual(heard, [[start, said(' {"n"')], [said(':1}\n')], [ended()]]);
  });

  test('hears of what is wrapped only when it was unwrapped', async () => {
    const { heard, run } = benchWith(open, [
      [
        [start, said('Here: ')],
        [said('{"n":1}'), ended()],
      ],
    ]);
    await run();
    assert.deepEqual(heard, [[start, said('{"n":1}')], [ended()]]);
  });

  test('hears of what is wrong only when it was corrected', async () => {
    const { heard, requests, run } = benchWith(open, [turn('I cannot say.'), turn('{"n":2}')]);
    await run();
    assert.equal(requests.length, 2);
    assert.deepEqual(
      heard.flat().map((event) => (event.type === 'text' ? event.text : event.type)),
      ['start', '{"n":2}', 'usage', 'finish'],
    );
  });

  test('hears nothing of an attempt that the route gave up', async () => {
    const again: ChatEvent = { type: 'restart', attempt: 2, reason: new Fault('UPSTREAM', 'cut') };
    const { heard, run } = benchWith(open, [
      [
        [start, said('Her')],
        [again, start, said('{"n":1}'), ended()],
      ],
    ]);
    await run();
    assert.deepEqual(heard, [[start, said('{"n":1}')], [ended()]]);
  });

  test('is told that what it handed on was wrong', async () => {
    for (const text of ['{"n":"x"}', '{"n":1} That is it.']) {
      const { requests, run } = benchWith(made, [turn(text)]);
      const fault = await faultOf(run());
      assert.deepEqual([fault.kind, fault.data.partial, requests.length], ['UPSTREAM', text, 1]);
      assert.match(fault.message, /^The answer is not the JSON that was asked for: /);
    }
  });

  test('hears images with what they came with, but is not kept from more than any answer has', async () => {
    const image = (chars: number): ChatEvent => ({ type: 'image', url: 'x'.repeat(chars) });
    const some = benchWith(open, [
      [
        [start, image(9), said('Here: ')],
        [said('{"n":1}'), ended()],
      ],
    ]);
    await some.run();
    assert.deepEqual(some.heard, [[start, image(9), said('{"n":1}')], [ended()]]);
    const large = image(40 * 1024 * 1024);
    const many = benchWith(open, [[[start, large], [large], [said('{"n":1}'), ended()]]]);
    await many.run();
    assert.deepEqual(
      many.heard.map((events) => events.length),
      [3, 1, 1],
    );
  });

  test('hears tool calls at once', async () => {
    const call: ChatEvent = { type: 'tool', index: 0, id: 'c', name: 'f', arguments: '{}' };
    const { heard, run } = benchWith(open, [[[start, call], [ended('tool_calls')]]]);
    await run();
    assert.deepEqual(heard, [[start, call], [ended('tool_calls')]]);
  });
});
