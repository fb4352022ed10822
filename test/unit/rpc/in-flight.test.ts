import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InFlight } from '../../../src/rpc/in-flight.ts';
import type { Id } from '../../../src/wire/jsonrpc.ts';

const call = (id: Id): { readonly id: Id } => ({ id });

describe('the in-flight table', () => {
  test('answers a started call once', () => {
    const table = new InFlight(10);
    const one = call(1);
    assert.equal(table.start(one), 'started');
    assert.equal(table.isIdle, false);
    assert.equal(table.isOpen(one), true);
    assert.deepEqual([table.finish(one), table.finish(one)], [true, false]);
    assert.equal(table.isIdle, true);
  });

  test('refuses an id that is in use and leaves the first alone (R-25)', () => {
    const table = new InFlight(10);
    const first = call(1);
    const second = call(1);
    table.start(first);
    assert.equal(table.start(second), 'duplicate');
    assert.deepEqual([table.finish(second), table.finish(first)], [false, true]);
  });

  test('1 and "1" are two ids', () => {
    const table = new InFlight(10);
    assert.deepEqual([table.start(call(1)), table.start(call('1'))], ['started', 'started']);
    assert.equal(table.cancel('1')?.id, '1');
    assert.equal(table.find(1)?.id, 1);
  });

  test('a cancelled call is answered no more, and its id is free', () => {
    const table = new InFlight(10);
    const old = call(1);
    table.start(old);
    assert.equal(table.cancel(1), old);
    assert.equal(table.cancel(1), undefined);
    const fresh = call(1);
    assert.equal(table.start(fresh), 'started');
    assert.deepEqual([table.isOpen(old), table.finish(old), table.finish(fresh)], [false, false, true]);
  });

  test('is crowded at its limit, and not after an answer', () => {
    const table = new InFlight(2);
    const one = call(1);
    table.start(one);
    assert.equal(table.isCrowded, false);
    table.start(call(2));
    assert.equal(table.isCrowded, true);
    assert.equal(table.start(call(3)), 'started');
    table.finish(one);
    assert.equal(table.isCrowded, true);
    table.cancel(2);
    assert.equal(table.isCrowded, false);
  });

  test('closed, it hands out what was open and starts nothing', () => {
    const table = new InFlight(10);
    const one = call(1);
    table.start(one);
    assert.deepEqual(table.close(), [one]);
    assert.deepEqual(table.close(), []);
    assert.deepEqual([table.isIdle, table.isClosed], [true, true]);
    assert.equal(table.finish(one), false);
    assert.equal(table.start(call(2)), 'closed');
  });
});
