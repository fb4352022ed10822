// One provider examined over scripted answers: which steps there are, what each says, and what to do next. The layers of
// the connection are left out here (test/unit/providers/http/probe.test.ts).

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { anthropic } from '../../../../src/providers/dialects/anthropic.ts';
import { azure } from '../../../../src/providers/dialects/azure.ts';
import { openai } from '../../../../src/providers/dialects/openai.ts';
import type { Dialect } from '../../../../src/providers/dialect.ts';
import { examine } from '../../../../src/routing/examination/examine.ts';
import { wantedOf } from '../../../../src/routing/examination/wanted.ts';
import type { Examination } from '../../../../src/routing/examination/subject.ts';
import type { AliasTarget, ProviderSettings } from '../../../../src/routing/targets/settings.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testRouter } from '../../../support/router.ts';
import { ScriptedFetch } from '../../../support/scripted-fetch.ts';
import type { Asked, ScriptedAnswer } from '../../../support/scripted-fetch.ts';

interface Scene extends Partial<ProviderSettings> {
  readonly answers: readonly ScriptedAnswer[];
  readonly dialect?: Dialect;
  readonly complete?: boolean;
  readonly defaultModel?: string;
  readonly aliases?: Readonly<Record<string, readonly AliasTarget[]>>;
  readonly secret?: string;
  /** Runs with the clock once the questions are under way. */
  readonly meanwhile?: (clock: FakeClock) => void;
}

interface Seen extends Examination {
  readonly asked: readonly Asked[];
  /** One line for each step: state, name, what it says and what to do. */
  readonly lines: readonly string[];
}

async function examined(scene: Scene): Promise<Seen> {
  const { answers, dialect = openai, complete = false, defaultModel, aliases = {}, secret, meanwhile, ...rest } = scene;
  const clock = new FakeClock();
  const script = new ScriptedFetch(clock, answers);
  const secrets = new Secrets();
  if (secret !== undefined) secrets.add(secret);
  const settings: ProviderSettings = {
    id: 'corp',
    type: 'openai',
    baseUrl: 'https://llm.example/v1',
    apiKeys: () => ['key-one'],
    headers: {},
    query: {},
    capabilities: {},
    timeout: { connectMs: 10_000, idleMs: 30_000, totalMs: 600_000 },
    ...rest,
  };
  const { fetch } = script;
  const router = testRouter({
    clock,
    providers: { corp: { ...settings, dialect, fetch } },
    aliases,
    maxRetries: 0,
    secrets,
    ...(defaultModel === undefined ? {} : { defaultModel }),
  });
  const done = await examine(
    { parts: { settings, dialect, fetch }, models: router.models, wanted: wantedOf('corp', { router, aliases }) },
    { clock, random: { draw: () => 0.5, id: () => 'id' }, secrets },
    {
      complete,
      isContainer: false,
      cancel: new CancelSource(),
      onBegin(name) {
        if (name === 'http') setImmediate(() => meanwhile?.(clock));
      },
    },
  );
  const lines = done.steps.map(
    ({ state, name, said, next }) => `${state} ${name}: ${said}${next === undefined ? '' : ` -> ${next}`}`,
  );
  assert.deepEqual(
    done.steps.filter(({ state, next }) => state === 'failed' && next === undefined),
    [],
  );
  return { ...done, asked: script.asked, lines };
}

const json = (body: unknown, status = 200): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'application/json', server: 'fake/1' },
  body: [JSON.stringify(body)],
});

const list = (...ids: readonly string[]): ScriptedAnswer => json({ object: 'list', data: ids.map((id) => ({ id })) });
const refused = json({ error: { message: 'Invalid API key.', code: 'invalid_api_key' } }, 401);
const noPath = json({ detail: 'Not Found' }, 404);
const NOT_ASKED = ['skipped chat: only with --complete', 'skipped embed: only with --complete'];

