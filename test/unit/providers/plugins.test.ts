// Dialects from outside: what is loaded, what is refused and why, and what becomes of their own failures.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import type { Dialect } from '../../../src/providers/dialect.ts';
import { loadPlugIns } from '../../../src/providers/plugins.ts';
import { FakeClock } from '../../support/clock.ts';
import { lessonsOf } from '../../support/lessons.ts';

const folder = mkdtempSync(join(tmpdir(), 'plug-ins-'));
after(() => rmSync(folder, { recursive: true }));

let count = 0;
const clock = new FakeClock();
const secrets = new Secrets();
const loading = { clock, secrets };

function moduleOf(source: string, extension = 'mjs'): string {
  const path = join(folder, `plug in ${count++}.${extension}`);
  writeFileSync(path, source);
  return path;
}

async function loaded(source: string, extension?: string): Promise<Dialect> {
  const dialects = await loadPlugIns([moduleOf(source, extension)], new Set(['openai']), loading);
  const [dialect] = Object.values(dialects);
  assert.ok(dialect !== undefined);
  return dialect;
}

async function refusal(source: string): Promise<string> {
  const path = moduleOf(source);
  const thrown: unknown = await loadPlugIns([path], new Set(['openai']), loading).catch((fault: unknown) => fault);
  assert.ok(thrown instanceof Fault);
  assert.equal(thrown.kind, 'CONFIG');
  assert.ok(thrown.message.startsWith(`The plug-in ${path} cannot be used: `), thrown.message);
  return thrown.message.slice(`The plug-in ${path} cannot be used: `.length);
}

const ENDPOINT = { provider: 'a', type: 'a', baseUrl: 'https://a.example', apiKey: 'k', headers: {}, query: {} };
const ASK = { op: 'chat', stream: true, request: { model: 'm', messages: [{ role: 'user', content: 'hi' }] } } as const;

describe('is loaded', () => {
  test('a function of the kit', async () => {
    const dialect = await loaded("export default (kit) => ({ ...kit.openai, name: 'near' })");
    assert.equal(dialect.name, 'near');
    assert.equal(dialect.encode(ASK, ENDPOINT, lessonsOf()).url, 'https://a.example/v1/chat/completions');
  });

  test('a CommonJS module, and a path with a blank', async () => {
    const dialect = await loaded("module.exports = ({ openai }) => ({ ...openai, name: 'common' })", 'cjs');
    assert.equal(dialect.name, 'common');
  });

  test('what a dialect says of itself is kept', async () => {
    const dialect = await loaded(
      "export default ({ openai }) => ({ ...openai, name: 'roomy', makesRoom: true, framing: 'ndjson' })",
    );
    assert.deepEqual([dialect.name, dialect.makesRoom, dialect.framing], ['roomy', true, 'ndjson']);
  });

  test('methods that use this', async () => {
    const dialect = await loaded(`
      export default ({ openai }) => ({
        ...openai, name: 'self', path: '/ask',
        encode(ask, { baseUrl }) { return { method: 'POST', url: baseUrl + this.path, headers: {}, changed: [] } },
      })`);
    assert.equal(dialect.encode(ASK, ENDPOINT, lessonsOf()).url, 'https://a.example/ask');
  });
});

