import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { Log } from '../../../src/core/log.ts';
import type { RpcContext } from '../../../src/rpc/handlers.ts';
import { logged } from '../../../src/rpc/dispatcher.ts';
import type { Dispatch } from '../../../src/rpc/dispatcher.ts';
import { FakeClock } from '../../support/clock.ts';

const ctx: RpcContext = {
  id: 7,
  cancel: new CancelSource(),
  inBatch: false,
  isCrowded: false,
  notify: () => undefined,
  notice: () => undefined,
  ask: () => Promise.reject(new Error('not asked here')),
  inquire: () => Promise.reject(new Error('not asked here')),
  closing: new CancelSource(),
};

function observed(inner: Dispatch): {
  readonly lines: unknown[];
  readonly clock: FakeClock;
  readonly run: (method?: string) => unknown;
} {
  const lines: unknown[] = [];
  const clock = new FakeClock();
  const log: Log = { ...silentLog, debug: (message, fields) => lines.push([message, fields]) };
  const dispatch = logged(log, clock)(inner);
  return { lines, clock, run: (method = 'm') => dispatch({ kind: 'request', id: 7, method, params: undefined }, ctx) };
}

describe('the log layer', () => {
  test('passes an answer on at once, and says so', () => {
    const { lines, run } = observed(() => 'answer');
    assert.equal(run(), 'answer');
    assert.deepEqual(lines, [['request', { method: 'm', id: 7, ms: 0, outcome: 'ok' }]]);
  });

  test('waits for an answer that comes later', async () => {
    let answer: (value: string) => void = () => {};
    const { lines, clock, run } = observed(
      () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    );
    const result = run();
    clock.advance(12);
    assert.deepEqual(lines, []);
    answer('later');
    assert.equal(await result, 'later');
    assert.deepEqual(lines, [['request', { method: 'm', id: 7, ms: 12, outcome: 'ok' }]]);
  });

  test('says how a request failed, thrown at once or later', async () => {
    const thrown = observed(() => {
      throw new Fault('unknown-method', 'no');
    });
    assert.throws(thrown.run, { kind: 'unknown-method' });
    assert.deepEqual(thrown.lines, [['request', { method: 'm', id: 7, ms: 0, outcome: 'unknown-method' }]]);

    const rejected = observed(() => Promise.reject(new Error('bug')));
    await assert.rejects(Promise.resolve(rejected.run()), { kind: 'internal' });
    assert.deepEqual(rejected.lines, [['request', { method: 'm', id: 7, ms: 0, outcome: 'internal' }]]);
  });

  test('holds no more of a method than its beginning', () => {
    const { lines, run } = observed(() => 1);
    run('m'.repeat(1000));
    assert.deepEqual(lines, [['request', { method: 'm'.repeat(100), id: 7, ms: 0, outcome: 'ok' }]]);
  });
});
