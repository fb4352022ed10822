import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelSource, derive, orCancelled } from '../../../src/core/context.ts';
import type { Cancel } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';

const first = new Fault('cancelled', 'first');
const second = new Fault('cancelled', 'second');

test('every listener hears the reason once, and the first reason stays', () => {
  const source = new CancelSource();
  const heard: Fault[] = [];
  source.onCancel((reason) => heard.push(reason));
  source.onCancel((reason) => heard.push(reason));
  assert.equal(source.reason, undefined);
  source.cancel(first);
  source.cancel(second);
  assert.deepEqual(heard, [first, first]);
  assert.equal(source.reason, first);
});

test('a listener that comes too late hears at once', () => {
  const source = new CancelSource();
  source.cancel(first);
  const heard: Fault[] = [];
  source.onCancel((reason) => heard.push(reason))();
  assert.deepEqual(heard, [first]);
});

test('a listener that was withdrawn hears nothing, even when another withdraws it while all are told', () => {
  const source = new CancelSource();
  source.onCancel(() => withdraw());
  const withdraw = source.onCancel(() => assert.fail('heard'));
  source.onCancel(() => assert.fail('heard'))();
  source.cancel(first);
});

test('one listener that throws keeps no other from hearing', () => {
  const source = new CancelSource();
  let closed = 0;
  source.onCancel(() => {
    throw new TypeError('broken');
  });
  source.onCancel(() => closed++);
  assert.throws(
    () => source.cancel(first),
    (thrown) => thrown instanceof Fault && thrown.kind === 'internal' && thrown.cause instanceof TypeError,
  );
  assert.equal(closed, 1);
});

test('a derived source is cancelled with its parent, but not the parent with it', () => {
  const parent = new CancelSource();
  const child = derive(parent);
  child.source.cancel(second);
  assert.equal(parent.reason, undefined);
  const other = derive(parent);
  parent.cancel(first);
  assert.equal(other.source.reason, first);
  assert.equal(child.source.reason, second);
  assert.equal(derive(parent).source.reason, first);
});

test('a derived source that was disposed of no longer follows its parent', () => {
  const parent = new CancelSource();
  const child = derive(parent);
  child.dispose();
  parent.cancel(first);
  assert.equal(child.source.reason, undefined);
});

test('work that is cancelled is waited for no longer', async () => {
  const source = new CancelSource();
  assert.equal(await orCancelled(Promise.resolve('done'), source), 'done');
  await assert.rejects(orCancelled(Promise.reject(second), source), second);
  const waiting = orCancelled(new Promise(() => {}), source);
  source.cancel(first);
  await assert.rejects(waiting, first);
  await assert.rejects(orCancelled(new Promise(() => {}), source), first);
});

test('work that has ended is no listener any more', async () => {
  let listeners = 0;
  const cancel: Cancel = {
    reason: undefined,
    onCancel: () => {
      listeners++;
      return () => listeners--;
    },
  };
  await orCancelled(Promise.resolve(), cancel);
  assert.equal(listeners, 0);
});
