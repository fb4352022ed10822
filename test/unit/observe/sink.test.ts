// Log lines: what they hold, and that nothing they are given can break them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { Log, LogLevel } from '../../../src/core/log.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import { createLog } from '../../../src/observe/sink.ts';
import { FakeClock } from '../../support/clock.ts';

interface Bench {
  readonly log: Log;
  readonly secrets: Secrets;
  readonly written: string[];
  /** The lines as JSON; fails when one of them is not. */
  readonly lines: () => Record<string, unknown>[];
}

function bench(level: LogLevel = 'debug'): Bench {
  const written: string[] = [];
  const secrets = new Secrets();
  const stream = { write: (text: string) => written.push(text) };
  const log = createLog({ stream, level, clock: new FakeClock(), scrub: (text) => secrets.scrub(text) });
  const lines = (): Record<string, unknown>[] =>
    written.map((text) => {
      assert.match(text, /^[^\n\r]+\n$/, 'one line each');
      return JSON.parse(text);
    });
  return { log, secrets, written, lines };
}

test('a line has time, level, message and fields', () => {
  const { log, lines } = bench();
  log.info('hello', { n: 1, none: undefined });
  assert.deepEqual(lines(), [{ time: '2023-11-14T22:13:20.000Z', level: 'info', msg: 'hello', n: 1 }]);
});

test('levels below the least are not written', () => {
  const { log, lines } = bench('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  assert.deepEqual(
    lines().map(({ msg }) => msg),
    ['c', 'd'],
  );
});

test('bound fields are on every line, nearer ones win, and none takes the place of the head', () => {
  const { log, lines } = bench();
  log.with({ tool: 'chat', id: 1 }).with({ id: 2 }).info('x', { level: 'nonsense', msg: 'y' });
  assert.deepEqual(lines(), [{ time: '2023-11-14T22:13:20.000Z', level: 'info', msg: 'x', tool: 'chat', id: 2 }]);
});

describe('errors', () => {
  const cause = new Error('socket hang up');
  const fault = new Fault('UPSTREAM', 'The model failed.', { data: { status: 502 }, cause });

  test('have stack and cause at warn and error', () => {
    const { log, lines } = bench();
    log.error('call failed', { error: fault });
    const [line] = lines();
    const shown = Object(line?.['error']);
    assert.equal(shown.kind, 'UPSTREAM');
    assert.deepEqual(shown.data, { status: 502 });
    assert.match(shown.stack, /^Fault: The model failed\.\n/);
    assert.equal(shown.cause.message, 'socket hang up');
    assert.match(shown.cause.stack, /sink\.test/);
  });

  test('have neither below', () => {
    const { log, lines } = bench();
    log.info('retrying', { error: fault });
    assert.deepEqual(lines()[0]?.['error'], {
      name: 'Fault',
      kind: 'UPSTREAM',
      message: 'The model failed.',
      data: { status: 502 },
    });
  });
});

describe('whatever it is given', () => {
  const circle: Record<string, unknown> = { name: 'circle' };
  circle['self'] = circle;
  let deep: unknown = 'bottom';
  for (let i = 0; i < 50_000; i++) deep = { deep };
  const hostile = {
    get boom() {
      throw new Error('getter');
    },
  };
  const values: readonly (readonly [string, unknown, RegExp])[] = [
    ['a circle', circle, /"self":"\[circular\]"/],
    ['an error that causes itself', Object.assign(new Error('e'), { cause: circle }), /\[circular\]/],
    ['depth', deep, /\[deep\]/],
    ['a throwing getter', hostile, /\[unreadable\]/],
    ['a throwing toJSON', { toJSON: () => assert.fail('toJSON') }, /\[unreadable\]/],
    ['a bigint', 10n, /"value":"10"/],
    ['a symbol', Symbol('s'), /Symbol\(s\)/],
    ['a function', () => 1, /\[function\]/],
    ['NaN', Number.NaN, /"value":"NaN"/],
    ['newlines', 'a\nb\r\u2028c', /a\\nb\\r/],
    ['a lone surrogate', '\ud800', /\\ud800/],
    ['bytes', Buffer.from('secret bytes'), /\[12 bytes\]/],
    ['a map', new Map([['k', new Set([1])]]), /"value":\{"k":\[1\]\}/],
    ['a date', new Date(0), /1970-01-01/],
    ['an invalid date', new Date(Number.NaN), /"value":(null|"\[unreadable\]")/],
    ['a huge string', 'x'.repeat(1_000_000), /… \(1000000 characters\)/],
    ['a revoked proxy', revoked(), /./],
    ['no prototype', Object.assign(Object.create(null), { a: 1 }), /"value":\{"a":1\}/],
  ];
  for (const [name, value, expected] of values) {
    test(name, () => {
      const { log, lines, written } = bench();
      log.error('x', { value });
      log.info('still here');
      assert.equal(lines().at(-1)?.['msg'], 'still here');
      if (name !== 'a revoked proxy') assert.match(written[0] ?? '', expected);
    });
  }

  test('a stream that throws', () => {
    const stream = {
      write() {
        throw new Error('EPIPE');
      },
    };
    const log = createLog({ stream, level: 'info', clock: new FakeClock(), scrub: (text) => text });
    log.error('nobody hears');
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('secrets', () => {
  test('are in no part of a line, in any form', () => {
    const { log, secrets, written, lines } = bench();
    const key = 'top"secret/key+1';
    secrets.add(key);
    const cause = new Error(`cause ${key}`);
    log.with({ bound: key }).error(`message ${key}`, {
      error: new Fault('AUTH', `fault ${key}`, { cause, data: { next: key } }),
      nested: [{ [key]: key }],
      url: `https://x.example/?k=${encodeURIComponent(key)}`,
      basic: Buffer.from(`user:${key}`).toString('base64'),
      json: JSON.stringify({ key }),
    });
    assert.equal(lines().length, 1);
    const [line = ''] = written;
    for (const form of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key), 'c2VjcmV0']) {
      assert.ok(!line.includes(form), form);
    }
  });

  test('written as a number, they leave valid JSON behind', () => {
    const { log, secrets, written, lines } = bench();
    secrets.add('1234567812345678');
    log.info('x', { pin: 1234567812345678, other: { url: 'http://h:80', mail: 'a@b' } });
    assert.equal(lines()[0]?.['msg'], 'x');
    assert.ok(!written[0]?.includes('1234567812345678'));
  });
});
