// `explain` from the command line to its exit code. What the order is, is the router's (test/unit/routing/router.test.ts);
// here is what a person reads of it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { run } from '../../../../src/cli/run.ts';
import type { Host } from '../../../../src/cli/host.ts';
import { stage } from '../stage.ts';

async function ran(
  argv: readonly string[],
  env: Host['env'] = {},
): Promise<{ code: number; out: string; err: string }> {
  const { host, out, err } = stage(['explain', ...argv], env);
  const code = await run(host);
  return { code, out: out(), err: err() };
}

/** Nothing listens there: explaining sends nothing. */
function configured(t: TestContext): Host['env'] {
  const folder = mkdtempSync(join(tmpdir(), 'anymodel-explain-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.json');
  const providers = [
    { id: 'corp', type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', models: ['gpt-4o'], weight: 3 },
    { id: 'spare', type: 'openai', baseUrl: 'http://127.0.0.1:10/v1' },
    {
      id: 'blind',
      type: 'openai',
      baseUrl: 'http://127.0.0.1:11/v1',
      models: ['gpt-4o'],
      capabilities: { vision: false },
    },
  ];
  const models = {
    fast: [
      { provider: 'blind', model: 'gpt-4o', priority: 2 },
      { provider: 'corp', model: 'gpt-4o', weight: 3 },
      { provider: 'spare', model: 'llama', weight: 1 },
    ],
  };
  writeFileSync(
    path,
    JSON.stringify({ providers, models, routing: { strategy: 'weighted', defaultProvider: 'corp' } }),
  );
  return { CONFIG_PATH: path };
}

describe('with a file', () => {
  test('an alias: its targets in order, with priority and share', async (t) => {
    assert.deepEqual(await ran(['fast'], configured(t)), {
      code: 0,
      err: '',
      out: [
        'fast  an alias; weighted: those of one priority are first as often as their weights say',
        '   1. corp/gpt-4o   priority 1, weight 3 of 4',
        '   2. spare/llama   priority 1, weight 1 of 4',
        '   3. blind/gpt-4o  priority 2',
        'A server that runs also puts those last whose circuit breaker is open or whose health check failed.',
        '',
      ].join('\n'),
    });
  });

  test('what a request with an image leaves out', async (t) => {
    const { out } = await ran(['fast', '--with-images'], configured(t));
    assert.match(out, /\nnot asked\n {6}blind\/gpt-4o {2}takes no images\n/);
  });

  test('a bare name, and a list that is not known', async (t) => {
    const { out } = await ran(['gpt-4o'], configured(t));
    assert.deepEqual(out.split('\n').slice(1, 5), [
      '   1. corp/gpt-4o   priority 1, weight 3 of 4',
      '   2. blind/gpt-4o  priority 1, weight 1 of 4',
      'not asked',
      '      spare/gpt-4o  has not told its models yet',
    ]);
  });

  test('--json', async (t) => {
    const { out } = await ran(['spare/llama', '--json'], configured(t));
    assert.deepEqual(JSON.parse(out), {
      model: 'spare/llama',
      as: 'provider/model',
      strategy: 'weighted',
      targets: [{ provider: 'spare', model: 'llama', priority: 1, weight: 1, notes: [] }],
      leftOut: [],
    });
  });
});

describe('with variables alone', () => {
  test('a name leads to the main provider, and says how the others are asked', async () => {
    const { code, out } = await ran(['x'], { API_BASE_URL: 'http://127.0.0.1:9', OLLAMA_HOST: '127.0.0.1:10' });
    assert.equal(code, 0);
    assert.equal(out, 'x  the name of a model\n   1. local/x\nnot asked\n      ollama/x  is asked as ollama/x only\n');
  });

  test('no name and no default: the list would have to be asked for', async () => {
    const { out } = await ran([], { API_BASE_URL: 'http://127.0.0.1:9' });
    assert.equal(out, '(no model)  the default, as no model is named\n   1. local/(the only model it lists)\n');
  });

  test('a name that leads nowhere says what to do, exit 1', async () => {
    const env = { OLLAMA_HOST: '127.0.0.1:9', VLLM_BASE_URL: 'http://127.0.0.1:10' };
    const { code, out, err } = await ran(['x'], env);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^anymodel-mcp: The model "x" was named without a provider.* Name the model as provider\/model/);
  });

  test('no provider, exit 1', async () => {
    const { code, err } = await ran(['x']);
    assert.deepEqual(
      [code, err],
      [1, 'anymodel-mcp: No provider is configured: set API_BASE_URL, and API_KEY if it wants a key.\n'],
    );
  });
});
