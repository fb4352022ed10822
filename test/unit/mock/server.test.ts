// The embedded upstream as a client sees it, over real loopback sockets and on a fake clock.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createMock } from '../../../src/mock/server.ts';
import { FakeClock } from '../../support/clock.ts';

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Whether the body came to its end. */
  readonly complete: boolean;
}

interface Sending {
  readonly body?: unknown;
  readonly requestId?: string;
  readonly method?: string;
}

async function start(t: TestContext, wordDelayMs = 0): Promise<{ url: string; clock: FakeClock }> {
  const clock = new FakeClock();
  const mock = await createMock({ clock, wordDelayMs });
  t.after(() => mock.close());
  return { url: mock.url, clock };
}

/** Resolves when the body ended, however it ended; rejects when not even a head came. */
function send(url: string, { body, requestId, method }: Sending = {}, onText?: (text: string) => void): Promise<Got> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    };
    const options = { method: method ?? (body === undefined ? 'GET' : 'POST'), headers, agent: false as const };
    const req = request(url, options, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        onText?.(text);
      });
      res.on('error', () => {});
      res.on('close', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text, complete: res.complete }),
      );
    });
    req.on('error', reject);
    req.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const chat = (model: string, more: object = {}): object => ({
  model,
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'good morning' },
  ],
  ...more,
});

function eventsOf(
  text: string,
): { choices: { delta: Record<string, unknown>; finish_reason: string | null }[]; usage?: unknown }[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)));
}

const streamedText = (text: string): string =>
  eventsOf(text)
    .map(({ choices }) => choices[0]?.delta['content'])
    .filter((content) => typeof content === 'string')
    .join('');

