// The bundle in front of an independent mock of the model APIs, @copilotkit/aimock, in each of the five forms it speaks
// that we speak too. It answers from fixtures, in memory here; `X-Test-Id` keeps the forms' sequences apart.
//
// What it cannot do, so that it is not tried: OpenRouter's in-band errors; a list of Azure's dated deployments;
// Anthropic's own form and pages of a model list (it answers OpenAI's); for Anthropic and Ollama it drops images before
// anyone can see them; for Ollama it has neither /api/show nor usage nor `thinking`, and answers /api/embed in the
// legacy form, one vector whatever was asked. `retry-after` comes with 429 only.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { FIXTURES, GREETING, KEY, PIXEL, TO_SCHEMA, VECTOR, WEATHER } from './aimock-fixtures.mjs';
import { installed } from './installed.mjs';
import { connect, joined, textOf } from './session.mjs';

/** Each form: how it is reached, the key's header, and what it can show. */
const FORMS = {
  OpenAI: {
    type: 'openai',
    base: '/v1',
    model: 'gpt-4o',
    path: '/v1/chat/completions',
    key: 'authorization',
    shows: { images: true, usage: true, reasoning: true, vectors: 2, models: 'gpt-4o' },
  },
  Azure: {
    type: 'azure',
    base: '',
    model: 'gpt-4o',
    config: { models: ['gpt-4o'], query: { 'api-version': '2024-10-21' } },
    path: '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    key: 'api-key',
    shows: { images: true, usage: true, reasoning: true, vectors: 2, models: 'gpt-4o' },
  },
  'Azure v1': {
    type: 'azure',
    base: '/openai/v1',
    model: 'gpt-4o',
    path: '/openai/v1/chat/completions',
    key: 'api-key',
    shows: { images: true, usage: true, reasoning: true, vectors: 2, models: 'gpt-4o' },
  },
  'OpenAI Responses': {
    type: 'azure',
    base: '/openai/v1',
    model: 'gpt-5-codex',
    path: '/openai/v1/responses',
    key: 'api-key',
    shows: { images: true, usage: true, reasoning: true, vectors: 2, models: 'gpt-4o' },
  },
  OpenRouter: {
    type: 'openrouter',
    base: '/api/v1',
    model: 'openai/gpt-4o',
    path: '/api/v1/chat/completions',
    key: 'authorization',
    shows: { images: true, usage: true, cost: 0.00125, reasoning: true, vectors: 2, models: 'openai/gpt-4o' },
  },
  Anthropic: {
    type: 'anthropic',
    base: '',
    model: 'claude-sonnet-4-20250514',
    path: '/v1/messages',
    // Then it refuses tool results without the reasoning that led to the call, signed.
    headers: { 'X-AIMock-Strict': 'true' },
    key: 'x-api-key',
    shows: { usage: true, reasoning: true, signatures: true, vectors: 0, models: 'claude-3-5-sonnet-20241022' },
  },
  Ollama: {
    type: 'ollama',
    base: '',
    model: 'llama3.2',
    path: '/api/chat',
    key: 'authorization',
    shows: { vectors: 1, models: 'gpt-4o' },
  },
};

const isThere = installed('@copilotkit/aimock');

