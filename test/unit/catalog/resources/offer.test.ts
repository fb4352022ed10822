// Tests of catalog/resources/: what each resource says, to whom, and that a family has no member that is not there.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { productResources } from '../../../../src/catalog/resources/offer.ts';
import { matchTemplate } from '../../../../src/catalog/resource.ts';
import type { ResourceSources, Sight } from '../../../../src/catalog/resources/sources.ts';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { present } from '../../../../src/core/json.ts';
import { wholeDraft } from '../../../../src/jobs/draft.ts';
import type { Job } from '../../../../src/jobs/job.ts';
import { Jobs } from '../../../../src/jobs/jobs.ts';
import { ownJobs } from '../../../../src/jobs/own-jobs.ts';
import type { OwnJobs } from '../../../../src/jobs/own-jobs.ts';
import { FakeClock } from '../../../support/clock.ts';
import { scripted, toolContext } from '../../../support/models.ts';
import { sourcesOf } from '../../../support/sources-of.ts';

/** A client that may ask for `corp/gpt-4o` alone. */
const NARROW: Sight = {
  model: ({ id, provider }) => provider === 'corp' && id === 'gpt-4o',
  provider: (id) => id === 'corp',
};

/** The document at an address, as whoever reads it parses it; undefined where there is none. */
async function read(
  uri: string,
  more: Partial<ResourceSources> = {},
  client?: string,
  jobs?: OwnJobs,
): Promise<unknown> {
  const { listed, templates } = productResources(sourcesOf(more));
  const { ctx } = toolContext(present({ client, jobs }));
  const found = listed.find((one) => one.uri === uri);
  if (found !== undefined) return parsed(uri, await found.read(ctx));
  for (const template of templates) {
    const variables = matchTemplate(template.uriTemplate, uri);
    if (variables !== undefined) return parsed(uri, await template.read(uri, variables, ctx));
  }
  return undefined;
}

function parsed(uri: string, contents: unknown): unknown {
  if (contents === undefined) return undefined;
  assert.ok(Array.isArray(contents));
  const [only] = contents as readonly { uri: string; mimeType: string; text: string }[];
  assert.ok(only !== undefined && contents.length === 1);
  assert.deepEqual([only.uri, only.mimeType], [uri, 'application/json']);
  return JSON.parse(only.text);
}

const LISTED = {
  models: [
    { id: 'gpt-4o', provider: 'corp', ownedBy: 'openai', contextLength: 128_000 },
    { id: 'meta/llama 3', provider: 'local' },
    { id: 'fast', provider: 'alias' },
  ],
};

test('the resources and families of the product are listed, each with a name and a type', () => {
  const { listed, templates } = productResources(sourcesOf());
  assert.deepEqual(
    listed.map(({ uri }) => uri),
    ['anymodel://providers', 'anymodel://models', 'anymodel://health', 'anymodel://usage', 'anymodel://config'],
  );
  assert.deepEqual(
    templates.map(({ uriTemplate }) => uriTemplate),
    ['anymodel://models/{provider}/{id}', 'anymodel://jobs/{id}'],
  );
  for (const one of [...listed, ...templates]) assert.equal(one.mimeType, 'application/json');
});

describe('anymodel://providers', () => {
  test('says which there are, which is the main one, and how each is', async () => {
    assert.deepEqual(await read('anymodel://providers'), {
      providers: [
        { id: 'corp', name: 'Corporate API', type: 'openai', main: true, well: true },
        { id: 'local', type: 'ollama', main: false, well: false },
      ],
    });
  });

  test('shows a client only those its models are of', async () => {
    assert.deepEqual(await read('anymodel://providers', { sightOf: () => NARROW }), {
      providers: [{ id: 'corp', name: 'Corporate API', type: 'openai', main: true, well: true }],
    });
  });
});

describe('anymodel://models', () => {
  test('has each model with the name to ask for', async () => {
    const { models, asked } = scripted(LISTED);
    assert.deepEqual(await read('anymodel://models', { models }), {
      models: [
        { name: 'gpt-4o', id: 'gpt-4o', provider: 'corp', owned_by: 'openai', context_length: 128_000 },
        { name: 'local/meta/llama 3', id: 'meta/llama 3', provider: 'local' },
        { name: 'fast', id: 'fast', provider: 'alias' },
      ],
    });
    assert.deepEqual(asked.list, [{}]);
  });

  test('names the providers that could not be asked', async () => {
    const fault = new Fault('UPSTREAM', 'It is down.');
    const { models } = scripted({ ...LISTED, failed: [{ provider: 'local', fault }] });
    const document = (await read('anymodel://models', { models })) as { failed: unknown };
    assert.deepEqual(document.failed, [{ provider: 'local', code: 'UPSTREAM', error: 'It is down.' }]);
  });
});