describe('all well', () => {
  test('with the list alone', async () => {
    const { lines, asked, url } = await examined({
      answers: [list('gpt-4o', 'gpt-4o-mini'), refused],
      defaultModel: 'gpt-4o',
    });
    assert.equal(url, 'https://llm.example/v1/models');
    assert.deepEqual(lines, [
      'ok http: HTTP 200, application/json, server fake/1',
      'ok auth: the key is accepted',
      'ok models: 2: gpt-4o, gpt-4o-mini',
      'ok default: gpt-4o (the default model)',
      ...NOT_ASKED,
    ]);
    // The second question is whether the list takes a key at all.
    assert.deepEqual(
      asked.map(({ headers }) => headers['authorization']),
      ['Bearer key-one', undefined],
    );
  });

  test('with a completion and a vector, through the router', async () => {
    const chunk = (delta: object, finish: string | null): string =>
      `data: ${JSON.stringify({ id: '1', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const { lines, asked } = await examined({
      complete: true,
      defaultModel: 'gpt-4o',
      answers: [
        list('gpt-4o', 'text-embedding-3-small'),
        refused,
        { body: [chunk({ content: 'ok' }, null), chunk({}, 'stop'), 'data: [DONE]\n\n'] },
        json({ data: [{ index: 0, embedding: [0.5, 0.25] }] }),
      ],
    });
    assert.deepEqual(lines.slice(4), [
      'ok chat: gpt-4o answered "ok", first token after 0 ms',
      'ok embed: text-embedding-3-small gave a vector of 2 numbers',
    ]);
    assert.deepEqual(
      asked.slice(2).map(({ url }) => url),
      ['https://llm.example/v1/chat/completions', 'https://llm.example/v1/embeddings'],
    );
  });

  test('a list that anybody gets says nothing of the key', async () => {
    const { lines } = await examined({ answers: [list('a'), list('a')] });
    assert.equal(lines[1], 'skipped auth: the list is given without a key too; --complete tells');
    assert.equal(lines[3], 'ok default: a, the only one');
  });

  test('a server without keys', async () => {
    const { lines } = await examined({
      answers: [list('llama3.2:latest')],
      apiKeys: () => [],
      defaultModel: 'llama3.2',
    });
    assert.equal(lines[1], 'ok auth: no key is set, and none was asked for');
    assert.equal(lines[3], 'ok default: llama3.2 (the default model)');
  });
});

describe('keys', () => {
  test('one that is refused, in the names of the provider, without the key', async () => {
    const { lines } = await examined({
      answers: [json({ error: { message: 'Incorrect API key provided: hunter22-secret' } }, 401)],
      secret: 'hunter22-secret',
      names: { key: 'CORP_API_KEY', baseUrl: 'CORP_BASE_URL' },
    });
    assert.deepEqual(lines, [
      'ok http: HTTP 401, application/json, server fake/1',
      'failed auth: The upstream answered HTTP 401 (Unauthorized): Incorrect API key provided: [redacted]. ' +
        '-> Check CORP_API_KEY: whether it is whole, still valid, and a key of this API.',
      ...['models', 'default', 'chat', 'embed'].map((name) => `skipped ${name}: not reached`),
    ]);
  });

  test('none where one is wanted', async () => {
    const { lines } = await examined({ answers: [refused], apiKeys: () => [] });
    assert.match(lines[1] ?? '', /-> Set API_KEY: no key was sent\.$/);
  });

  test('one that may not, which is another thing', async () => {
    const { lines } = await examined({ answers: [json({ error: { message: 'Not for your project' } }, 403)] });
    assert.match(
      lines[1] ?? '',
      /^failed auth: .*HTTP 403 .*Not for your project\. -> Check what the key in API_KEY may use\.$/,
    );
  });

  test('the second of three', async () => {
    const { lines } = await examined({
      answers: [list('a'), refused, list('a')],
      apiKeys: () => ['key-1', 'key-2', 'key-3'],
    });
    assert.match(lines[1] ?? '', /^failed auth: Key 2 of 3: .*401/);
  });
});

describe('an answer that is no list', () => {
  const page = { headers: { 'content-type': 'text/html' }, body: ['<html><title>Sign in to Corp</title>'] };

  test('a login page', async () => {
    const { lines } = await examined({ answers: [page, page, page, page, page] });
    assert.deepEqual(lines.slice(0, 4), [
      'ok http: HTTP 200, text/html',
      'skipped auth: this answer does not tell',
      'failed models: The upstream answered with a web page instead of JSON: "Sign in to Corp". -> Check API_BASE_URL: it probably does not lead to the API.',
      'skipped default: not to be told without a list',
    ]);
  });

  test('a path that lacks its /v1: where the list is is told', async () => {
    const { lines, asked } = await examined({
      baseUrl: 'https://llm.example/api',
      answers: [noPath, noPath, list('a')],
    });
    assert.match(
      lines[2] ?? '',
      /^failed models: .*404.* -> Set API_BASE_URL to https:\/\/llm\.example\/v1, where there is a list\.$/,
    );
    assert.deepEqual(
      asked.map(({ url }) => new URL(url).pathname),
      ['/api/models', '/api/v1/models', '/v1/models'],
    );
  });

  test('no list at all, and a model that answers', async () => {
    const { lines } = await examined({
      complete: true,
      defaultModel: 'gpt-4o',
      names: { key: 'VLLM_API_KEY', baseUrl: 'VLLM_BASE_URL' },
      answers: [
        noPath,
        ...Array.from({ length: 4 }, () => noPath),
        json({ choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }] }),
      ],
    });
    assert.match(
      lines[2] ?? '',
      /^failed models: .* -> It works, and has no list of models: name them in VLLM_MODELS\.$/,
    );
    assert.match(lines[4] ?? '', /^ok chat: gpt-4o answered "ok"/);
  });

  test('no list, where the models are configured', async () => {
    const { lines } = await examined({ answers: [noPath], models: ['a', 'b'], defaultModel: 'b' });
    assert.equal(lines[2], 'ok models: 2 are configured: a, b. The API lists none (HTTP 404)');
  });

  test('an empty one', async () => {
    const { lines } = await examined({ answers: [list(), refused], type: 'ollama' });
    assert.equal(lines[2], 'failed models: the list is empty -> Pull one: ollama pull llama3.2');
  });

  test('a redirect to a sign-in page', async () => {
    const answers = [{ status: 302, headers: { location: 'https://sso.corp.example/login' } }];
    const { lines } = await examined({ answers });
    assert.equal(
      lines[0],
      'failed http: The upstream redirects to sso.corp.example (HTTP 302), and redirects are not followed. ' +
        '-> API_BASE_URL leads to a page where people sign in: ask for the address that programs use.',
    );
  });

  test('none within the time', async () => {
    const { lines, steps } = await examined({
      answers: [{ hangs: 'waiting' }],
      meanwhile: (clock) => clock.advance(15_000),
    });
    assert.match(
      lines[0] ?? '',
      /^failed http: The server took the request and did not answer within 15 s\. -> Check that API_BASE_URL/,
    );
    assert.equal(steps[0]?.ms, 15_000);
  });

  test('a connection that fails', async () => {
    const fails = new Fault('NETWORK', 'llm.example:443 closed the connection before it answered.', {
      data: { upstreamCode: 'reset' },
    });
    const { lines } = await examined({ answers: [{ fails }] });
    assert.match(lines[0] ?? '', /^failed http: llm\.example:443 closed the connection before it answered\. -> /);
    assert.equal(lines[1], 'skipped auth: not reached');
  });
});

describe('the models that calls ask for', () => {
  test('a default that is not there, and one that is like it', async () => {
    const { lines } = await examined({ answers: [list('gpt-4o-mini', 'o3'), refused], defaultModel: 'gpt-4o-mni' });
    assert.match(
      lines[3] ?? '',
      /^failed default: not in the list: gpt-4o-mni \(the default model\) -> Set DEFAULT_MODEL to one that is, such as gpt-4o-mini;/,
    );
  });

  test('an alias that leads to none', async () => {
    const aliases = { fast: [{ provider: 'corp', model: 'gone', weight: 1 }] };
    const { lines } = await examined({ answers: [list('a', 'b'), refused], aliases });
    assert.match(
      lines[3] ?? '',
      /^failed default: not in the list: gone \(the alias fast\) -> Change the alias fast to/,
    );
  });

  test('a name that stands for one with a date', async () => {
    const { lines } = await examined({ answers: [list('claude-x-20250101', 'b'), refused], defaultModel: 'claude-x' });
    assert.equal(lines[3], 'ok default: claude-x (the default model)');
  });
});

describe('settings', () => {
  test('no key for api.openai.com: nothing is sent', async () => {
    const { lines, asked } = await examined({ answers: [], baseUrl: 'https://api.openai.com/v1', apiKeys: () => [] });
    assert.match(lines[0] ?? '', /^failed settings: No model API is configured/);
    assert.equal(lines.length, 7);
    assert.deepEqual(asked, []);
  });

  test('user name and query of an address are not shown', async () => {
    const { url } = await examined({ answers: [list('a'), refused], baseUrl: 'https://u:pw@llm.example/v1?token=x' });
    assert.equal(url, 'https://llm.example/v1/models?…');
  });

  test('an API without a list is not asked for one', async () => {
    const { lines, asked, url } = await examined({
      answers: [],
      dialect: azure,
      type: 'azure',
      models: ['dep'],
      apiVersion: '2024-10-21',
      baseUrl: 'https://x.openai.azure.com',
    });
    assert.deepEqual(asked, []);
    assert.match(lines[0] ?? '', /^skipped http: /);
    assert.equal(url, 'https://x.openai.azure.com/openai/deployments/dep/chat/completions?…');
  });

  test('another dialect has its own address and header', async () => {
    const { asked } = await examined({
      answers: [list('a'), refused],
      dialect: anthropic,
      type: 'anthropic',
      baseUrl: 'https://api.anthropic.example',
    });
    assert.deepEqual(
      [asked[0]?.headers['x-api-key'], new URL(asked[0]?.url ?? '').pathname],
      ['key-one', '/v1/models'],
    );
  });
});
