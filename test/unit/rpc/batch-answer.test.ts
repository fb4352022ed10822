import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BatchAnswer } from '../../../src/rpc/batch-answer.ts';
import type { Line } from '../../../src/wire/encode.ts';

function gathered(): { readonly sent: Line[]; readonly batch: BatchAnswer } {
  const sent: Line[] = [];
  return { sent, batch: new BatchAnswer((line) => sent.push(line)) };
}

describe('the answer to a batch', () => {
  test('is one array in the order of the members, when the last one is there', () => {
    const { sent, batch } = gathered();
    const [one, two] = [batch.slot(), batch.slot()];
    batch.seal();
    two('2');
    assert.deepEqual(sent, []);
    one('1');
    assert.deepEqual(sent, ['[1,2]']);
  });

  test('waits for the members still to come when all so far are answered at once', () => {
    const { sent, batch } = gathered();
    batch.slot()('1');
    assert.deepEqual(sent, []);
    batch.slot()('2');
    batch.seal();
    assert.deepEqual(sent, ['[1,2]']);
  });

  test('leaves out what is not answered, and is nothing when nothing is', () => {
    const some = gathered();
    const [one, two] = [some.batch.slot(), some.batch.slot()];
    some.batch.seal();
    one(undefined);
    two('2');
    assert.deepEqual(some.sent, ['[2]']);

    const none = gathered();
    none.batch.slot()(undefined);
    none.batch.seal();
    assert.deepEqual(none.sent, []);
  });
});
