import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Mailbox } from '../../../src/rpc/mailbox.ts';

async function all<T extends object>(mailbox: Mailbox<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const value of mailbox) out.push(value);
  return out;
}

describe('a mailbox', () => {
  test('gives what was put before and after reading began, in order, then ends', async () => {
    const mailbox = new Mailbox<{ n: number }>();
    mailbox.put({ n: 1 });
    mailbox.put({ n: 2 });
    assert.equal(mailbox.waiting, 2);
    const reading = all(mailbox);
    await Promise.resolve();
    mailbox.put({ n: 3 });
    mailbox.end();
    mailbox.put({ n: 4 });
    assert.deepEqual(await reading, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.equal(mailbox.waiting, 0);
  });

  test('says when its reader has nothing to read', async () => {
    let hungry = 0;
    const mailbox = new Mailbox<object>(() => hungry++);
    mailbox.put({});
    const reader = mailbox[Symbol.asyncIterator]();
    await reader.next();
    assert.equal(hungry, 0);
    const next = reader.next();
    assert.equal(hungry, 1);
    mailbox.end();
    assert.deepEqual(await next, { value: undefined, done: true });
    assert.deepEqual(await reader.next(), { value: undefined, done: true });
  });
});
