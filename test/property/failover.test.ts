// Whatever fails, in whatever order: a call ends once, with the whole answer of one target or with a Fault; it never makes
// more sends than targets + keys + MAX_RETRIES; and it leaves nothing in flight, and no timer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import type { ChatEvent, Commit } from '../../src/providers/chat.ts';
import type { Fetch } from '../../src/providers/fetch.ts';
import type { Strategy } from '../../src/routing/policies/table.ts';
import type { Router } from '../../src/routing/router.ts';
import { FakeClock } from '../support/clock.ts';
import { testContext } from '../support/model-context.ts';
import { ended, said } from '../support/openai-stream.ts';
import { forSeedsAsync, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';
import { testRouter } from '../support/router.ts';
import type { TestProvider } from '../support/router.ts';
import { runOn, ScriptedFetch, SILENCE } from '../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../support/scripted-fetch.ts';

const STRATEGIES: readonly Strategy[] = ['priority', 'round-robin', 'weighted', 'least-connections', 'latency', 'cost'];

const json = { 'content-type': 'application/json' };

function refusal(status: number, error: unknown = {}, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return { status, headers: { ...json, ...headers }, body: [JSON.stringify({ error })] };
}

const mendable = { message: "Unsupported parameter: 'seed'", code: 'unsupported_parameter', param: 'seed' };

const FAILURES: readonly ScriptedAnswer[] = [
  refusal(500),
  refusal(503, {}, { 'retry-after': '2' }),
  refusal(429),
  refusal(429, {}, { 'retry-after': '3600' }),
  refusal(429, { code: 'insufficient_quota' }),
  refusal(401),
  refusal(403),
  refusal(404, { code: 'model_not_found' }),
  refusal(404),
  refusal(500, {}, { 'x-should-retry': 'false' }),
  refusal(400, {}, { 'x-should-retry': 'true' }),
  refusal(400, mendable),
  refusal(413),
  { fails: new Fault('NETWORK', 'reset', { data: { upstreamCode: 'reset' } }) },
  { fails: new Fault('NETWORK', 'tls', { data: { retry: 'elsewhere' } }) },
  { hangs: 'waiting' },
  { body: [said('Hel'), new Fault('INCOMPLETE', 'cut')] },
  { body: [said('Hel'), SILENCE] },
  { body: [said('Hel'), 'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n'] },
  { body: [ended()] },
  { headers: { 'content-type': 'text/html' }, body: ['<html>Log in</html>'] },
];

interface Cluster {
  readonly clock: FakeClock;
  readonly router: Router;
  readonly bound: number;
  /** Requests sent so far. */
  readonly sends: () => number;
}

/** Targets that each fail as chance will have it, and answer with their own name when they do not. */
function cluster(draw: Draw): Cluster {
  const clock = new FakeClock();
  const targets = 1 + integer(draw, 4);
  const maxRetries = integer(draw, 5);
  const health = draw() * 0.7;
  const providers: Record<string, TestProvider> = {};
  let keys = 0;
  let sends = 0;
  for (let i = 0; i < targets; i++) {
    const id = `t${i}`;
    const own = Array.from({ length: 1 + integer(draw, 3) }, (_, k) => `key-${i}-${k}`);
    keys += own.length;
    const fetch: Fetch = (url, request) => {
      // The list that is asked for a name like an unknown one is none of the call's sends.
      if (request.method === 'POST') sends++;
      const answer: ScriptedAnswer =
        draw() < health ? { body: [said(`whole `), said(id), ended()] } : oneOf(draw, FAILURES);
      return new ScriptedFetch(clock, [answer]).fetch(url, request);
    };
    providers[id] = { fetch, apiKeys: () => own, priority: 1 + integer(draw, 2) };
  }
  const m = Object.keys(providers).map((provider) => ({
    provider,
    model: `${provider}-m`,
    weight: 1 + integer(draw, 3),
  }));
  const routing = { strategy: oneOf(draw, STRATEGIES), breaker: { failures: 1 + integer(draw, 4), openForMs: 30_000 } };
  const random = { draw, id: () => 'id' };
  const router = testRouter({ clock, providers, aliases: { m }, maxRetries, routing, random });
  return { clock, router, bound: targets + keys + maxRetries, sends: () => sends };
}

/** What a listener has in the end; it fails on anything after the end. */
class Listener {
  text = '';
  finishes = 0;

  readonly hear = (events: readonly ChatEvent[]): void => {
    for (const event of events) {
      assert.equal(this.finishes, 0, 'nothing is heard after the end');
      if (event.type === 'restart') this.text = '';
      else if (event.type === 'text') this.text += event.text;
      else if (event.type === 'finish') this.finishes++;
    }
  };
}

test('every call ends once, whole or with a fault, within the bound of sends', async () => {
  const kinds = new Map<string, number>();
  await forSeedsAsync(400, async (draw) => {
    const { clock, router, bound, sends } = cluster(draw);
    for (let call = 0; call < 4; call++) {
      const before = sends();
      const listener = new Listener();
      const ctx = testContext(clock);
      const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }], seed: 1 } as const;
      let ending: string;
      try {
        await runOn(clock, router.models.chat(request, ctx, listener.hear));
        assert.equal(listener.text, `whole ${ctx.served.provider}`);
        assert.equal(listener.finishes, 1);
        ending = 'whole';
      } catch (thrown) {
        if (!(thrown instanceof Fault)) throw thrown;
        assert.equal(listener.finishes, 0);
        assert.equal(thrown.data.attempts?.length, sends() - before);
        ending = thrown.kind;
      }
      kinds.set(ending, (kinds.get(ending) ?? 0) + 1);
      assert.ok(sends() - before <= bound, `${sends() - before} sends of at most ${bound}`);
      assert.equal(ctx.served.attempts.length, sends() - before);
      assert.equal(clock.pending, 0, 'a timer is left');
    }
  });
  assert.equal(kinds.get('internal'), undefined);
  assert.ok((kinds.get('whole') ?? 0) > 300 && kinds.size > 6, JSON.stringify([...kinds]));
});