describe('anymodel://models/{provider}/{id}', () => {
  test('is one model, asked of its provider', async () => {
    const { models, asked } = scripted(LISTED);
    assert.deepEqual(await read('anymodel://models/corp/gpt-4o', { models }), {
      name: 'gpt-4o',
      id: 'gpt-4o',
      provider: 'corp',
      owned_by: 'openai',
      context_length: 128_000,
    });
    assert.deepEqual(asked.list, [{ provider: 'corp', detail: true }]);
  });

  test('takes an id with a slash in its encoded form alone', async () => {
    const { models } = scripted(LISTED);
    assert.deepEqual(await read('anymodel://models/local/meta%2Fllama%203', { models }), {
      name: 'local/meta/llama 3',
      id: 'meta/llama 3',
      provider: 'local',
    });
    assert.equal(await read('anymodel://models/local/meta/llama%203', { models }), undefined);
  });

  test('knows an alias', async () => {
    const { models, asked } = scripted(LISTED);
    assert.deepEqual(await read('anymodel://models/alias/fast', { models }), {
      name: 'fast',
      id: 'fast',
      provider: 'alias',
    });
    assert.deepEqual(asked.list, [{}], 'an alias is no provider that could be asked');
  });

  test('is not there for a model of another provider, or of none', async () => {
    const { models } = scripted(LISTED);
    assert.equal(await read('anymodel://models/local/gpt-4o', { models }), undefined);
    assert.equal(await read('anymodel://models/nobody/gpt-4o', { models }), undefined);
  });

  test('fails where its provider cannot be asked', async () => {
    const { models } = scripted({ failed: [{ provider: 'corp', fault: new Fault('AUTH', 'No.') }] });
    await assert.rejects(read('anymodel://models/corp/gpt-4o', { models }), { kind: 'AUTH' });
  });
});

describe('anymodel://health', () => {
  const failing = { loadedAt: 1_767_225_600_000, failed: 2, lastFault: { problems: ['providers[0] has no type.'] } };

  test('says since when the configuration holds, and what is left alone', async () => {
    const clock = new FakeClock(65_000);
    assert.deepEqual(await read('anymodel://health', { clock, startedAt: 5000, reloads: () => failing }), {
      status: 'ok',
      version: '1.2.3',
      uptime_s: 60,
      configuration: {
        loaded_at: '2026-01-01T00:00:00.000Z',
        reloads_failed: 2,
        problems: ['providers[0] has no type.'],
      },
      providers: [
        { id: 'corp', well: true, open: [] },
        { id: 'local', well: false, open: ['llama'] },
      ],
    });
  });

  test('quotes the file to nobody who may not ask for everything, and names no models of others', async () => {
    const states = (): ReturnType<ResourceSources['states']> => [
      { id: 'corp', well: true, open: ['gpt-4o', 'secret-model'] },
      { id: 'local', well: true, open: [] },
    ];
    const document = await read('anymodel://health', { reloads: () => failing, states, sightOf: () => NARROW });
    assert.deepEqual(document, {
      status: 'ok',
      version: '1.2.3',
      uptime_s: 0,
      configuration: { loaded_at: '2026-01-01T00:00:00.000Z', reloads_failed: 2 },
      providers: [{ id: 'corp', well: true, open: ['gpt-4o'] }],
    });
  });
});

describe('anymodel://usage', () => {
  const one = { requests: 2, failed: 1, cached: 0, inputTokens: 10, outputTokens: 20, costUsd: 0.1 };
  const usage: ResourceSources['usage'] = (client) => ({
    total: { requests: 6, failed: 3, cached: 0, inputTokens: 30, outputTokens: 60, costUsd: 0.1 + 0.2 },
    models: [
      { provider: 'corp', model: 'gpt-4o', ...one },
      { provider: 'local', model: 'llama', ...one },
      { provider: 'corp', model: 'o9', ...one, costUsd: 0.2 },
    ],
    client: { ...one, requests: client === 'ci' ? 7 : 0 },
  });
  const told = { requests: 2, failed: 1, cached: 0, input_tokens: 10, output_tokens: 20, cost_usd: 0.1 };

  test('has the sums, each provider and model, and the client that asks', async () => {
    const clock = new FakeClock(60_000, 1_767_225_600_000);
    assert.deepEqual(await read('anymodel://usage', { usage, clock, startedAt: 5000 }, 'ci'), {
      since: '2026-01-01T00:00:05.000Z',
      total: { requests: 6, failed: 3, cached: 0, input_tokens: 30, output_tokens: 60, cost_usd: 0.3 },
      client: { name: 'ci', ...told, requests: 7 },
      providers: [
        { provider: 'corp', requests: 4, failed: 2, cached: 0, input_tokens: 20, output_tokens: 40, cost_usd: 0.3 },
        { provider: 'local', ...told },
      ],
      models: [
        { provider: 'corp', model: 'gpt-4o', ...told },
        { provider: 'local', model: 'llama', ...told },
        { provider: 'corp', model: 'o9', ...told, cost_usd: 0.2 },
      ],
    });
  });

  test('shows a client that may ask for some models those and itself, and no sum of others', async () => {
    const document = await read('anymodel://usage', { usage, sightOf: () => NARROW }, 'ci');
    const { since: _, ...rest } = document as Record<string, unknown>;
    assert.deepEqual(rest, {
      client: { name: 'ci', ...told, requests: 7 },
      providers: [{ provider: 'corp', ...told }],
      models: [{ provider: 'corp', model: 'gpt-4o', ...told }],
    });
  });
});