describe('is refused', () => {
  for (const [what, source, why] of [
    ['no module', 'export default {', /it cannot be loaded \(SyntaxError: /],
    ['one that throws', "throw new Error('not today')", /it cannot be loaded \(Error: not today\)\./],
    ['one without a default', 'export const x = 1', /it has no default export\./],
    [
      'a function that fails',
      'export default () => { throw new TypeError("x") }',
      /its function failed \(TypeError: x\)/,
    ],
    ['a word', "export default 'openai'", /what it exports is no object and no function that makes one\./],
    [
      'an object of nothing',
      'export default {}',
      /name must be a word.*framing must be.*encode must be a function.*mend must/,
    ],
    ['a name of ours', 'export default (kit) => kit.openai', /its name "openai" is that of another dialect\./],
    [
      'one whose encode fails',
      "export default ({ openai }) => ({ ...openai, name: 'x', encode() { throw new Error('no') } })",
      /encode or decoder failed on a plain question \(no\)/,
    ],
    [
      'one that is not pure but waits',
      "export default ({ openai }) => ({ ...openai, name: 'x', encode: async () => ({}) })",
      /what encode returns has a method that is neither GET nor POST/,
    ],
    [
      'one that leads to no address',
      "export default ({ openai }) => ({ ...openai, name: 'x', encode: () => ({ method: 'GET', url: 'file:///x', headers: {}, changed: [] }) })",
      /what encode returns has no http\(s\) url/,
    ],
    [
      'one whose decoder is none',
      "export default ({ openai }) => ({ ...openai, name: 'x', decoder: () => [] })",
      /what decoder returns has no push and end/,
    ],
  ] as const) {
    test(what, async () => assert.match(await refusal(source), why));
  }

  test('a file that is not there', async () => {
    const path = join(folder, 'missing.mjs');
    await assert.rejects(loadPlugIns([path], new Set(), loading), /missing\.mjs cannot be used: it cannot be loaded/);
  });

  test('two of one name', async () => {
    const source = "export default ({ openai }) => ({ ...openai, name: 'twice' })";
    await assert.rejects(
      loadPlugIns([moduleOf(source), moduleOf(source)], new Set(), loading),
      /its name "twice" is that of/,
    );
  });
});

test('what a plug-in throws later names it, and a Fault of its own stays what it is', async () => {
  const dialect = await loaded(`
    export default ({ openai, Fault }) => ({
      ...openai, name: 'later',
      decode() { return null.x },
      decodeModels() { throw new Fault('QUOTA', 'None left.') },
      decoder: () => ({ push() { throw new Error('in the stream') }, end: () => [] }),
    })`);
  const sending = dialect.encode(ASK, ENDPOINT, lessonsOf());
  const sent = { ask: ASK, sending };
  assert.throws(() => dialect.decode(sent, ''), /The plug-in "later" failed in decode \(TypeError: /);
  assert.throws(
    () => dialect.decoder(sent).push(new Uint8Array(0)),
    /failed in decoder\.push \(Error: in the stream\)/,
  );
  assert.throws(
    () => dialect.decodeModels('', 'p'),
    (fault) => fault instanceof Fault && fault.kind === 'QUOTA' && fault.message === 'None left.',
  );
});

test('a module that waits for ever is refused after ten seconds', async () => {
  const waiting = loadPlugIns([moduleOf('await new Promise(() => {})')], new Set(), loading);
  clock.advance(10_000);
  await assert.rejects(waiting, /it cannot be loaded \(Error: it waits for more than 10 s\)/);
});

describe('what a plug-in returns that no dialect returns names it', () => {
  const sent = { ask: ASK, sending: { method: 'POST', url: 'https://a.example', headers: {}, changed: [] } } as const;
  const uses: Readonly<Record<string, (dialect: Dialect) => unknown>> = {
    'encode: (ask) => (ask.request.model === "a-model" ? openai.encode(...arguments) : undefined)': (dialect) =>
      dialect.encode(ASK, ENDPOINT, lessonsOf()),
    'decode: () => 5': (dialect) => dialect.decode(sent, ''),
    'decode: () => [null]': (dialect) => dialect.decode(sent, ''),
    'decode: () => [{ type: "text" }]': (dialect) => dialect.decode(sent, ''),
    'decode: () => [{ type: "image" }]': (dialect) => dialect.decode(sent, ''),
    'decode: async () => []': (dialect) => dialect.decode(sent, ''),
    'decoder: () => ({ push: () => 5, end: () => [] })': (dialect) => dialect.decoder(sent).push(new Uint8Array(0)),
    'decoder: () => ({ push: () => [], end: () => [{ type: "finish" }] })': (dialect) => dialect.decoder(sent).end(),
    'decodeModels: () => undefined': (dialect) => dialect.decodeModels('', 'p'),
    'decodeModels: () => ({ models: [null] })': (dialect) => dialect.decodeModels('', 'p'),
    'decodeEmbeddings: () => ({ model: "m", usage: {}, vectors: "x" })': (dialect) => dialect.decodeEmbeddings(''),
    'fault: () => ({})': (dialect) => dialect.fault(500, { get: () => null }, '', 0),
    'mend: () => undefined': (dialect) => dialect.mend(new Fault('UPSTREAM', ''), sent),
  };
  for (const [member, use] of Object.entries(uses)) {
    test(member, async () => {
      const dialect = await loaded(
        `export default ({ openai }) => ({ ...openai, name: 'odd', ${member.replace('(ask) => (ask', '(ask, ...rest) => (ask').replace('...arguments', 'ask, ...rest')} })`,
      );
      const [name = ''] = member.split(':');
      assert.throws(
        () => use(dialect),
        new RegExp(`The plug-in "odd" failed in ${name}.* \\(TypeError: what it returned is`),
      );
    });
  }
});

test('credentials that a plug-in adds are registered, other headers are not', async () => {
  const headers = "{ 'X-Corp-Token': 'Bearer open-sesame', 'X-Trace': 'harmless-trace' }";
  const dialect = await loaded(
    `export default ({ openai }) => ({ ...openai, name: 'corp', encode: (...all) => ({ ...openai.encode(...all), headers: ${headers} }) })`,
  );
  dialect.encode(ASK, ENDPOINT, lessonsOf());
  assert.equal(secrets.scrubValues('open-sesame harmless-trace'), '[redacted] harmless-trace');
});
