// POST /v1/chat/completions: the whole answer and the stream, over models that say what the test scripted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { ChatEvent, ModelContext } from '../../../src/providers/chat.ts';
import { answering } from '../../support/models.ts';
import { PNG_URL } from '../../support/pictures.ts';
import { settle } from '../../support/scripted-fetch.ts';
import { chat, stage } from './stage.ts';

const start: ChatEvent = { type: 'start', id: 'chatcmpl-9', model: 'gpt-x', created: 1_700_000_001 };
const said = (text: string): ChatEvent => ({ type: 'text', text });
const image = (url: string): ChatEvent => ({ type: 'image', url });
const finish: ChatEvent = { type: 'finish', reason: 'stop' };
const usage: ChatEvent = {
  type: 'usage',
  usage: { inputTokens: 3, cachedTokens: 1, outputTokens: 5, reasoningTokens: 2 },
};
const counts = {
  prompt_tokens: 3,
  completion_tokens: 5,
  total_tokens: 8,
  prompt_tokens_details: { cached_tokens: 1 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const again: ChatEvent = { type: 'restart', attempt: 2, reason: new Fault('INCOMPLETE', 'The stream was cut.') };
const call: ChatEvent = { type: 'tool', index: 0, id: 'call_1', name: 'weather', arguments: '{"city"' };
const more: ChatEvent = { type: 'tool', index: 0, arguments: ':"Bern"}' };
const detail: ChatEvent = {
  type: 'reasoning_detail',
  detail: { type: 'reasoning.text', text: 'hm', signature: 's', format: 'anthropic-claude-v1' },
};

const envelope = { id: 'chatcmpl-9', object: 'chat.completion.chunk', created: 1_700_000_001, model: 'gpt-x' };
const chunk = (delta: object, finish_reason: string | null = null): object => ({
  ...envelope,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
});
const role = chunk({ role: 'assistant', content: '' });

describe('a whole answer', () => {
  test('is an OpenAI completion', async () => {
    const { ask, asked } = stage({
      batches: [
        [start, said('Hel')],
        [said('lo'), usage, finish],
      ],
    });
    const { status, headers, json } = await ask(chat());
    assert.equal(status, 200);
    assert.deepEqual(json, {
      id: 'chatcmpl-9',
      object: 'chat.completion',
      created: 1_700_000_001,
      model: 'gpt-x',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: counts,
    });
    assert.deepEqual(headers, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'id-1',
      'openai-processing-ms': '0',
      'anymodel-provider': 'corp',
      'anymodel-attempts': '1',
      'anymodel-cached': 'false',
    });
    assert.deepEqual(asked.chat, [{ model: 'm', messages: [{ role: 'user', content: 'hi' }] }]);
  });

  test('may begin anew anywhere before its end', async () => {
    const { ask } = stage({
      batches: [
        [start, said('Hal')],
        [again, start, said('Hello'), finish],
      ],
    });
    const { json } = await ask(chat());
    assert.deepEqual(Object(json).choices[0].message.content, 'Hello');
  });

  test('has tool calls, reasoning, and what has to come back', async () => {
    const { ask } = stage({
      batches: [
        [start, { type: 'reasoning', text: 'hm' }, call, more, detail, { type: 'finish', reason: 'tool_calls' }],
      ],
    });
    assert.deepEqual(Object((await ask(chat())).json).choices, [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }],
          reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's', format: 'anthropic-claude-v1' }],
          refusal: null,
          reasoning_content: 'hm',
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ]);
  });

  test('has its images as they came', async () => {
    const { ask } = stage({ batches: [[start, said('Dots.'), image(PNG_URL), image('odd://x'), finish]] });
    assert.deepEqual(Object((await ask(chat())).json).choices[0].message, {
      role: 'assistant',
      content: 'Dots.',
      images: [
        { type: 'image_url', image_url: { url: PNG_URL } },
        { type: 'image_url', image_url: { url: 'odd://x' } },
      ],
      refusal: null,
    });
  });

  test('of an upstream that names nothing is named by us, and unknown counts stay unknown', async () => {
    const { ask } = stage({ batches: [[said('Hi'), finish]] });
    const { json } = await ask({ ...chat(), headers: { 'x-request-id': 'mine-1' } });
    const { id, created, model, usage: none } = Object(json);
    assert.deepEqual([id, created, model, none], ['chatcmpl-mine-1', 1_700_000_000, 'gpt-4o-mini', undefined]);
  });

  test('keeps long reasoning whole', async () => {
    const { ask } = stage({ batches: [[{ type: 'reasoning', text: 'x'.repeat(20_000) }, said('Hi'), finish]] });
    assert.equal(Object((await ask(chat())).json).choices[0].message.reasoning_content.length, 20_000);
  });

  test('was kept: the headers say so', async () => {
    const serve = ({ served }: ModelContext): void => void Object.assign(served, { provider: 'cörp', cached: true });
    const { ask } = stage({ batches: [answering('Hi')], serve });
    const { headers } = await ask(chat());
    assert.deepEqual(
      ['provider', 'attempts', 'cached'].map((name) => headers[`anymodel-${name}`]),
      ['c?rp', '0', 'true'],
    );
  });
});

