// `doctor` from the command line to its exit code: what is printed, in which order, for people and for machines. The
// steps themselves are in test/unit/routing/examination.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../../src/cli/run.ts';
import { Show } from '../../../../src/cli/doctor/show.ts';
import type { Host } from '../../../../src/cli/host.ts';
import { rawServer, reply } from '../../../support/loopback.ts';
import { stage } from '../stage.ts';

async function ran(
  argv: readonly string[],
  env: Host['env'] = {},
): Promise<{ code: number; out: string; err: string }> {
  const { host, stdin, out, err } = stage(argv, env);
  stdin.end();
  const code = await run(host);
  // Times are the machine's; their column is not.
  return { code, out: out().replace(/ +\d+ ms/g, (time) => ' '.repeat(time.length - 4) + 'N ms'), err: err() };
}

const LIST = reply('{"data":[{"id":"gpt-4o"},{"id":"gpt-4o-mini"}]}', '200 OK', 'content-type: application/json\r\n');
const REFUSED = reply('{"error":{"message":"No such key."}}', '401 Unauthorized', 'content-type: application/json\r\n');

test('all well, from variables alone', async (t) => {
  const server = await rawServer(t, ({ socket, head }) => socket.write(/bearer key-0/i.test(head) ? LIST : REFUSED));
  const env = { API_BASE_URL: server.origin, API_KEY: 'key-0123456789', DEFAULT_MODEL: 'gpt-4o' };
  const { port } = server;
  assert.deepEqual(await ran(['doctor'], env), {
    code: 0,
    err: '',
    out: [
      'Configuration  the environment: ok',
      '',
      `local  http://127.0.0.1:${port}/v1/models`,
      `  ok       tcp          N ms  127.0.0.1:${port}`,
      '  ok       http         N ms  HTTP 200, application/json',
      '  ok       auth         N ms  the key is accepted',
      '  ok       models             2: gpt-4o, gpt-4o-mini',
      '  ok       default            gpt-4o (the default model)',
      '  skipped  chat, embed: only with --complete',
      '',
      'All well: 1 provider.',
      '',
    ].join('\n'),
  });
});

test('problems of the configuration come first, and what can be read is examined all the same', async (t) => {
  const server = await rawServer(t, ({ socket }) => socket.write(REFUSED));
  const env = { API_BASE_URL: server.origin, API_KEY: 'key-0123456789', TIMEOUT: 'soon', MAX_RETRIES: 'many' };
  const { code, out } = await ran(['doctor'], env);
  assert.equal(code, 2);
  assert.deepEqual(out.split('\n').slice(0, 4), [
    'Configuration  the environment: 2 problems',
    '  problem  TIMEOUT=soon is not a duration. Accepted: seconds up to 3600, or a duration such as 500ms, 60s, 5m.',
    '  problem  MAX_RETRIES=many is not a whole number. Accepted: a whole number from 0 to 20.',
    '',
  ]);
  const rest = [
    '  ok       http         N ms  HTTP 401, application/json',
    '  failed   auth         N ms  The upstream answered HTTP 401 (Unauthorized): No such key.',
    '                              -> Check API_KEY: whether it is whole, still valid, and a key of this API.',
    '  skipped  models, default, chat, embed: not reached',
    '',
    'Not well: the configuration, local.',
    '',
  ];
  assert.deepEqual(out.split('\n').slice(-rest.length), rest);
});

test('a file with problems: what a server that runs makes of it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'anymodel.json');
  writeFileSync(file, '{ "providers": [], "chace": {} }');
  const { code, out } = await ran(['doctor', '--config', file]);
  assert.equal(code, 2);
  assert.deepEqual(
    out.split('\n').filter((line) => line.startsWith('  note')),
    [
      '  note     A server that runs stays with the last good configuration until the problems are mended; a new one will not start.',
    ],
  );
});

