// Our `/v1` as the official `openai` package meets it, and as one instance of ours in front of another does: the same
// tests over both, because the second must not be told from the first.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { endlessUpstream } from '../peers/peers.mjs';
import { freePort, httpServer, KEY } from './http-server.mjs';
import { installed } from './installed.mjs';

const isThere = installed('openai');
const openai = isThere ? await import('../upstreams/node_modules/openai/index.mjs') : {};

const messages = [{ role: 'user', content: 'hello there' }];

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
    strict: true,
  },
};

const format = {
  type: 'json_schema',
  json_schema: {
    name: 'said',
    strict: true,
    schema: {
      type: 'object',
      properties: { you_said: { type: 'string' } },
      required: ['you_said'],
      additionalProperties: false,
    },
  },
};

function clientOf(url, options = {}) {
  return new openai.OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0, ...options });
}

async function collected(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const said = (chunks) => chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('');

async function alone() {
  const server = await httpServer({ PROVIDER_TYPE: 'mock' });
  return { url: server.url, close: () => server.close() };
}

async function inFront() {
  const inner = await httpServer({ PROVIDER_TYPE: 'mock' });
  const env = { GATEWAY_URL: inner.url, GATEWAY_API_KEY: KEY, DEFAULT_MODEL: 'echo', MAX_RETRIES: '0' };
  const outer = await httpServer(env);
  return { url: outer.url, close: () => Promise.all([outer.close(), inner.close()]) };
}

const kinds = { 'one instance': alone, 'one instance in front of another': inFront };

for (const [kind, open] of Object.entries(kinds)) {
  describe(`the openai package, before ${kind}`, { skip: !isThere, timeout: 60_000 }, () => {
    let server;
    let client;
    before(async () => {
      server = await open();
      client = clientOf(server.url);
    });
    after(() => server?.close());

    test('chats', async () => {
      const { data, response, request_id } = await client.chat.completions
        .create(
          { model: 'echo', messages, user: 'u-1', metadata: { a: 'b' } },
          { headers: { 'x-request-id': 'mine-1' } },
        )
        .withResponse();
      assert.equal(data.choices[0].message.content, 'You said: hello there');
      assert.equal(data.choices[0].finish_reason, 'stop');
      assert.equal(data.usage.total_tokens, 6);
      assert.equal(request_id, 'mine-1');
      assert.equal(response.headers.get('anymodel-attempts'), '1');
    });

    test('needs to name no model', async () => {
      const { choices } = await client.chat.completions.create({ messages });
      assert.equal(choices[0].message.content, 'You said: hello there');
    });

    test('hears a stream, with usage', async () => {
      const stream = await client.chat.completions.create({
        model: 'echo',
        messages,
        stream: true,
        stream_options: { include_usage: true },
      });
      const chunks = await collected(stream);
      assert.equal(said(chunks), 'You said: hello there');
      assert.equal(chunks[0].choices[0].delta.role, 'assistant');
      assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
      assert.equal(chunks.at(-1).usage.total_tokens, 6);
    });

    test('hears a hundred thousand words without losing one', async () => {
      const chunks = await collected(await client.chat.completions.create({ model: 'long', messages, stream: true }));
      const text = said(chunks);
      assert.equal(text.trim().split(/\s+/).length, 100_000);
    });

    test('gathers a stream with its own helper', async () => {
      const runner = client.chat.completions.stream({ model: 'echo', messages });
      assert.equal(await runner.finalContent(), 'You said: hello there');
      assert.equal((await runner.finalChatCompletion()).choices[0].finish_reason, 'stop');
    });

    test('hears reasoning apart', async () => {
      const { choices } = await client.chat.completions.create({ model: 'reason', messages });
      assert.match(choices[0].message.reasoning_content, /^Somebody said something to me\./);
      const chunks = await collected(await client.chat.completions.create({ model: 'reason', messages, stream: true }));
      assert.match(chunks.map(({ choices: [one] }) => one?.delta.reasoning_content ?? '').join(''), /say it back\.$/);
      assert.equal(said(chunks), 'You said: hello there');
    });

    test('runs tools to the end', async () => {
      const cities = [];
      const tool = {
        ...weather,
        function: {
          ...weather.function,
          parse: JSON.parse,
          function: ({ city }) => (cities.push(city), 'sunny'),
        },
      };
      const runner = client.chat.completions.runTools({ model: 'tool', messages, tools: [tool] });
      assert.equal(await runner.finalContent(), 'The tool answered: sunny');
      assert.deepEqual(cities, ['hello there']);
      const streamed = client.chat.completions.runTools({ model: 'tool', messages, tools: [tool], stream: true });
      assert.equal(await streamed.finalContent(), 'The tool answered: sunny');
      assert.equal(cities.length, 2);
    });

    test('parses structured output, whole and streamed', async () => {
      const whole = await client.chat.completions.parse({ model: 'json', messages, response_format: format });
      assert.deepEqual(whole.choices[0].message.parsed, { you_said: 'hello there' });
      const runner = client.chat.completions.stream({ model: 'json', messages, response_format: format });
      const { choices } = await runner.finalChatCompletion();
      assert.deepEqual(choices[0].message.parsed, { you_said: 'hello there' });
    });

    test('completes, whole and streamed', async () => {
      const { choices } = await client.completions.create({ model: 'echo', prompt: 'Once' });
      assert.equal(choices[0].text, 'You said: Once');
      const chunks = await collected(await client.completions.create({ model: 'echo', prompt: 'Once', stream: true }));
      assert.equal(chunks.map(({ choices: [one] }) => one.text).join(''), 'You said: Once');
    });

    test('embeds, packed as it asks by itself and in numbers', async () => {
      const packed = await client.embeddings.create({ model: 'echo', input: ['a', 'b'], dimensions: 3 });
      assert.deepEqual(
        packed.data.map(({ index, embedding }) => [index, embedding.length]),
        [
          [0, 3],
          [1, 3],
        ],
      );
      const plain = await client.embeddings.create({
        model: 'echo',
        input: 'a',
        dimensions: 3,
        encoding_format: 'float',
      });
      assert.deepEqual(
        plain.data[0].embedding.map((n) => n.toFixed(4)),
        packed.data[0].embedding.map((n) => n.toFixed(4)),
      );
    });

    test('lists models and finds one', async () => {
      const ids = new Set((await collected(client.models.list())).map(({ id }) => id));
      assert.ok(ids.has('echo') && ids.has('reason'));
      assert.equal((await client.models.retrieve('echo')).object, 'model');
      // The client encodes the slash.
      await assert.rejects(client.models.retrieve('no/such'), { status: 404, code: 'model_not_found' });
    });

    test('throws its own classes', async () => {
      const asked = (body) => client.chat.completions.create({ model: 'echo', messages, ...body });
      const expected = [
        [{ model: 'nothing-like-it' }, openai.NotFoundError, 404, 'model_not_found'],
        [{ model: '429-always' }, openai.RateLimitError, 429, 'rate_limit_exceeded'],
        [{ model: 'quota-always' }, openai.RateLimitError, 429, 'insufficient_quota'],
        [{ model: '500-always' }, openai.InternalServerError, 502, 'upstream_error'],
        [{ model: 'cut-always' }, openai.InternalServerError, 502, 'incomplete_answer'],
        [{ model: 'empty-always' }, openai.InternalServerError, 502, 'empty_answer'],
        [{ n: 2 }, openai.BadRequestError, 400, null],
        [{ model: '429-always', stream: true }, openai.RateLimitError, 429, 'rate_limit_exceeded'],
      ];
      for (const [body, type, status, code] of expected) {
        const error = await asked(body).then(
          () => assert.fail(`${JSON.stringify(body)} was answered`),
          (thrown) => thrown,
        );
        assert.ok(error instanceof type, `${JSON.stringify(body)}: ${error}`);
        assert.deepEqual([error.status, error.code], [status, code], JSON.stringify(body));
        if (status === 429)
          assert.equal(error.headers.get('x-should-retry'), code === 'insufficient_quota' ? 'false' : null);
        if (code === 'rate_limit_exceeded') assert.equal(error.headers.get('retry-after'), '1');
        if (body.n === 2) assert.equal(error.param, 'n');
      }
    });

    test('hears of a stream that is cut, and never takes it for whole', async () => {
      const stream = await client.chat.completions.create({ model: 'cut-always', messages, stream: true });
      const chunks = [];
      const error = await (async () => {
        for await (const chunk of stream) chunks.push(chunk);
      })().catch((thrown) => thrown);
      assert.ok(error instanceof openai.APIError, String(error));
      assert.match(error.message, /was not asked for again/);
      assert.match(said(chunks), /^You/);
      assert.ok(chunks.every(({ choices: [choice] }) => choice.finish_reason === null));
    });
  });
}

/** Anthropic's API as far as a model that thinks and then calls a tool needs it; `asked` are the bodies it was sent. */
async function thinkingUpstream() {
  const asked = [];
  const thinking = { type: 'thinking', thinking: 'Where is it?', signature: 'signed-by-them' };
  const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' } };
  const answer = async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const body = JSON.parse(text);
    asked.push(body);
    const content = body.messages.length > 1 ? [{ type: 'text', text: 'Sunny.' }] : [thinking, call];
    const events = [
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-4-5',
          content: [],
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      },
      ...content.flatMap((block, index) => blockEvents(block, index)),
      {
        type: 'message_delta',
        delta: { stop_reason: body.messages.length > 1 ? 'end_turn' : 'tool_use' },
        usage: { output_tokens: 2 },
      },
      { type: 'message_stop' },
    ];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close: () => server.close() };
}