describe('answers', () => {
  test('echo, whole, with usage', async (t) => {
    const { url } = await start(t);
    const got = await send(`${url}/chat/completions`, { body: chat('mock/echo'), requestId: 'r-1' });
    assert.equal(got.status, 200);
    assert.equal(got.headers['x-request-id'], 'r-1');
    assert.deepEqual(JSON.parse(got.text), {
      id: 'chatcmpl-mock-1',
      object: 'chat.completion',
      created: 1767225600,
      model: 'echo',
      choices: [{ index: 0, message: { role: 'assistant', content: 'You said: good morning' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 4, completion_tokens: 4, total_tokens: 8 },
    });
  });

  test('echo, streamed word by word, with usage when asked', async (t) => {
    const { url } = await start(t);
    const body = chat('echo', { stream: true, stream_options: { include_usage: true } });
    const got = await send(`${url}/chat/completions`, { body });
    assert.equal(got.headers['content-type'], 'text/event-stream');
    assert.deepEqual(
      eventsOf(got.text).map(({ choices }) => choices[0]?.delta['content']),
      ['', 'You', ' said:', ' good', ' morning', undefined, undefined],
    );
    assert.deepEqual(eventsOf(got.text).at(-1)?.usage, { prompt_tokens: 4, completion_tokens: 4, total_tokens: 8 });
    assert.equal(eventsOf(got.text).at(-2)?.choices[0]?.finish_reason, 'stop');
    assert.ok(got.text.endsWith('data: [DONE]\n\n'));
  });

  test('no usage in a stream that did not ask for it, and the base URL without /v1', async (t) => {
    const { url } = await start(t);
    const got = await send(`${url.replace('/v1', '')}/chat/completions`, { body: chat('', { stream: true }) });
    assert.equal(streamedText(got.text), 'You said: good morning');
    assert.ok(!got.text.includes('usage'));
  });

  test('white space of what was said is kept, streamed or not', async (t) => {
    const { url } = await start(t);
    const said = '  two  blanks\n\nand lines \n';
    const body = { model: 'echo', messages: [{ role: 'user', content: [{ type: 'text', text: said }] }] };
    const whole = await send(`${url}/chat/completions`, { body });
    assert.equal(JSON.parse(whole.text).choices[0].message.content, `You said: ${said}`);
    const streamed = await send(`${url}/chat/completions`, { body: { ...body, stream: true } });
    assert.equal(streamedText(streamed.text), `You said: ${said}`);
  });

  test('words-N says N words; max_tokens cuts with finish length', async (t) => {
    const { url } = await start(t);
    const got = await send(`${url}/chat/completions`, { body: chat('words-3') });
    assert.equal(JSON.parse(got.text).choices[0].message.content, 'word1 word2 word3');
    const cut = await send(`${url}/chat/completions`, { body: chat('words-3', { max_tokens: 2, stream: true }) });
    assert.equal(streamedText(cut.text), 'word1 word2');
    assert.equal(eventsOf(cut.text).at(-1)?.choices[0]?.finish_reason, 'length');
  });

  test('long is 100,000 words', async (t) => {
    const { url } = await start(t, 25);
    const got = await send(`${url}/chat/completions`, { body: chat('long', { stream: true }) });
    assert.equal(eventsOf(got.text).length, 100_002);
    assert.ok(streamedText(got.text).endsWith(' word100000'));
  });

  test('slow is silent for six seconds, then says a word a second', async (t) => {
    const { url, clock } = await start(t);
    let seen = '';
    const got = send(`${url}/chat/completions`, { body: chat('slow', { stream: true }) }, (text) => (seen = text));
    await until(() => clock.pending === 1);
    assert.equal(seen, '');
    clock.advance(5999);
    assert.equal(clock.pending, 1);
    clock.advance(1);
    for (const text of ['', 'You', 'You said:', 'You said: good']) {
      await until(() => streamedText(seen) === text && clock.pending === 1);
      clock.advance(1000);
    }
    assert.equal(streamedText((await got).text), 'You said: good morning');
  });

  test('reason thinks before it answers', async (t) => {
    const { url } = await start(t);
    const got = await send(`${url}/chat/completions`, { body: chat('reason', { stream: true }) });
    const kinds = eventsOf(got.text).flatMap(({ choices }) => Object.keys(choices[0]?.delta ?? {}));
    assert.ok(kinds.lastIndexOf('reasoning_content') < kinds.indexOf('content', 2));
    assert.equal(streamedText(got.text), 'You said: good morning');
    const whole = JSON.parse((await send(`${url}/chat/completions`, { body: chat('reason') })).text);
    assert.match(whole.choices[0].message.reasoning_content, /^Somebody said something/);
    assert.deepEqual(whole.usage, {
      prompt_tokens: 4,
      completion_tokens: 19,
      total_tokens: 23,
      completion_tokens_details: { reasoning_tokens: 15 },
    });
  });

  test('tool calls the first tool with arguments of its schema, then answers', async (t) => {
    const { url } = await start(t);
    const parameters = {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 2 },
        unit: { enum: ['C', 'F'] },
        tags: { type: 'array', items: { type: 'string' } },
        never: { type: 'string' },
      },
      required: ['city', 'days', 'unit', 'tags'],
    };
    const tools = [{ type: 'function', function: { name: 'weather', parameters } }];
    const expected = '{"city":"good morning","days":2,"unit":"C","tags":["good morning"]}';
    const whole = JSON.parse((await send(`${url}/chat/completions`, { body: chat('tool', { tools }) })).text);
    assert.equal(whole.choices[0].finish_reason, 'tool_calls');
    assert.equal(whole.choices[0].message.content, null);
    const [call] = whole.choices[0].message.tool_calls;
    assert.deepEqual(call.function, { name: 'weather', arguments: expected });
    const streamed = await send(`${url}/chat/completions`, { body: chat('tool', { tools, stream: true }) });
    const fragments = eventsOf(streamed.text).flatMap(({ choices }) => {
      const [one] = (choices[0]?.delta['tool_calls'] ?? []) as { function: { arguments: string } }[];
      return one === undefined ? [] : [one.function.arguments];
    });
    assert.equal(fragments.length, 3);
    assert.equal(fragments.join(''), expected);
    const messages = [
      { role: 'user', content: 'good morning' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: 'rain' },
    ];
    const after = JSON.parse(
      (await send(`${url}/chat/completions`, { body: { model: 'tool', messages, tools } })).text,
    );
    assert.equal(after.choices[0].message.content, 'The tool answered: rain');
  });

  test('json answers with JSON', async (t) => {
    const { url } = await start(t);
    const got = JSON.parse((await send(`${url}/chat/completions`, { body: chat('json') })).text);
    assert.deepEqual(JSON.parse(got.choices[0].message.content), { you_said: 'good morning' });
  });

  test('legacy completions, whole and streamed', async (t) => {
    const { url } = await start(t);
    const whole = JSON.parse((await send(`${url}/completions`, { body: { model: 'echo', prompt: 'hello' } })).text);
    assert.equal(whole.object, 'text_completion');
    assert.deepEqual(whole.choices, [{ index: 0, text: 'You said: hello', finish_reason: 'stop' }]);
    const streamed = await send(`${url}/completions`, { body: { model: 'echo', prompt: 'hello', stream: true } });
    assert.match(streamed.text, /"text":" hello"/);
  });

  test('models are listed without their prefix', async (t) => {
    const { url } = await start(t);
    const list = JSON.parse((await send(`${url}/models`)).text);
    const ids: string[] = list.data.map(({ id }: { id: string }) => id);
    const known = 'echo slow long reason tool json words-100 429 500 cut silent flaky quota empty garbage refuse';
    assert.deepEqual(ids, known.split(' '));
  });
});