test('anymodel://config is what that client may know', async () => {
  const config: ResourceSources['config'] = (client) => ({ shownTo: client });
  assert.deepEqual(await read('anymodel://config', { config }, 'ci'), { shownTo: 'ci' });
  assert.deepEqual(await read('anymodel://config', { config }), { shownTo: '' });
});

describe('anymodel://jobs/{id}', () => {
  const clock = new FakeClock(0, 1_767_225_600_000);

  function opened(): { store: Jobs; job: Job } {
    const store = new Jobs({ clock, random: { draw: () => 0.5, id: () => 'job-1' }, changed: () => {} });
    const job = store.open({ owner: 'ci', about: 'chat', isTask: false, cancel: new CancelSource() });
    return { store, job };
  }

  async function readJob(store: Jobs, owner: string, uri = 'anymodel://jobs/job-1'): Promise<unknown> {
    return read(uri, {}, undefined, ownJobs(store, clock, { owner, isListed: true }));
  }

  test('says where a job is, and what text there is', async () => {
    const { store, job } = opened();
    const empty = {
      id: 'job-1',
      state: 'working',
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      ttl_ms: 3_600_000,
    };
    assert.deepEqual(await readJob(store, 'ci'), empty);
    job.hold(wholeDraft('Hello so far'));
    assert.deepEqual(await readJob(store, 'ci'), { ...empty, text: 'Hello so far' });
    job.finish({ content: [] });
    assert.deepEqual(await readJob(store, 'ci'), { ...empty, state: 'completed', text: 'Hello so far' });
  });

  test('describes the images of the answer', async () => {
    const { store, job } = opened();
    const images = [
      { type: 'image', data: 'AAAAAA==', mimeType: 'image/png' },
      { type: 'resource_link', uri: 'https://img.example/1', name: 'image 2' },
    ] as const;
    job.finish({ content: [] }, { blocks: [], meta: {}, isError: false, images });
    const document = (await readJob(store, 'ci')) as Record<string, unknown>;
    assert.deepEqual(document['images'], [
      { type: 'image', mime_type: 'image/png', bytes: 4 },
      { type: 'image', url: 'https://img.example/1' },
    ]);
  });

  test('is not there for anybody else', async () => {
    const { store } = opened();
    assert.equal(await readJob(store, 'other'), undefined);
    assert.equal(await readJob(store, ''), undefined);
    assert.equal(await readJob(store, 'ci', 'anymodel://jobs/job-2'), undefined);
    assert.equal(await read('anymodel://jobs/job-1'), undefined);
  });

  test('has the reason of a failure that came to a result, and what an answer says besides its text', async () => {
    const failed = opened();
    const meta = { 'anymodel/error': { code: 'TIMEOUT', attempts: [], next: 'Try again.' } };
    failed.job.finish({ isError: true }, { blocks: ['It was silent.'], meta, isError: true });
    const document = (await readJob(failed.store, 'ci')) as Record<string, unknown>;
    assert.deepEqual(
      [document['state'], document['error'], document['notes']],
      ['failed', { code: 'TIMEOUT', message: 'It was silent.' }, undefined],
    );
    const complete = opened();
    complete.job.finish({}, { blocks: ['{"tool_calls":[]}', '[Cut.]'], meta: {}, isError: false });
    const said = (await readJob(complete.store, 'ci')) as Record<string, unknown>;
    assert.deepEqual([said['error'], said['notes']], [undefined, ['{"tool_calls":[]}', '[Cut.]']]);
  });

  test('has the reason of a failure', async () => {
    const { store, job } = opened();
    job.fail(new Fault('UPSTREAM', 'It is down.'));
    const document = (await readJob(store, 'ci')) as Record<string, unknown>;
    assert.deepEqual(
      [document['state'], document['error'], document['text']],
      ['failed', { code: 'UPSTREAM', message: 'It is down.' }, undefined],
    );
  });
});