function blockEvents(block, index) {
  const delta = (one) => ({ type: 'content_block_delta', index, delta: one });
  const [shell, ...deltas] = {
    thinking: () => [
      { type: 'thinking', thinking: '', signature: '' },
      delta({ type: 'thinking_delta', thinking: block.thinking }),
      delta({ type: 'signature_delta', signature: block.signature }),
    ],
    tool_use: () => [
      { ...block, input: {} },
      delta({ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }),
    ],
    text: () => [{ type: 'text', text: '' }, delta({ type: 'text_delta', text: block.text })],
  }[block.type]();
  return [
    { type: 'content_block_start', index, content_block: shell },
    ...deltas,
    { type: 'content_block_stop', index },
  ];
}

test('signed reasoning goes through two instances and back', { skip: !isThere, timeout: 30_000 }, async () => {
  const upstream = await thinkingUpstream();
  const inner = await httpServer({
    PROVIDER_TYPE: 'anthropic',
    API_BASE_URL: upstream.url,
    API_KEY: 'k',
    DEFAULT_MODEL: 'claude-sonnet-4-5',
  });
  const outer = await httpServer({ GATEWAY_URL: inner.url, GATEWAY_API_KEY: KEY, DEFAULT_MODEL: 'claude-sonnet-4-5' });
  try {
    const client = clientOf(outer.url);
    const ask = { messages, tools: [weather], reasoning_effort: 'low' };
    const { choices } = await client.chat.completions.create(ask);
    const { message } = choices[0];
    assert.equal(message.reasoning_content, 'Where is it?');
    assert.deepEqual(message.reasoning_details, [
      { type: 'reasoning.text', text: 'Where is it?', signature: 'signed-by-them', format: 'anthropic-claude-v1' },
    ]);
    const chunks = await collected(await client.chat.completions.create({ ...ask, stream: true }));
    assert.equal(chunks.map(({ choices: [one] }) => one?.delta.reasoning_content ?? '').join(''), 'Where is it?');
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'sunny' };
    const next = await client.chat.completions.create({ ...ask, messages: [...messages, message, result] });
    assert.equal(next.choices[0].message.content, 'Sunny.');
    assert.deepEqual(upstream.asked.at(-1).messages[1].content[0], {
      type: 'thinking',
      thinking: 'Where is it?',
      signature: 'signed-by-them',
    });
  } finally {
    await outer.close();
    await inner.close();
    upstream.close();
  }
});