describe('embeddings', () => {
  test('are the same for the same text, of length one, and packed when asked', async (t) => {
    const { url } = await start(t);
    const body = { model: 'echo', input: ['a', 'b', 'a'], dimensions: 40 };
    const plain = JSON.parse((await send(`${url}/embeddings`, { body })).text);
    const vectors: number[][] = plain.data.map(({ embedding }: { embedding: number[] }) => embedding);
    assert.deepEqual(vectors[0], vectors[2]);
    assert.notDeepEqual(vectors[0], vectors[1]);
    assert.equal(vectors[0]?.length, 40);
    assert.ok(Math.abs(Math.hypot(...(vectors[0] ?? [])) - 1) < 1e-6);
    assert.deepEqual(plain.usage, { prompt_tokens: 3, total_tokens: 3 });
    const packed = JSON.parse((await send(`${url}/embeddings`, { body: { ...body, encoding_format: 'base64' } })).text);
    const bytes = Buffer.from(packed.data[1].embedding, 'base64');
    assert.deepEqual(
      Array.from({ length: 40 }, (_, i) => bytes.readFloatLE(i * 4)),
      vectors[1],
    );
  });

  test('bad input is refused in words', async (t) => {
    const { url } = await start(t);
    for (const bad of [{ input: '' }, { input: [] }, { input: [1] }, { input: 'x', dimensions: 0 }, {}]) {
      const got = await send(`${url}/embeddings`, { body: { model: 'echo', ...bad } });
      assert.equal(got.status, 400, JSON.stringify(bad));
      assert.equal(JSON.parse(got.text).error.type, 'invalid_request_error');
    }
  });
});

