// Under any order of start, cancel, finish and close, each call is answered at most once, never after a cancel,
// and the table is idle when everything is over.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InFlight } from '../../src/rpc/in-flight.ts';
import type { Id } from '../../src/wire/jsonrpc.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';

interface Call {
  readonly id: Id;
  answers: number;
  isStarted: boolean;
  isCancelled: boolean;
}

describe('the in-flight table', () => {
  test('answers each id at most once under any order of events', () => {
    forSeeds(3000, (draw) => {
      const max = 1 + integer(draw, 4);
      const table = new InFlight<Call>(max);
      const calls: Call[] = [];
      const open = (): Call[] => calls.filter((call) => call.isStarted && !call.isCancelled && call.answers === 0);
      const steps = {
        start(): void {
          const call: Call = {
            id: oneOf<Id>(draw, [1, 2, '1', 'a', 0]),
            answers: 0,
            isStarted: false,
            isCancelled: false,
          };
          const expected = table.isClosed
            ? 'closed'
            : open().some(({ id }) => id === call.id)
              ? 'duplicate'
              : 'started';
          assert.equal(table.isCrowded, open().length >= max);
          assert.equal(table.start(call), expected);
          call.isStarted = expected === 'started';
          calls.push(call);
        },
        finish(): void {
          const [call] = calls.slice(integer(draw, calls.length + 1));
          if (call === undefined) return;
          const due = open().includes(call);
          assert.equal(table.finish(call), due);
          if (due) call.answers++;
        },
        cancel(): void {
          const id = oneOf<Id>(draw, [1, 2, '1', 'a', 0]);
          const expected = open().find((call) => call.id === id);
          assert.equal(table.cancel(id), expected);
          if (expected !== undefined) expected.isCancelled = true;
        },
        close(): void {
          const expected = open();
          assert.deepEqual(new Set(table.close()), new Set(expected));
          for (const call of expected) call.isCancelled = true;
        },
      };
      for (let i = 0; i < 60; i++) {
        const name = draw() < 0.02 ? 'close' : oneOf(draw, ['start', 'start', 'finish', 'cancel'] as const);
        steps[name]();
        assert.equal(table.isIdle, open().length === 0);
      }
      for (const call of calls) if (table.finish(call)) call.answers++;
      assert.equal(table.isIdle, true);
      assert.ok(calls.every(({ answers, isStarted, isCancelled }) => answers === (isStarted && !isCancelled ? 1 : 0)));
    });
  });
});