describe('a client that leaves', { skip: !isThere, timeout: 30_000 }, () => {
  for (const stream of [true, false]) {
    test(`${stream ? 'a stream' : 'before a whole answer'} takes the upstream with it`, async () => {
      const upstream = await endlessUpstream();
      const server = await httpServer(upstream.env);
      try {
        const controller = new AbortController();
        const asked = clientOf(server.url).chat.completions.create({ messages, stream }, { signal: controller.signal });
        if (stream) {
          for await (const chunk of await asked) if (chunk.choices[0].delta.content === 'Hello') controller.abort();
        } else {
          setTimeout(() => controller.abort(), 200);
          await assert.rejects(asked, openai.APIUserAbortError);
        }
        await upstream.closed;
      } finally {
        await server.close();
        upstream.close();
      }
    });
  }
});

describe('requests as other clients write them', { timeout: 30_000 }, () => {
  let server;
  before(async () => {
    server = await httpServer({ PROVIDER_TYPE: 'mock' });
  });
  after(() => server?.close());

  const post = (path, headers, body = JSON.stringify({ messages })) =>
    fetch(`${server.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${KEY}`, ...headers }, body });

  test('are answered: odd paths, odd types, no type', async () => {
    const odd = [
      ['/v1/chat/completions/', { 'content-type': 'application/json; charset=utf-8' }],
      ['/v1/v1/chat/completions', { 'content-type': 'application/json', accept: '*/*' }],
      ['/v1/chat/completions', { 'content-type': 'text/plain' }],
    ];
    for (const [path, headers] of odd) assert.equal((await post(path, headers)).status, 200, path);
    const bare = await post('/v1/chat/completions', {}, Buffer.from(JSON.stringify({ messages, stream: true })));
    assert.equal(bare.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.match(await bare.text(), /data: \[DONE\]\n\n$/);
  });

  test('are refused when they are packed', async () => {
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync(JSON.stringify({ messages }));
    const answer = await post('/v1/chat/completions', { 'content-encoding': 'gzip' }, packed);
    assert.equal(answer.status, 415);
    assert.equal((await answer.json()).error.code, 'unsupported_media_type');
  });
});

test('an instance whose base URL leads to itself says so at once', { timeout: 30_000 }, async () => {
  const port = await freePort();
  const server = await httpServer({
    PORT: String(port),
    GATEWAY_URL: `http://127.0.0.1:${port}`,
    GATEWAY_API_KEY: KEY,
    DEFAULT_MODEL: 'm',
  });
  try {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const asked = { 'chat/completions': { messages }, embeddings: { input: 'a' }, models: undefined };
    for (const [path, body] of Object.entries(asked)) {
      const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const answer = await fetch(`${server.url}/v1/${path}`, { ...sent, headers });
      const text = await answer.text();
      assert.equal(answer.status, 502, text);
      assert.match(text, /has come through this server before/);
      assert.equal(answer.headers.get('x-should-retry'), 'false');
    }
  } finally {
    await server.close();
  }
});
