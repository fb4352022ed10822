// Equal questions under way, with random joins, cancels, faults, restarts and slow listeners: every call ends exactly
// once; who ends well has heard exactly one whole answer, and nobody hears anything after the end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import type { ChatEvent, ChatModel, Hear } from '../../src/providers/chat.ts';
import { MemoryStore } from '../../src/resilience/memory-store.ts';
import { cached } from '../../src/routing/cache/cached.ts';
import { FakeClock } from '../support/clock.ts';
import { testContext } from '../support/model-context.ts';
import { scripted } from '../support/models.ts';
import { forSeedsAsync, integer } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Says its number over and over, so that two answers that were mixed can be told. */
function upstream(draw: Draw, answers: Set<string>): ChatModel {
  let number = 0;
  return async (_request, ctx, hear) => {
    let letter = String.fromCharCode(97 + (number++ % 26));
    let said = '';
    const length = 1 + integer(draw, 30);
    for (let i = 0; i < length; i++) {
      await turn();
      if (ctx.cancel.reason !== undefined) throw ctx.cancel.reason;
      if (draw() < 0.02) throw new Fault('UPSTREAM', 'Broken.');
      if (draw() < 0.05) {
        letter = letter.toUpperCase();
        said = '';
        await hear([{ type: 'restart', attempt: 2, reason: new Fault('INCOMPLETE', 'Cut.') }]);
      }
      const text = letter.repeat(1 + integer(draw, 20));
      said += text;
      await hear([{ type: 'text', text }]);
    }
    answers.add(said);
    await hear([{ type: 'finish', reason: 'stop' }]);
  };
}

class Caller {
  readonly #draw: Draw;
  readonly #slowness: number;
  text = '';
  finishes = 0;
  isListening = false;
  hasEnded = false;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#slowness = draw() < 0.3 ? 0.9 : 0.1;
  }

  readonly hear: Hear = (events) => {
    assert.ok(!this.hasEnded, 'heard after the end');
    assert.ok(!this.isListening, 'told more than there was room for');
    for (const event of events) this.#take(event);
    if (this.#draw() > this.#slowness) return undefined;
    this.isListening = true;
    return this.#rest();
  };

  #take(event: ChatEvent): void {
    if (event.type === 'restart') {
      this.text = '';
      this.finishes = 0;
    } else if (event.type === 'text') this.text += event.text;
    else if (event.type === 'finish') this.finishes++;
  }

  async #rest(): Promise<void> {
    for (let i = integer(this.#draw, 8); i >= 0; i--) await turn();
    this.isListening = false;
  }
}

async function rush(draw: Draw): Promise<void> {
  const clock = new FakeClock();
  const answers = new Set<string>();
  const store = new MemoryStore(clock, { maxEntries: 10, maxBytes: 100_000 });
  const maxChars = draw() < 0.5 ? 600 : 100_000;
  const targetsOf = (): [{ provider: string; model: string; credentials: string }] => [
    { provider: 'p', model: 'm', credentials: '' },
  ];
  const layer = cached({ store, clock, enabled: true, ttlMs: 1000, shared: false, targetsOf, maxChars });
  const { chat } = layer({ ...scripted({}).models, chat: upstream(draw, answers) });
  const request = { model: 'm', messages: [], temperature: 0 };
  const ends: string[] = [];
  const calls: Promise<void>[] = [];
  for (let i = 0; i < 12; i++) {
    const caller = new Caller(draw);
    const ctx = testContext(clock);
    const off = new Fault('cancelled', 'No.');
    calls.push(
      chat({ ...request, ...(draw() < 0.2 ? { cache: 'refresh' as const } : {}) }, ctx, caller.hear).then(
        () => {
          caller.hasEnded = true;
          assert.equal(caller.finishes, 1);
          assert.ok(answers.has(caller.text), `nobody said ${caller.text}`);
          return void ends.push('ok');
        },
        (thrown: unknown) => {
          caller.hasEnded = true;
          assert.ok(thrown instanceof Fault, String(thrown));
          assert.ok(thrown.kind === 'UPSTREAM' || thrown === ctx.cancel.reason, String(thrown));
          ends.push(thrown.kind);
        },
      ),
    );
    for (let wait = integer(draw, 6); wait > 0; wait--) await turn();
    if (draw() < 0.25) ctx.cancel.cancel(off);
  }
  await Promise.all(calls);
  assert.equal(ends.length, 12);
}

test('every call ends once, with a whole answer or its own reason', async () => {
  await forSeedsAsync(120, rush);
});
