// Random embed calls through the batches: every call that is not called off has its own vectors in its own order, and
// the usage of all parts is that of the whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import type { EmbedModel } from '../../src/providers/chat.ts';
import { batched } from '../../src/routing/batch/embed-batches.ts';
import { FakeClock } from '../support/clock.ts';
import { testContext } from '../support/model-context.ts';
import { scripted } from '../support/models.ts';
import { forSeedsAsync, integer } from '../support/property.ts';

test('each call has its own vectors, whatever was sent together', async () => {
  await forSeedsAsync(200, async (draw) => {
    const clock = new FakeClock();
    let counted = 0;
    const embed: EmbedModel = async ({ input }) => {
      assert.ok(input.length > 0);
      if (input.includes('bad')) throw new Fault('INVALID_INPUT', 'Bad.');
      const inputTokens = integer(draw, 1000);
      counted += inputTokens;
      return { model: 'e', vectors: input.map((text) => [Number(text)]), usage: { inputTokens } };
    };
    const models = batched({ clock, maxItems: 6, maxChars: 12 })({ ...scripted({}).models, embed });
    let shared = 0;
    let isAnyOff = false;
    const calls: Promise<void>[] = [];
    for (let call = 0; call < 30; call++) {
      const isBad = draw() < 0.1;
      const input = Array.from({ length: 1 + integer(draw, 7) }, () => `${integer(draw, 1000)}`);
      if (isBad) input[integer(draw, input.length)] = 'bad';
      const ctx = testContext(clock);
      const done = models.embed({ model: 'e', input }, ctx);
      const isOff = draw() < 0.1;
      calls.push(
        done.then(
          ({ vectors, usage }) => {
            assert.ok(!isBad);
            assert.deepEqual(
              vectors,
              input.map((text) => [Number(text)]),
            );
            return void (shared += usage.inputTokens ?? 0);
          },
          (thrown: Fault) => assert.ok(isBad || isOff, thrown.message),
        ),
      );
      isAnyOff ||= isOff;
      if (isOff) ctx.cancel.cancel(new Fault('cancelled', 'No.'));
      clock.advance(integer(draw, 3));
    }
    clock.advance(10);
    await Promise.all(calls);
    assert.equal(clock.pending, 0);
    // The part of who left is nobody's.
    if (isAnyOff) assert.ok(shared <= counted);
    else assert.equal(shared, counted);
  });
});