/** Hands on what it hears as it comes, and holds that against every further attempt. */
class Relaying implements Commit {
  text = '';
  isMade = false;
  isOver = false;

  readonly hear = (events: readonly ChatEvent[]): void => {
    for (const event of events) {
      assert.ok(!this.isOver, 'nothing is heard after the end');
      if (event.type === 'restart') assert.ok(!this.isMade, 'begun anew although a part was handed on');
      else if (event.type === 'text') this.text += event.text;
      else if (event.type === 'finish') this.isOver = true;
      if (event.type === 'text') this.isMade = true;
    }
  };
}

test('who hands on what comes hears one attempt only from its first word on', async () => {
  const endings = { whole: 0, before: 0, after: 0 };
  await forSeedsAsync(300, async (draw) => {
    const { clock, router } = cluster(draw);
    for (let call = 0; call < 4; call++) {
      const relaying = new Relaying();
      const ctx = testContext(clock, 600_000, relaying);
      const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }], seed: 1 } as const;
      try {
        await runOn(clock, router.models.chat(request, ctx, relaying.hear));
        assert.equal(relaying.text, `whole ${ctx.served.provider}`);
        endings.whole++;
      } catch (thrown) {
        if (!(thrown instanceof Fault)) throw thrown;
        assert.ok(!relaying.isOver);
        if (relaying.isMade) {
          assert.equal(relaying.text, 'Hel');
          assert.match(thrown.message, /A part of the answer was handed on already/);
        }
        endings[relaying.isMade ? 'after' : 'before']++;
      }
      assert.equal(clock.pending, 0, 'a timer is left');
    }
  });
  for (const [ending, times] of Object.entries(endings)) assert.ok(times > 50, `${ending}: ${times}`);
});