describe('a stream', () => {
  const streamed = chat({ stream: true });

  test('is role, deltas, the reason it ended, and [DONE]', async () => {
    const { ask } = stage({ batches: [[start], [said('Hel')], [said('l"o\n')], [usage, finish]] });
    const { status, headers, data, pieces, state } = await ask(streamed);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(headers['anymodel-attempts'], '2');
    assert.deepEqual(data, [role, chunk({ content: 'Hel' }), chunk({ content: 'l"o\n' }), chunk({}, 'stop'), '[DONE]']);
    assert.equal(state, 'whole');
    assert.equal(pieces.length, 3, 'one write for each batch with something to say, and one for the end');
  });

  test('has usage as its last chunk where it was asked for', async () => {
    const { ask } = stage({
      batches: [
        [start, said('Hi')],
        [usage, finish],
      ],
    });
    const { data } = await ask(chat({ stream: true, stream_options: { include_usage: true } }));
    assert.deepEqual(
      data.map((one) => Object(one).usage),
      [null, null, null, counts, undefined],
    );
    assert.deepEqual(Object(data.at(-2)).choices, []);
    const unknown = stage({ batches: [[start, said('Hi')], [finish]] });
    assert.equal((await unknown.ask(chat({ stream: true, stream_options: { include_usage: true } }))).data.length, 4);
  });

  test('has reasoning and tool calls by their index', async () => {
    const second: ChatEvent = { type: 'tool', index: 1, id: 'call_2', name: 'time', arguments: '{}' };
    const { ask } = stage({
      batches: [
        [start, { type: 'reasoning', text: 'hm' }],
        [call],
        [more, second],
        [detail, { type: 'finish', reason: 'tool_calls' }],
      ],
    });
    const { data } = await ask(streamed);
    assert.deepEqual(data, [
      role,
      chunk({ reasoning_content: 'hm' }),
      chunk({
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city"' } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':"Bern"}' } }] }),
      chunk({
        tool_calls: [{ index: 1, id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } }],
      }),
      chunk({
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's', format: 'anthropic-claude-v1' }],
      }),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]);
  });

  test('has its images as they came, each in a piece of its own', async () => {
    const other: ChatEvent = { type: 'image', url: PNG_URL, choice: 1 };
    const { ask } = stage({ batches: [[start, said('Dots.'), image(PNG_URL), other, image('odd://x')], [finish]] });
    const { data } = await ask(streamed);
    assert.deepEqual(data, [
      role,
      chunk({ content: 'Dots.' }),
      chunk({ images: [{ type: 'image_url', image_url: { url: PNG_URL } }] }),
      chunk({ images: [{ type: 'image_url', image_url: { url: 'odd://x' } }] }),
      chunk({}, 'stop'),
      '[DONE]',
    ]);
  });

  test('says nothing of an attempt that was given up before its first word', async () => {
    const other: ChatEvent = { type: 'start', id: 'other', model: 'gpt-x' };
    const { ask } = stage({ batches: [[other], [again, start, said('Hello')], [finish]] });
    const { data } = await ask(streamed);
    assert.deepEqual(data, [role, chunk({ content: 'Hello' }), chunk({}, 'stop'), '[DONE]']);
  });

  test('is committed with its first word and not before', async () => {
    const seen: (boolean | undefined)[] = [];
    const own = {
      chat: async (_request: unknown, ctx: ModelContext, hear: (events: readonly ChatEvent[]) => unknown) => {
        for (const event of [start, said('Hi'), finish]) {
          seen.push(ctx.commit?.isMade);
          hear([event]);
        }
      },
    };
    await stage({ own }).ask(streamed);
    assert.deepEqual(seen, [false, false, true]);
    seen.length = 0;
    await stage({ own }).ask(chat());
    assert.deepEqual(seen, [undefined, undefined, undefined]);
  });

  test('that fails before its first word is an answer with a status', async () => {
    const { ask } = stage({ batches: [[start], new Fault('RATE_LIMITED', 'Too fast.', { retryAfterMs: 1500 })] });
    const { status, headers, json } = await ask(streamed);
    assert.equal(status, 429);
    assert.equal(headers['retry-after'], '2');
    assert.deepEqual(json, {
      error: { message: 'Too fast.', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
    });
  });

  test('that fails after it says so and ends without [DONE]', async () => {
    const { ask } = stage({ batches: [[start, said('Hel')], new Fault('TIMEOUT', 'Silent, hush-hush-hush.')] });
    const { data, state } = await ask(streamed);
    assert.deepEqual(data.at(-1), {
      error: { message: 'Silent, [redacted].', type: 'timeout_error', param: null, code: 'timeout' },
    });
    assert.ok(!data.includes('[DONE]'));
    assert.equal(state, 'whole');
  });

  test('never says a second attempt after the first', async () => {
    const { ask } = stage({
      batches: [
        [start, said('Hel')],
        [again, start, said('Hello'), finish],
      ],
    });
    const { data } = await ask(streamed);
    assert.deepEqual(data.slice(0, 2), [role, chunk({ content: 'Hel' })]);
    assert.deepEqual(data.slice(2), [
      {
        error: {
          message: 'The answer broke off: The stream was cut.',
          type: 'server_error',
          param: null,
          code: 'incomplete_answer',
        },
      },
    ]);
  });

  test('waits for room before more is read', async () => {
    const heard: string[] = [];
    const own = {
      chat: async (_request: unknown, _ctx: ModelContext, hear: (events: readonly ChatEvent[]) => unknown) => {
        for (const text of ['a', 'b']) {
          heard.push(text);
          await hear([said(text)]);
        }
        hear([finish]);
      },
    };
    const { open } = stage({ own });
    const { exchange, done } = open(streamed);
    exchange.fill();
    await settle();
    assert.deepEqual(heard, ['a']);
    exchange.drain();
    await done;
    assert.deepEqual(heard, ['a', 'b']);
    assert.equal(exchange.data.at(-1), '[DONE]');
  });

  test('is called off upstream when the client leaves', async () => {
    let cancelled: Fault | undefined;
    const own = {
      chat: (_request: unknown, { cancel }: ModelContext): Promise<void> =>
        new Promise((_, reject) => {
          cancel.onCancel((reason) => reject((cancelled = reason)));
        }),
    };
    const { open, clock } = stage({ own });
    const { exchange, done } = open(streamed);
    await settle();
    exchange.leave();
    await done;
    assert.equal(cancelled?.kind, 'cancelled');
    assert.equal(clock.pending, 0, 'a timer is left');
  });
});

