// What we send is what the makers of the APIs send: the official SDKs and our bundle say the same conversations to a
// server that keeps the requests, which must be equal but for the differences written down here, each with its reason.
// The bodies also have to be of the SDKs' own request types.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AZURE, CHAT, MESSAGES, RESPONSES } from './conversations.mjs';
import { recordingServer } from './recording-server.mjs';
import { installed } from './installed.mjs';
import { connect, textOf } from './session.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const KEY = 'sk-of-the-tests';

/** Members of our body that an SDK leaves to its caller: their value, and why we send them. */
const USAGE_TOO = {
  // Without it a stream says nothing of usage.
  stream_options: { include_usage: true },
};

/** Members of the SDK's body that are not in ours. */
const MODEL_IN_PATH = {
  // The deployment in the path is the model, and the API ignores this one.
  model: 'gpt-4o',
};

/** What the official clients say of the key and the version, and what we say in its place. */
const CLAUDE_HEADERS = {
  // Since 1.0 the SDK sends a key as a bearer; every version of the API and every other server takes this one.
  authorization: { theirs: `Bearer ${KEY}`, name: 'x-api-key', ours: KEY },
  // The SDK's has no sampling parameters, whatever the model; the older one is taken by every server.
  'anthropic-version': { theirs: '2026-10-21', name: 'anthropic-version', ours: '2023-06-01' },
};

/** Headers that differ by nature: who sends, what it can unpack, what it measures. */
const OWN_HEADERS = /^(?:user-agent|accept|accept-encoding|accept-language|sec-fetch-mode|connection|content-length)$/;
/** Headers of ours alone. */
const OURS_ALONE = new Set([
  // One id for all attempts of a call, for whoever reads logs.
  'x-request-id',
]);

const isThere = ['openai', '@anthropic-ai/sdk'].filter((name) => !installed(name)).length === 0;