describe('aimock', { skip: !isThere, concurrency: true, timeout: 60_000 }, () => {
  let mock;

  before(async () => {
    const { LLMock } = await import('../upstreams/node_modules/@copilotkit/aimock/dist/index.js');
    mock = await LLMock.create({ port: 0, host: '127.0.0.1', logLevel: 'silent', auth: { apiKeys: [KEY] } });
    mock.addFixtures(FIXTURES);
  });

  after(() => mock.stop());

  const environment = (id, { type, base, model, config = {}, headers = {} }) => ({
    PROVIDER_TYPE: type,
    API_BASE_URL: mock.url + base,
    API_KEY: KEY,
    DEFAULT_MODEL: model,
    MAX_RETRIES: '2',
    PROVIDER_CONFIG: JSON.stringify({ headers: { 'X-Test-Id': id, ...headers }, ...config }),
  });

  const received = (id) => mock.getRequests().filter(({ headers }) => headers['x-test-id'] === id);

  for (const [name, form] of Object.entries(FORMS)) {
    describe(name, { concurrency: false }, () => {
      const { shows } = form;
      let session;
      const chat = (args) => session.call('chat', args);
      /** A test for the forms of which the mock can show that. */
      const showing = (what, about, run) => {
        if (shows[what] === true) void test(about, run);
      };
      /** The requests of this form whose last word of the user that is. */
      const sent = (prompt) =>
        received(name).filter(
          ({ body }) => body?.messages?.findLast(({ role }) => role === 'user')?.content === prompt,
        );
      const statuses = (prompt) => sent(prompt).map(({ response }) => response.status);

      before(async () => {
        session = await connect(environment(name, form));
      });
      after(() => session.close());

      test('streams an answer: the notices join to it', async () => {
        const answer = await chat({ prompt: 'hello', system: 'Be brief.' });
        assert.equal(textOf(answer), GREETING);
        assert.equal(joined(answer.heard), GREETING);
        assert.ok(answer.heard.length > 2, 'it came in pieces');
        assert.equal(answer._meta['anymodel/finish_reason'], 'stop');
        const [request, ...more] = sent('hello');
        assert.deepEqual(more, []);
        assert.equal(request.path, form.path);
        // Its value is checked by the mock, and not told.
        assert.ok(form.key in request.headers, `the key stands in ${form.key}`);
        assert.deepEqual(
          request.body.messages.map(({ role, content }) => [role, content]),
          [
            ['system', 'Be brief.'],
            ['user', 'hello'],
          ],
        );
      });

      showing('usage', 'counts the tokens it is told', async () => {
        const { _meta: meta } = await chat({ prompt: 'hello again', stream: false });
        const { prompt_tokens: input, completion_tokens: output, cost } = meta['anymodel/usage'];
        assert.deepEqual([input, output, cost], [7, 5, shows.cost]);
      });

      test('calls a tool, and answers with its result', async () => {
        const messages = [{ role: 'user', content: 'weather in Paris?' }];
        const called = await chat({ messages, tools: [WEATHER] });
        assert.equal(called._meta['anymodel/finish_reason'], 'tool_calls');
        const { tool_calls: calls } = JSON.parse(textOf(called));
        assert.deepEqual(
          calls.map(({ function: { name: tool, arguments: args } }) => [tool, JSON.parse(args)]),
          [['get_weather', { city: 'Paris' }]],
        );
        messages.push({ role: 'assistant', content: null, tool_calls: calls });
        messages.push({ role: 'tool', tool_call_id: calls[0].id, content: 'rain, 12 degrees' });
        assert.equal(textOf(await chat({ messages, tools: [WEATHER] })), 'It rains in Paris.');
      });

      test('hands back two results of one turn', async () => {
        const messages = [{ role: 'user', content: 'two cities, please' }];
        const called = await chat({ messages, tools: [WEATHER] });
        assert.equal(textOf(called), 'I look.');
        const { tool_calls: calls } = JSON.parse(called.content[1].text);
        assert.equal(new Set(calls.map(({ id }) => id)).size, 2, 'each call has an id of its own');
        messages.push({ role: 'assistant', content: 'I look.', tool_calls: calls });
        messages.push({ role: 'tool', tool_call_id: calls[0].id, content: 'rain' });
        messages.push({ role: 'tool', tool_call_id: calls[1].id, content: 'snow' });
        assert.equal(textOf(await chat({ messages, tools: [WEATHER] })), 'Rain and snow.');
      });

      showing('reasoning', 'keeps reasoning apart', async () => {
        const answer = await chat({ prompt: 'ponder' });
        assert.equal(textOf(answer), 'Done.');
        assert.equal(answer._meta['anymodel/reasoning'], 'First this, then that.');
      });

      showing('signatures', 'hands signed reasoning back', async () => {
        const messages = [{ role: 'user', content: 'deep thought' }];
        const asking = { tools: [WEATHER], reasoning_effort: 'low' };
        const called = JSON.parse(textOf(await chat({ messages, ...asking })));
        messages.push({ role: 'assistant', content: null, ...called });
        messages.push({ role: 'tool', tool_call_id: called.tool_calls[0].id, content: 'rain' });
        const answer = await chat({ messages, ...asking });
        assert.equal(textOf(answer), 'Stay at home.');
        assert.equal(answer._meta['anymodel/changed'], undefined, 'it was asked to think both times');
      });

      test('asks for an answer to a schema', async () => {
        const answer = await chat({ prompt: 'Paris as json', response_format: TO_SCHEMA });
        assert.deepEqual(JSON.parse(textOf(answer)), { city: 'Paris', degrees: 12 });
      });

      test('has an answer mended that does not match the schema', async () => {
        const answer = await chat({ prompt: 'Paris in the wrong shape', response_format: TO_SCHEMA });
        assert.deepEqual(JSON.parse(textOf(answer)), { city: 'Paris', degrees: 12 });
      });

      test('sends an image', async () => {
        const prompt = `what is in this ${shows.images === true ? 'seen' : 'some'} picture?`;
        assert.equal(textOf(await chat({ prompt, images: [PIXEL] })), 'A dot.');
      });

      test('waits as long as a 429 says, then answers', async () => {
        assert.equal(textOf(await chat({ prompt: 'limited' })), 'After the wait.');
        const requests = sent('limited');
        assert.deepEqual(
          requests.map(({ response }) => response.status),
          [429, 200],
        );
        // The back-off of a first retry is at most half a second.
        assert.ok(requests[1].timestamp - requests[0].timestamp > 900);
      });

      test('outlasts a 529 and a 503', async () => {
        const answer = await chat({ prompt: 'overloaded' });
        assert.equal(textOf(answer), 'After the storm.');
        assert.deepEqual(statuses('overloaded'), [529, 503, 200]);
        assert.deepEqual(
          answer._meta['anymodel/attempts'].map(({ status }) => status),
          [529, 503, 200],
        );
      });

      test('gives up on a server that stays broken, and says so', async () => {
        const answer = await chat({ prompt: 'broken' });
        assert.equal(answer.isError, true);
        const fault = answer._meta['anymodel/error'];
        assert.deepEqual([fault.code, fault.status], ['UPSTREAM', 500]);
        assert.match(answer.content[0].text, /the wheel came off/);
        assert.deepEqual(statuses('broken'), [500, 500, 500]);
      });

      test('heals a stream that is cut', async () => {
        const answer = await chat({ prompt: 'cut' });
        assert.equal(textOf(answer), 'Whole at last.');
        assert.equal(joined(answer.heard), 'Whole at last.');
        assert.equal(answer.heard.filter(({ _meta }) => _meta?.['anymodel/phase'] === 'restart').length, 1);
        const requests = sent('cut');
        assert.deepEqual(
          requests.map(({ response }) => response.interrupted ?? false),
          [true, false],
        );
      });

      test('knows a model that is not there', async () => {
        const answer = await chat({ prompt: 'lost' });
        assert.equal(answer._meta['anymodel/error']?.code, 'MODEL_NOT_FOUND', answer.content[0].text);
      });

      test('embeds', async () => {
        const soFar = received(name).length;
        const input = ['alpha one', 'alpha two'].slice(0, shows.vectors || 1);
        const answer = await session.call('embed', { input, model: 'text-embedding-3-small' });
        if (shows.vectors === 0) {
          assert.equal(answer.isError, true);
          assert.match(answer.content[0].text, /embedding/i);
          assert.equal(received(name).length, soFar, 'nothing was sent');
        } else {
          textOf(answer);
          assert.deepEqual(
            answer.structuredContent.embeddings,
            input.map(() => VECTOR),
          );
        }
      });

      test('lists models', async () => {
        const lines = textOf(await session.call('list_models', {})).split('\n');
        assert.ok(
          lines.some((line) => line.includes(shows.models)),
          lines.join('\n'),
        );
      });

      test('tells a refused key', async () => {
        const stranger = await connect({ ...environment(name, form), API_KEY: 'key-of-a-stranger' });
        const answer = await stranger.call('chat', { prompt: 'hello' });
        await stranger.close();
        assert.equal(answer._meta['anymodel/error']?.code, 'AUTH', answer.content[0].text);
        assert.ok(!JSON.stringify(answer).includes('key-of-a-stranger'));
      });
    });
  }

  test('several providers from the environment at once, one of them down', async () => {
    const session = await connect({
      PROVIDER_TYPE: 'openai',
      OPENAI_BASE_URL: `${mock.url}/v1`,
      OPENAI_API_KEY: KEY,
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: KEY,
      OPENROUTER_BASE_URL: `${mock.url}/api/v1`,
      OPENROUTER_API_KEY: KEY,
      AZURE_OPENAI_ENDPOINT: mock.url,
      AZURE_OPENAI_API_KEY: KEY,
      OLLAMA_HOST: mock.url,
      OLLAMA_API_KEY: KEY,
      // A port of a server that has gone.
      LMSTUDIO_BASE_URL: await goneServer(),
      DEFAULT_MODEL: 'gpt-4o',
      MAX_RETRIES: '0',
    });
    try {
      const providers = ['openai', 'anthropic', 'openrouter', 'azure', 'ollama'];
      const answers = await Promise.all(
        providers.map((provider) => session.call('chat', { prompt: 'hello', model: `${provider}/gpt-4o` })),
      );
      assert.deepEqual(answers.map(textOf), Array(providers.length).fill(GREETING));
      assert.deepEqual(
        answers.map(({ _meta }) => _meta['anymodel/provider']),
        providers,
      );
      const plain = await session.call('chat', { prompt: 'hello' });
      assert.equal(plain._meta['anymodel/provider'], 'openai');
      const listed = await session.call('list_models', { detail: 'full' });
      const of = new Set(listed.structuredContent.models.map(({ provider }) => provider));
      assert.deepEqual(of, new Set(providers));
      assert.match(JSON.stringify(listed.content), /lmstudio/);
    } finally {
      await session.close();
    }
  });
});

async function goneServer() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/v1`;
  server.close();
  await once(server, 'close');
  return url;
}