describe('silence', () => {
  const silent = (): { readonly own: object; readonly say: (event: ChatEvent | Fault) => void } => {
    let next: (event: ChatEvent | Fault) => void = () => {};
    const own = {
      async chat(_request: unknown, _ctx: ModelContext, hear: (events: readonly ChatEvent[]) => unknown) {
        for (;;) {
          const event = await new Promise<ChatEvent | Fault>((resolve) => (next = resolve));
          if (event instanceof Fault) throw event;
          hear([event]);
          if (event.type === 'finish') return;
        }
      },
    };
    return { own, say: (event) => next(event) };
  };

  test('before the first word opens the stream after a while, uncommitted', async () => {
    const { own, say } = silent();
    const { open, clock } = stage({ own });
    const { exchange, done } = open(chat({ stream: true }));
    await settle();
    clock.advance(14_999);
    assert.equal(exchange.state, 'none');
    clock.advance(1);
    assert.deepEqual(exchange.pieces, [': keep-alive\n\n']);
    say(again);
    await settle();
    say(said('Hi'));
    await settle();
    say(finish);
    await done;
    assert.equal(exchange.data.length, 4);
    assert.equal(clock.pending, 0);
  });

  test('that ends in a failure after that says so in the stream', async () => {
    const { own, say } = silent();
    const { open, clock } = stage({ own });
    const { exchange, done } = open(chat({ stream: true }));
    await settle();
    clock.advance(15_000);
    say(new Fault('NETWORK', 'Refused.'));
    await done;
    assert.equal(exchange.status, 200);
    assert.deepEqual(exchange.data, [
      { error: { message: 'Refused.', type: 'server_error', param: null, code: 'network_error' } },
    ]);
    assert.equal(exchange.state, 'whole');
  });

  test('between two words is filled, counted from the last word', async () => {
    const { own, say } = silent();
    const { open, clock } = stage({ own });
    const { exchange, done } = open(chat({ stream: true }));
    await settle();
    clock.advance(10_000);
    say(said('Hi'));
    await settle();
    clock.advance(14_999);
    assert.equal(exchange.pieces.length, 1);
    clock.advance(1);
    assert.equal(exchange.pieces.at(-1), ': keep-alive\n\n');
    say(finish);
    await done;
  });
});