describe('faults', () => {
  const once: readonly (readonly [string, number, RegExp])[] = [
    ['429', 429, /rate_limit_exceeded/],
    ['500', 500, /server_error/],
    ['quota', 429, /insufficient_quota/],
    ['garbage', 200, /<html>/],
    ['empty', 200, /"content":""/],
  ];
  for (const [model, status, body] of once) {
    test(`${model} strikes once per request id and is healed, or always`, async (t) => {
      const { url } = await start(t);
      const ask = (name: string, requestId: string): Promise<Got> =>
        send(`${url}/chat/completions`, { body: chat(name), requestId });
      const first = await ask(`mock/${model}`, 'one');
      assert.equal(first.status, status);
      assert.match(first.text, body);
      assert.match((await ask(model, 'one')).text, /You said: good morning/);
      assert.match((await ask(model, 'two')).text, body);
      assert.match((await ask(`${model}-always`, 'one')).text, body);
      assert.match((await ask(`${model}-always`, 'one')).text, body);
    });
  }

  test('without a request id the body is the id', async (t) => {
    const { url } = await start(t);
    const ask = async (more: object): Promise<number> =>
      (await send(`${url}/chat/completions`, { body: chat('500', more) })).status;
    assert.deepEqual([await ask({}), await ask({}), await ask({ seed: 1 }), await ask({})], [500, 200, 500, 200]);
  });

  test('429 says when to come back', async (t) => {
    const { url } = await start(t);
    const { headers } = await send(`${url}/chat/completions`, { body: chat('429') });
    assert.equal(headers['retry-after-ms'], '100');
    assert.equal(headers['retry-after'], '1');
  });

  test('flaky fails every second request, whatever their ids', async (t) => {
    const { url } = await start(t);
    const statuses: number[] = [];
    for (const requestId of ['a', 'a', 'b', 'c']) {
      statuses.push((await send(`${url}/chat/completions`, { body: chat('flaky'), requestId })).status);
    }
    assert.deepEqual(statuses, [200, 503, 200, 503]);
  });

  test('cut breaks off in the middle, streamed or not, then is healed', async (t) => {
    const { url } = await start(t);
    const ask = (stream: boolean, requestId: string): Promise<Got> =>
      send(`${url}/chat/completions`, { body: chat('cut', { stream }), requestId });
    const streamed = await ask(true, 'one');
    assert.equal(streamed.complete, false);
    assert.equal(streamedText(streamed.text), 'You said:');
    const healed = await ask(true, 'one');
    assert.equal(healed.complete, true);
    assert.equal(streamedText(healed.text), 'You said: good morning');
    const whole = await ask(false, 'two');
    assert.equal(whole.complete, false);
    assert.throws(() => JSON.parse(whole.text), SyntaxError);
  });

  test('garbage in a stream is an event that is not JSON', async (t) => {
    const { url } = await start(t);
    const got = await send(`${url}/chat/completions`, { body: chat('garbage', { stream: true }) });
    assert.equal(got.status, 200);
    assert.match(got.text, /\{"del\n\n/);
  });

  test('refuse closes the connection without a byte', async (t) => {
    const { url } = await start(t);
    await assert.rejects(send(`${url}/chat/completions`, { body: chat('refuse'), requestId: 'one' }), {
      code: 'ECONNRESET',
    });
    const healed = await send(`${url}/chat/completions`, { body: chat('refuse'), requestId: 'one' });
    assert.equal(healed.status, 200);
  });

  test('silent sends at most a head, and lets go when the client does', async (t) => {
    const { url } = await start(t);
    const head = await new Promise<IncomingMessage>((resolve, reject) => {
      const req = request(`${url}/chat/completions`, { method: 'POST' }, resolve);
      req.on('error', reject);
      req.end(JSON.stringify(chat('silent', { stream: true })));
    });
    assert.equal(head.statusCode, 200);
    head.on('error', () => {});
    const closed = new Promise((resolve) => head.once('close', resolve));
    head.destroy();
    await closed;
    const unanswered = send(`${url}/chat/completions`, { body: chat('silent-always') });
    assert.equal((await send(`${url}/models`)).status, 200);
    // Ends the test: closing the server ends the connection that was never answered.
    unanswered.catch(() => {});
  });

  test('embeddings know the faults too', async (t) => {
    const { url } = await start(t);
    const ask = (model: string): Promise<Got> => send(`${url}/embeddings`, { body: { model, input: 'x' } });
    assert.equal((await ask('500')).status, 500);
    assert.equal((await ask('500')).status, 200);
    assert.equal((await ask('cut')).complete, false);
    assert.deepEqual(JSON.parse((await ask('empty')).text).data, []);
    assert.equal((await ask('garbage')).headers['content-type'], 'text/html');
  });
});

describe('refusals', () => {
  const cases: readonly (readonly [string, string, Sending, number, RegExp])[] = [
    ['a body that is no JSON', '/chat/completions', { body: '{' }, 400, /could not parse/],
    ['a body that is no object', '/chat/completions', { body: '[]' }, 400, /JSON object/],
    ['no messages', '/chat/completions', { body: { model: 'echo' } }, 400, /"param":"messages"/],
    ['an unknown role', '/chat/completions', { body: { messages: [{ role: 'bot' }] } }, 400, /messages\[0\]\.role/],
    ['an unknown model', '/chat/completions', { body: chat('gpt-4o') }, 404, /"code":"model_not_found"/],
    ['a name from the prototype', '/chat/completions', { body: chat('constructor') }, 404, /model_not_found/],
    [
      'stream_options without a stream',
      '/chat/completions',
      { body: chat('echo', { stream_options: {} }) },
      400,
      /stream_options/,
    ],
    ['a prompt that is no text', '/completions', { body: { prompt: 7 } }, 400, /"param":"prompt"/],
    ['an unknown path', '/chat', { body: {} }, 404, /Unknown request URL/],
    ['the wrong method', '/models', { body: {} }, 405, /Use GET/],
  ];
  for (const [name, path, sending, status, text] of cases) {
    test(name, async (t) => {
      const { url } = await start(t);
      const got = await send(url + path, sending);
      assert.equal(got.status, status);
      assert.match(got.text, text);
      assert.equal(got.headers['content-type'], 'application/json');
    });
  }
});

describe('life', () => {
  test('it writes no faster than its reader reads', async (t) => {
    const { url } = await start(t);
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      const req = request(`${url}/chat/completions`, { method: 'POST', agent: false }, resolve);
      req.on('error', reject);
      req.end(JSON.stringify(chat('words-10000000', { stream: true })));
    });
    // Two billion bytes of answer: unread, they stay unmade, and the server still answers others.
    res.on('error', () => {});
    assert.equal((await send(`${url}/models`)).status, 200);
    assert.ok(res.readableLength < 1024 * 1024);
    res.destroy();
  });

  test('a taken port is a sentence', async (t) => {
    const { url } = await start(t);
    const port = Number(new URL(url).port);
    await assert.rejects(createMock({ clock: new FakeClock(), port }), {
      kind: 'CONFIG',
      message: `The mock cannot listen on 127.0.0.1 port ${port}: it is in use.`,
    });
  });

  test('it closes twice', async () => {
    const mock = await createMock({ clock: new FakeClock() });
    await mock.close();
    await mock.close();
    await assert.rejects(send(`${mock.url}/models`), { code: 'ECONNREFUSED' });
  });
});

/** Lets sockets work until the condition holds; fails after a bounded number of turns. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000; turn++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail('the condition never held');
}