describe('what the official SDKs send', { skip: !isThere, timeout: 60_000 }, () => {
  /** What we sent, by the SDK's type for it. */
  const sentAs = {};
  let server;
  let OpenAI;
  let AzureOpenAI;
  let Anthropic;

  before(async () => {
    ({ OpenAI, AzureOpenAI } = await import('../upstreams/node_modules/openai/index.mjs'));
    ({ Anthropic } = await import('../upstreams/node_modules/@anthropic-ai/sdk/index.mjs'));
    server = await recordingServer();
  });
  after(() => server.close());

  const sdkOptions = () => ({ apiKey: KEY, maxRetries: 0 });
  const environment = (type, base, more) => ({
    PROVIDER_TYPE: type,
    API_BASE_URL: server.url + base,
    API_KEY: KEY,
    ...more,
  });

  /** Sends what both are asked and compares; `more` and `less` are the differences of our body, `other` of headers. */
  async function compare({ session, theirs, tool = 'chat', ask, more = {}, less = {}, other = {}, type }) {
    await theirs();
    const expected = server.taken();
    textOf(await session.call(tool, ask));
    const ours = server.taken();
    assert.deepEqual([ours.method, ours.path], [expected.method, expected.path]);
    assert.deepEqual(headersOf(ours), replaced(headersOf(expected), other));
    for (const [name, value] of Object.entries(less)) assert.deepEqual(expected.body[name], value);
    for (const [name, value] of Object.entries(more)) assert.deepEqual(ours.body[name], value);
    assert.deepEqual(without(ours.body, more), without(expected.body, less));
    if (type !== undefined) (sentAs[type] ??= []).push(ours.body);
  }

  const read = async (stream) => {
    for await (const _ of await stream);
  };

  describe('openai', () => {
    let session;
    let client;
    before(async () => {
      client = new OpenAI({ ...sdkOptions(), baseURL: `${server.url}/v1` });
      session = await connect(environment('openai', '/v1'));
    });
    after(() => session.close());

    for (const { about, ask, call } of CHAT) {
      test(`chat: ${about}`, async () => {
        const type = 'OpenAI.ChatCompletionCreateParamsStreaming';
        const theirs = () => read(client.chat.completions.create({ ...call, stream: true }));
        await compare({ session, theirs, ask, more: USAGE_TOO, type });
        // The same not streamed: we always ask for a stream.
        const whole = () => client.chat.completions.create(call);
        await compare({ session, theirs: whole, ask, more: { ...USAGE_TOO, stream: true } });
      });
    }

    test('embeddings', async () => {
      const ask = { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 256 };
      const theirs = () => client.embeddings.create({ ...ask, encoding_format: 'float' });
      // The default, which servers that are not OpenAI's know best when it is not said.
      const less = { encoding_format: 'float' };
      await compare({ session, theirs, tool: 'embed', ask, less, type: 'OpenAI.EmbeddingCreateParams' });
    });

    test('models', () => compare({ session, theirs: () => client.models.list(), tool: 'list_models', ask: {} }));
  });

  describe('openai, of a dated Azure deployment', () => {
    let session;
    let client;
    before(async () => {
      const apiVersion = '2024-10-21';
      client = new AzureOpenAI({ ...sdkOptions(), endpoint: server.url, apiVersion });
      session = await connect(environment('azure', `?api-version=${apiVersion}`));
    });
    after(() => session.close());

    for (const { about, ask, call } of AZURE) {
      test(`chat: ${about}`, async () => {
        const theirs = () => read(client.chat.completions.create({ ...call, stream: true }));
        await compare({ session, theirs, ask, more: USAGE_TOO, less: { model: call.model } });
      });
    }

    test('embeddings', async () => {
      const ask = { model: 'gpt-4o', input: ['a', 'b'] };
      await compare({ session, theirs: () => client.embeddings.create(ask), tool: 'embed', ask, less: MODEL_IN_PATH });
    });
  });

  describe('openai, responses', () => {
    let session;
    let client;
    before(async () => {
      // Only OpenAI's own address and Azure's v1 form are known to have them; that one takes the key apart.
      const own = { baseURL: `${server.url}/openai/v1`, defaultHeaders: { authorization: null, 'api-key': KEY } };
      client = new OpenAI({ ...sdkOptions(), ...own });
      session = await connect(environment('azure', '/openai/v1'));
    });
    after(() => session.close());

    for (const { about, ask, call } of RESPONSES) {
      test(`responses: ${about}`, async () => {
        const type = 'OpenAI.Responses.ResponseCreateParamsStreaming';
        const theirs = () => read(client.responses.create({ ...call, stream: true }));
        await compare({ session, theirs, ask, type });
        const whole = () => client.responses.create(call);
        await compare({ session, theirs: whole, ask, more: { stream: true } });
      });
    }
  });

  describe('anthropic', () => {
    let session;
    let client;
    before(async () => {
      client = new Anthropic({ ...sdkOptions(), baseURL: server.url });
      session = await connect(environment('anthropic', ''));
    });
    after(() => session.close());

    for (const { about, ask, call } of MESSAGES) {
      test(`messages: ${about}`, async () => {
        // The types of the SDK are those of the version without sampling parameters.
        const type = about === 'sampling' ? undefined : 'Anthropic.MessageCreateParamsStreaming';
        await compare({ session, theirs: () => read(client.messages.stream(call)), ask, other: CLAUDE_HEADERS, type });
        const whole = () => client.messages.create(call);
        await compare({ session, theirs: whole, ask, other: CLAUDE_HEADERS, more: { stream: true } });
      });
    }

    test('models', async () => {
      const theirs = () => client.models.list({ limit: 1000 });
      await compare({ session, theirs, tool: 'list_models', ask: {}, other: CLAUDE_HEADERS });
    });

    test('no embeddings: nothing is sent', async () => {
      const answer = await session.call('embed', { model: 'claude-haiku-4-5', input: ['a'] });
      assert.equal(answer.isError, true);
      assert.throws(() => server.taken(), /0 requests/);
    });
  });

  test("the bodies are of the SDKs' types", () => {
    assert.deepEqual(Object.keys(sentAs).toSorted(), [
      'Anthropic.MessageCreateParamsStreaming',
      'OpenAI.ChatCompletionCreateParamsStreaming',
      'OpenAI.EmbeddingCreateParams',
      'OpenAI.Responses.ResponseCreateParamsStreaming',
    ]);
    checkTypes(Object.entries(sentAs));
  });
});

function headersOf({ headers }) {
  const names = Object.keys(headers).filter(
    (name) => !OWN_HEADERS.test(name) && !OURS_ALONE.has(name) && !name.startsWith('x-stainless-'),
  );
  return Object.fromEntries(names.toSorted().map((name) => [name, name === 'host' ? 'the same' : headers[name]]));
}

function replaced(headers, other) {
  const result = { ...headers };
  for (const [name, { theirs, name: ourName, ours }] of Object.entries(other)) {
    assert.equal(result[name], theirs);
    delete result[name];
    result[ourName] = ours;
  }
  return result;
}

function without(body, members) {
  if (body === undefined) return undefined;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !Object.hasOwn(members, name)));
}

/** Compiles the bodies as literals, so that a member too many or of another type is an error. */
function checkTypes(sent) {
  const home = join(root, 'build', 'sdk-types');
  mkdirSync(home, { recursive: true });
  const source = sent.map(([type, bodies]) => `void (${JSON.stringify(bodies, null, 2)} satisfies ${type}[]);\n`);
  const imports = "import type { OpenAI } from 'openai';\nimport type { Anthropic } from '@anthropic-ai/sdk';\n";
  writeFileSync(join(home, 'bodies.ts'), imports + source.join(''));
  const modules = '../../test/upstreams/node_modules';
  const config = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: 'esnext',
      module: 'esnext',
      moduleResolution: 'bundler',
      skipLibCheck: true,
      types: [],
      paths: {
        openai: [`${modules}/openai/index.d.mts`],
        '@anthropic-ai/sdk': [`${modules}/@anthropic-ai/sdk/index.d.mts`],
      },
    },
    files: ['bodies.ts'],
  };
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', home]);
  } catch (error) {
    assert.fail(`${error.stdout}\nin ${join(home, 'bodies.ts')}`);
  }
}