test('--json is one object with the same facts', async (t) => {
  const server = await rawServer(t, ({ socket }) => socket.write(REFUSED));
  const { code, out } = await ran(['doctor', '--json'], { API_BASE_URL: server.origin });
  assert.equal(code, 1);
  const told: { version: unknown; ok: unknown; configuration: unknown; providers: Record<string, unknown>[] } =
    JSON.parse(out);
  assert.deepEqual([told.version, told.ok], ['1.2.3', false]);
  assert.deepEqual(told.configuration, { file: null, problems: [], notes: [] });
  const [provider] = told.providers;
  assert.deepEqual(Object.keys(provider ?? {}), ['provider', 'type', 'url', 'steps']);
  const steps: unknown = provider?.['steps'];
  assert.ok(Array.isArray(steps));
  assert.deepEqual(
    steps.map((step: { name: string; state: string }) => `${step.name} ${step.state}`),
    ['tcp ok', 'http ok', 'auth failed', 'models skipped', 'default skipped', 'chat skipped', 'embed skipped'],
  );
  assert.equal(steps[2].next, 'Set API_KEY: no key was sent.');
});

describe('nothing to examine', () => {
  test('no provider', async () => {
    const { code, out } = await ran(['doctor']);
    assert.equal(code, 2);
    assert.match(out, /problem {2}No provider is configured\. Set API_BASE_URL, and API_KEY if it wants a key\.\n/);
  });

  test('a provider that is not there', async () => {
    const { code, out } = await ran(['doctor', 'locl'], { API_BASE_URL: 'http://127.0.0.1:9' });
    assert.equal(code, 2);
    assert.match(out, /problem {2}There is no such provider\. Did you mean local\?\n/);
  });

  test('two words', async () => {
    const { code, err } = await ran(['doctor', 'a', 'b']);
    assert.equal(code, 2);
    assert.match(err, /doctor takes one word at most/);
  });
});

test('the embedded mock, with a completion', async () => {
  const { code, out } = await ran(['doctor', '--complete'], { MOCK: '1' });
  assert.equal(code, 0, out);
  assert.match(out, /^mock {2}embedded in this program$/m);
  assert.match(out, /^ {2}ok {7}chat +N ms {2}echo answered "You said:/m);
});

describe('several at once', () => {
  const ok = (name: 'tcp' | 'http') => ({ name, state: 'ok', said: name, ms: 1 }) as const;

  test('are shown in their order, whichever is done first', () => {
    const { host, out } = stage([], {});
    const show = new Show(host, ['a', 'b'], true);
    show.open(1, 'http://b');
    show.step(1, ok('tcp'));
    show.end(1);
    assert.equal(out(), '');
    show.open(0, 'http://a');
    show.step(0, ok('tcp'));
    assert.equal(out(), '\na  http://a\n  ok       tcp          1 ms  tcp\n');
    show.end(0);
    assert.match(out(), /tcp\n\nb {2}http:\/\/b\n {2}ok {7}tcp {10}1 ms {2}tcp\n$/);
  });

  test('tell at a terminal which step each is in, and leave nothing of that behind', () => {
    const { host, out } = stage([], { NO_COLOR: '1' }, true);
    const show = new Show(host, ['a', 'b'], true);
    show.begin(0, 'dns');
    show.begin(1, 'tls');
    assert.equal(out(), '… a: dns\r\u001B[K… a: dns, b: tls');
    show.end(0);
    show.end(1);
    assert.ok(out().endsWith('\r\u001B[K'));
  });
});

test('an interrupted examination ends, exit 1', async (t) => {
  const staged = stage(['doctor'], { API_KEY: 'key-0123456789', API_BASE_URL: '' });
  const server = await rawServer(t, () => staged.signal('SIGINT'));
  Object.assign(staged.host.env, { API_BASE_URL: server.origin });
  assert.equal(await run(staged.host), 1);
  assert.match(staged.err(), /^anymodel-mcp: Stopped by SIGINT\.\n$/);
});
