// `config check`, `show` and `schema`, through the command line, with real files.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { run } from '../../../../src/cli/run.ts';
import type { Host } from '../../../../src/cli/host.ts';
import { stage } from '../stage.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function ran(argv: readonly string[], env: Host['env'] = {}): Promise<Ran> {
  const { host, stdin, out, err } = stage(argv, env);
  stdin.end();
  const code = await run(host);
  return { code, out: out(), err: err() };
}

function file(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'c.jsonc'), text);
  return join(folder, 'c.jsonc');
}

const GOOD = `{
  // Two of them.
  "providers": [
    { "id": "corp", "baseUrl": "https://who:canary-word-1@llm.corp.example/v1", "apiKey": "\${CORP_KEY}" },
    { "id": "local", "type": "ollama", "name": "Under the desk" },
    { "id": "vault", "type": "anthropic", "apiKeyCommand": ["vault", "read"] },
  ],
  "models": { "fast": ["corp/gpt-4o-mini", "local/llama3.2"] },
  "telemetry": {},
}`;

test('check tells that a budget in dollars counts nothing without prices', async (t) => {
  const limits = '"limits": { "perClient": { "budgetUsdPerDay": 5 } }';
  const note = 'note: limits.perClient.budgetUsdPerDay counts only what providers say they charge: prices are not set.';
  const said = async (text: string): Promise<boolean> =>
    (await ran(['config', 'check', file(t, text)], {})).out.split('\n').includes(note);
  assert.equal(await said(`{ ${limits} }`), true);
  assert.equal(await said(`{ ${limits}, "prices": { "m": { "inputPerMillion": 1, "outputPerMillion": 2 } } }`), false);
});

test('check of a good file is a summary without secrets, exit 0', async (t) => {
  const path = file(t, GOOD);
  assert.deepEqual(await ran(['config', 'check', path], { CORP_KEY: 'canary-key-1' }), {
    code: 0,
    out: [
      `${path} is free of problems.`,
      'provider corp: openai at https://[set]@llm.corp.example/v1, one key, the default',
      'provider local (Under the desk): ollama at http://127.0.0.1:11434, no key',
      'provider vault: anthropic at https://api.anthropic.com, its key from a command',
      'model fast: corp/gpt-4o-mini, local/llama3.2',
      'routing: priority, at most 3 retries',
      'note: telemetry has no effect: this version exports none.',
      '',
    ].join('\n'),
    err: '',
  });
});

test('check of a bad file is every problem with its place, exit 2, nothing on stdout', async (t) => {
  const path = file(t, '{\n  "provider": [],\n  "cache": { "ttl": "soon" },\n}');
  const { code, out, err } = await ran(['config', 'check', path]);
  assert.deepEqual([code, out], [2, '']);
  assert.deepEqual(err.split('\n').slice(0, -1), [
    `${path}:2:3: provider is not known here (did you mean "providers"?).`,
    `${path}:3:21: cache.ttl=soon is not a duration. Accepted: seconds up to 3600, or a duration such as "500ms", "60s", "5m".`,
  ]);
});

test('a path from where one is, by word, by flag and by variable', async (t) => {
  const path = file(t, '{}');
  const here = relative(process.cwd(), path);
  for (const [argv, env] of [
    [['config', 'check', here], {}],
    [['config', 'check', '--config', here], {}],
    [['config', 'check'], { CONFIG_PATH: path }],
  ] as const) {
    const { code, out } = await ran(argv, env);
    assert.equal(code, 0);
    assert.match(out, /c\.jsonc is free of problems\.\nno provider\n/);
  }
  const missing = await ran(['config', 'check', 'no-such-file.jsonc']);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /^--config=\S*no-such-file\.jsonc does not exist\./);
});

test('show is the settings in force as JSON, variables included, secrets not', async (t) => {
  const path = file(t, GOOD);
  const { code, out, err } = await ran(['config', 'show', path], { CORP_KEY: 'canary-key-1', MAX_RETRIES: '7' });
  assert.equal(code, 0);
  assert.equal(err, 'note: telemetry has no effect: this version exports none.\n');
  assert.doesNotMatch(out, /canary/);
  const shown: Record<string, unknown> = JSON.parse(out);
  assert.deepEqual([shown['maxRetries'], shown['mainProvider'], shown['file']], [7, 'corp', path]);
});

test('schema is JSON Schema', async () => {
  const { code, out } = await ran(['config', 'schema']);
  assert.equal(code, 0);
  const schema: Record<string, unknown> = JSON.parse(out);
  assert.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
});

test('anything else behind config is told what there is, exit 2', async () => {
  for (const words of [[], ['chek'], ['check', 'a', 'b'], ['schema', 'x']]) {
    const { code, err } = await ran(['config', ...words]);
    assert.equal(code, 2);
    assert.match(err, /config needs one of: check FILE, show \[FILE\], schema\./);
  }
});

test('every command reads the file, and refuses to start with a broken one', async (t) => {
  const path = file(t, '{ "providers": [{ "id": "fake", "type": "mock" }] }');
  const { code, out } = await ran(['chat', 'hi', '--config', path]);
  assert.deepEqual([code, out], [0, 'You said: hi\n']);
  const broken = await ran(['models'], { CONFIG_PATH: file(t, '{') });
  assert.equal(broken.code, 2);
  assert.match(broken.err, /c\.jsonc:1:2: the file ends before/);
});
