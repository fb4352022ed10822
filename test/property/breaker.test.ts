// The breaker against a naive model, which keeps the whole history and knows probes by name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSED, isProbe, mayBegin, next } from '../../src/resilience/breaker.ts';
import type { BreakerState } from '../../src/resilience/breaker.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';

const SETTINGS = { failures: 3, openForMs: 100 };

/** The rules in words: a list of failures in a row, when it opened, and who the probe is. */
class Naive {
  #inARow = 0;
  #openedAt: number | undefined;
  #probe: number | undefined;

  may(now: number): boolean {
    if (this.#openedAt === undefined) return true;
    return this.#probe === undefined && now >= this.#openedAt + SETTINGS.openForMs;
  }

  begin(call: number, now: number): void {
    if (this.#openedAt !== undefined && this.may(now)) this.#probe = call;
  }

  end(call: number, outcome: 'success' | 'failure' | 'abandoned', now: number): void {
    const wasProbe = this.#probe === call;
    if (outcome === 'success') {
      this.#inARow = 0;
      this.#openedAt = undefined;
      this.#probe = undefined;
    } else if (this.#openedAt !== undefined) {
      if (!wasProbe) return;
      this.#probe = undefined;
      this.#openedAt = outcome === 'failure' ? now : now - SETTINGS.openForMs;
    } else if (outcome === 'failure' && ++this.#inARow >= SETTINGS.failures) {
      this.#openedAt = now;
      this.#inARow = 0;
    }
  }
}

test('the breaker lets through what the model does, and never more than one probe', () => {
  forSeeds(2000, (draw) => {
    const naive = new Naive();
    let state: BreakerState = CLOSED;
    let now = 0;
    const under: { readonly call: number; readonly probe: BreakerState | undefined }[] = [];
    for (let call = 0; call < 60; call++) {
      now += integer(draw, 60);
      assert.equal(mayBegin(state, now), naive.may(now), `call ${call}`);
      if (mayBegin(state, now) || draw() < 0.1) {
        const probes = isProbe(state, now);
        naive.begin(call, now);
        state = next(state, { type: 'begin' }, now, SETTINGS);
        under.push({ call, probe: probes ? state : undefined });
      }
      if (under.length === 0 || draw() < 0.3) continue;
      const [one] = under.splice(integer(draw, under.length), 1);
      if (one === undefined) continue;
      const type = oneOf(draw, ['success', 'failure', 'failure', 'abandoned'] as const);
      naive.end(one.call, type, now);
      const wasProbe = one.probe === state;
      state = next(state, type === 'success' ? { type } : { type, wasProbe }, now, SETTINGS);
    }
  });
});
