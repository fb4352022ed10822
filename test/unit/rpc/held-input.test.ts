import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HeldInput } from '../../../src/rpc/held-input.ts';
import { classify } from '../../../src/wire/jsonrpc.ts';
import type { Message, Request } from '../../../src/wire/jsonrpc.ts';

function request(id: number): Request {
  return { kind: 'request', id, method: 'm', params: undefined };
}

function drained(held: HeldInput): Message[] {
  const out: Message[] = [];
  for (let message = held.shift(); message !== undefined; message = held.shift()) out.push(message);
  return out;
}

function withdraw(held: HeldInput, id: number): void {
  const found = held.find(id);
  assert.notEqual(found, undefined);
  if (found !== undefined) held.withdraw(found);
}

describe('held input', () => {
  test('comes out in order, and its bytes are counted', () => {
    const held = new HeldInput();
    const messages = [request(1), classify('{"jsonrpc":"2.0","method":"n"}'), classify('nonsense')];
    for (const [i, message] of messages.entries()) held.push(message, i + 1);
    assert.deepEqual([held.bytes, held.isEmpty], [6, false]);
    assert.equal(held.shift(), messages[0]);
    assert.equal(held.bytes, 5);
    assert.deepEqual(drained(held), messages.slice(1));
    assert.deepEqual([held.bytes, held.isEmpty], [0, true]);
  });

  test('a request that is withdrawn does not come out', () => {
    const held = new HeldInput();
    for (const id of [1, 2, 3]) held.push(request(id), 1);
    withdraw(held, 2);
    assert.equal(held.find(2), undefined);
    assert.deepEqual(drained(held), [request(1), request(3)]);
  });

  test('a member of a batch can be withdrawn; an empty batch is nothing', () => {
    const held = new HeldInput();
    held.push({ kind: 'batch', members: [request(1), request(2)] }, 1);
    held.push({ kind: 'batch', members: [request(3)] }, 1);
    withdraw(held, 1);
    withdraw(held, 3);
    assert.deepEqual(drained(held), [{ kind: 'batch', members: [request(2)] }]);
  });

  test('of two requests with one id the first is found', () => {
    const held = new HeldInput();
    const [first, second] = [request(1), request(1)];
    held.push(first, 1);
    held.push(second, 1);
    assert.equal(held.find(1), first);
    withdraw(held, 1);
    assert.deepEqual(drained(held), [second]);
  });

  test('a request that came out is found no more', () => {
    const held = new HeldInput();
    held.push(request(1), 1);
    held.push(request(2), 1);
    held.shift();
    assert.equal(held.find(1), undefined);
    assert.notEqual(held.find(2), undefined);
  });

  test('many come out without a copy of the rest for each', () => {
    const held = new HeldInput();
    for (let id = 0; id < 100_000; id++) held.push(request(id), 1);
    assert.equal(drained(held).length, 100_000);
  });
});
