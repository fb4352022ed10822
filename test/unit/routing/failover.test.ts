// Several targets in one call (product sheet, section 8), on the fake clock: where a call goes after each kind of
// failure, what it tells the listener, and what it says when nothing helped.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { ChatEvent, ChatRequest, Commit } from '../../../src/providers/chat.ts';
import type { Dialect } from '../../../src/providers/dialect.ts';
import { anthropic } from '../../../src/providers/dialects/anthropic.ts';
import { ollama } from '../../../src/providers/dialects/ollama.ts';
import { guarded } from '../../../src/providers/plugin-guard.ts';
import type { Router } from '../../../src/routing/router.ts';
import type { ProviderSettings } from '../../../src/routing/targets/settings.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import type { TestContext } from '../../support/model-context.ts';
import { ended, said } from '../../support/openai-stream.ts';
import { testRouter } from '../../support/router.ts';
import type { TestProvider, TestRouterOptions } from '../../support/router.ts';
import { faultOf, runOn, ScriptedFetch, settle, SILENCE } from '../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../support/scripted-fetch.ts';

interface Script extends TestProvider {
  readonly answers: readonly ScriptedAnswer[];
}

interface Bench {
  readonly clock: FakeClock;
  readonly router: Router;
  readonly asked: Readonly<Record<string, ScriptedFetch>>;
  readonly chat: (
    request?: Partial<ChatRequest>,
    commit?: Commit,
  ) => {
    readonly ctx: TestContext;
    readonly events: Promise<ChatEvent[]>;
  };
}

/** The alias `m` leads to all of them, in order, under their own name for it. */
function bench(scripts: Readonly<Record<string, Script>>, more: Partial<TestRouterOptions> = {}): Bench {
  const clock = new FakeClock();
  const asked: Record<string, ScriptedFetch> = {};
  const providers: Record<string, TestProvider> = {};
  for (const [id, { answers, ...provider }] of Object.entries(scripts)) {
    const fetch = (asked[id] = new ScriptedFetch(clock, answers));
    providers[id] = { fetch: fetch.fetch, ...provider };
  }
  const m = Object.keys(scripts).map((provider) => ({ provider, model: `${provider}-m`, weight: 1 }));
  const router = testRouter({ clock, providers, aliases: { m }, ...more });
  return {
    clock,
    router,
    asked,
    chat(request, commit) {
      const ctx = testContext(clock, 600_000, commit);
      const events: ChatEvent[] = [];
      const asking = { model: 'm', messages: [{ role: 'user', content: 'hi' } as const], ...request };
      const work = router.models.chat(asking, ctx, (batch) => void events.push(...batch));
      return { ctx, events: work.then(() => events) };
    },
  };
}

const good: ScriptedAnswer = { body: [said('Hello'), ended()] };
const json = { 'content-type': 'application/json' };

function refusal(status: number, error: unknown = {}, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return { status, headers: { ...json, ...headers }, body: [JSON.stringify({ error })] };
}

const places = ({ served }: TestContext): string[] =>
  served.attempts.map(({ provider, error = 'ok' }) => `${provider} ${error}`);

describe('a transient failure', () => {
  test('sends the call to the next target at once', async () => {
    const { clock, chat, asked } = bench({ a: { answers: [refusal(503)] }, b: { answers: [good] } });
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.equal(clock.now(), 0);
    assert.deepEqual(places(ctx), ['a UPSTREAM', 'b ok']);
    assert.deepEqual([ctx.served.provider, ctx.served.model], ['b', 'm-1']);
    assert.match(asked['b']?.asked[0]?.body ?? '', /"model":"b-m"/);
  });

  test('in mid-answer tells the listener to drop what it has', async () => {
    const cut: ScriptedAnswer = { body: [said('Hel'), new Fault('INCOMPLETE', 'cut')] };
    const { clock, chat } = bench({ a: { answers: [cut] }, b: { answers: [good] } });
    const events = await runOn(clock, chat().events);
    const at = events.findIndex(({ type }) => type === 'restart');
    assert.deepEqual(
      events.slice(at + 1).flatMap((one) => (one.type === 'text' ? [one.text] : [])),
      ['Hello'],
    );
    assert.equal(events.filter(({ type }) => type === 'finish').length, 1);
  });

  test('goes round again when all were tried, to the one that may be tried soonest', async () => {
    const { clock, chat } = bench({
      a: { answers: [refusal(429, {}, { 'retry-after': '20' })] },
      b: { answers: [refusal(500), good] },
    });
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['a RATE_LIMITED', 'b UPSTREAM', 'b ok']);
    assert.equal(clock.now(), 250);
  });

  test('counts: MAX_RETRIES is over all targets together', async () => {
    const down = { answers: [refusal(500), refusal(500), refusal(500)] };
    const { clock, chat } = bench({ a: down, b: down }, { maxRetries: 3 });
    const { ctx, events } = chat();
    const fault = await faultOf(clock, events);
    assert.equal(ctx.served.attempts.length, 4);
    assert.equal(
      fault.message,
      'The upstream answered HTTP 500 (Internal Server Error). Tried 4 times: twice at a (a-m), twice at b (b-m).',
    );
    assert.equal(fault.data.attempts?.length, 4);
    const none = bench({ a: down, b: { answers: [] } }, { maxRetries: 0 });
    await faultOf(none.clock, none.chat().events);
  });

  test('80: a wait that is too long is left to the next target, and not waited when it fails too', async () => {
    const long = refusal(429, {}, { 'retry-after': '3600' });
    const healed = bench({ a: { answers: [long] }, b: { answers: [good] } });
    await runOn(healed.clock, healed.chat().events);
    assert.equal(healed.clock.now(), 0);
    const { clock, chat } = bench({ a: { answers: [long] }, b: { answers: [refusal(401)] } });
    const { ctx, events } = chat();
    const fault = await faultOf(clock, events);
    assert.deepEqual(places(ctx), ['a RATE_LIMITED', 'b AUTH']);
    assert.deepEqual([fault.kind, fault.data.provider, fault.retryAfterMs], ['RATE_LIMITED', 'a', 3_600_000]);
  });
});

describe('a target that cannot serve the request', () => {
  for (const [what, answer, kind] of [
    ['has no such model', refusal(404, { code: 'model_not_found' }), 'MODEL_NOT_FOUND'],
    ['has no quota left', refusal(429, { code: 'insufficient_quota' }), 'QUOTA'],
    ['refuses the key', refusal(401), 'AUTH'],
    ['has another address', { status: 308, headers: { location: 'https://x.example/v1' } }, 'UPSTREAM'],
    ['is behind a path that is not there', refusal(404), 'UPSTREAM'],
    ['asks not to be asked again', refusal(500, {}, { 'x-should-retry': 'false' }), 'UPSTREAM'],
    ['takes no files', refusal(501, { message: 'Unknown part type: file' }), 'INVALID_INPUT'],
  ] as const) {
    test(`${what}: the next one is asked, uncounted`, async () => {
      const { clock, chat } = bench({ a: { answers: [answer] }, b: { answers: [good] } }, { maxRetries: 0 });
      const { ctx, events } = chat();
      await runOn(clock, events);
      assert.deepEqual(places(ctx), [`a ${kind}`, 'b ok']);
    });
  }

  test('a certificate that is not trusted: the next one, and never the same again', async () => {
    const tls = new Fault('NETWORK', 'unknown authority', { data: { retry: 'elsewhere', upstreamCode: 'tls' } });
    const { clock, chat } = bench({ a: { answers: [{ fails: tls }] }, b: { answers: [refusal(500), good] } });
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['a NETWORK', 'b UPSTREAM', 'b ok']);
  });

  test('its other keys are tried before the next target', async () => {
    const { clock, chat } = bench({
      a: { answers: [refusal(401), refusal(401)], apiKeys: () => ['one', 'two'] },
      b: { answers: [good] },
    });
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['a AUTH', 'a AUTH', 'b ok']);
  });

  test('its dialect cannot say it: nothing is sent to it', async () => {
    const a = { answers: [], dialect: anthropic, type: 'anthropic' };
    const { clock, router } = bench({ a, b: { answers: [{ headers: json, body: [embedding] }] } });
    const ctx = testContext(clock);
    const { model } = await runOn(clock, router.models.embed({ model: 'm', input: ['x'] }, ctx));
    assert.equal(model, 'e-1');
    assert.deepEqual(places(ctx), ['b ok']);
  });

  test('its plug-in throws before anything is sent', async () => {
    const broken: Dialect = {
      ...anthropic,
      encode() {
        throw new Error('a defect');
      },
    };
    const { clock, chat } = bench({
      a: { answers: [], dialect: guarded(broken, { add() {} }) },
      b: { answers: [good] },
    });
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['b ok']);
  });

  test('it has no key where one is needed: nothing is sent to it', async () => {
    const a = { answers: [], baseUrl: 'https://api.openai.com/v1', apiKeys: () => [] };
    const { clock, chat } = bench({ a, b: { answers: [good] } });
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['b ok']);
  });
});

const embedding = JSON.stringify({ data: [{ index: 0, embedding: [0.5] }], model: 'e-1' });

test('a PDF goes to the first target whose API has a form for it, and is refused where none has', async () => {
  const file = { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' };
  const asking: Partial<ChatRequest> = {
    messages: [{ role: 'user', content: [{ type: 'attachment', kind: 'file', body: file }] }],
  };
  const { clock, chat, asked } = bench({ a: { answers: [], dialect: ollama }, b: { answers: [good] } });
  await runOn(clock, chat(asking).events);
  assert.equal(asked['a']?.asked.length, 0);
  assert.match(asked['b']?.asked[0]?.body ?? '', /"file_data":"data:application\/pdf;base64,JVBERi0="/);
  const alone = bench({ a: { answers: [], dialect: ollama } });
  const fault = await faultOf(alone.clock, alone.chat(asking).events);
  assert.deepEqual([fault.kind, fault.message], ['INVALID_INPUT', 'This API takes no content parts of type "file".']);
});

describe('what the caller brought about', () => {
  for (const status of [400, 413, 422]) {
    test(`${status} ends the call`, async () => {
      const { clock, chat } = bench({ a: { answers: [refusal(status, { message: 'no' })] }, b: { answers: [] } });
      const { ctx, events } = chat();
      await faultOf(clock, events);
      assert.equal(ctx.served.attempts.length, 1);
    });
  }

  test('a request is mended once for each target, uncounted', async () => {
    const unsupported = refusal(400, {
      message: "Unsupported parameter: 'max_tokens'",
      code: 'unsupported_parameter',
      param: 'max_tokens',
    });
    const { clock, chat } = bench(
      { a: { answers: [unsupported, refusal(401)] }, b: { answers: [unsupported, good] } },
      { maxRetries: 0 },
    );
    const { ctx, events } = chat({ maxTokens: 5 });
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['a INVALID_INPUT', 'a AUTH', 'b INVALID_INPUT', 'b ok']);
    assert.deepEqual(ctx.served.changed, ['max_tokens -> max_completion_tokens']);
  });

  test('a cancel goes nowhere else', async () => {
    const { clock, chat } = bench({ a: { answers: [{ body: [said('a'), SILENCE] }] }, b: { answers: [] } });
    const { ctx, events } = chat();
    events.catch(() => {});
    await settle();
    ctx.cancel.cancel(new Fault('cancelled', 'not wanted'));
    assert.equal((await faultOf(clock, events)).kind, 'cancelled');
    assert.deepEqual(places(ctx), ['a cancelled']);
  });
});

describe('the fault of a call', () => {
  test('is of the last failure that decides, and not of one that only could not serve it', async () => {
    const { clock, chat } = bench(
      { a: { answers: [refusal(500)] }, b: { answers: [refusal(401)] } },
      { maxRetries: 1 },
    );
    const fault = await faultOf(clock, chat().events);
    assert.deepEqual([fault.kind, fault.data.provider, fault.data.model], ['UPSTREAM', 'a', 'a-m']);
    assert.match(fault.message, /Tried 2 times: once at a \(a-m\), once at b \(b-m\)\.$/);
  });

  test('is of the preferred target when none could serve it', async () => {
    const { clock, chat } = bench({
      a: { answers: [refusal(429, { code: 'insufficient_quota' })] },
      b: { answers: [refusal(401)] },
    });
    const fault = await faultOf(clock, chat().events);
    assert.deepEqual([fault.kind, fault.data.provider], ['QUOTA', 'a']);
  });

  test("has the settings' names of its own provider", async () => {
    const names = { key: 'B_KEY', baseUrl: 'B_URL' };
    const { clock, chat } = bench({ b: { answers: [refusal(401)], names }, a: { answers: [refusal(404)] } });
    // Neither decides: the preferred one's is told.
    assert.equal((await faultOf(clock, chat().events)).data.next, 'Check B_KEY.');
  });
});

describe('deadlines', () => {
  const timeout = (totalMs: number): ProviderSettings['timeout'] => ({
    connectMs: 1000,
    firstTokenMs: 30_000,
    idleMs: 30_000,
    totalMs,
  });

  test('only shrink: the first target’s holds for all, a later one’s may bring it nearer', async () => {
    const hangs = { answers: [{ hangs: 'waiting' as const }] };
    const short = bench({ a: { ...hangs, timeout: timeout(40_000) }, b: { ...hangs, timeout: timeout(600_000) } });
    await faultOf(short.clock, short.chat().events);
    assert.equal(short.clock.now(), 40_000);
    const nearer = bench({ a: { ...hangs, timeout: timeout(600_000) }, b: { ...hangs, timeout: timeout(2000) } });
    await faultOf(nearer.clock, nearer.chat().events);
    assert.equal(nearer.clock.now(), 32_000);
  });
});

describe('the breaker', () => {
  const down = Array.from({ length: 5 }, () => refusal(500));
  const fine = Array.from({ length: 9 }, () => good);

  test('keeps calls away from a target that failed five times in a row, for 30 s, then lets one try', async () => {
    const { clock, chat } = bench({ a: { answers: [...down, refusal(500), good] }, b: { answers: fine } });
    const first = async (): Promise<string | undefined> => {
      const { ctx, events } = chat();
      await runOn(clock, events);
      return places(ctx)[0];
    };
    for (let i = 0; i < 5; i++) assert.equal(await first(), 'a UPSTREAM');
    assert.equal(await first(), 'b ok');
    clock.advance(30_000);
    assert.equal(await first(), 'a UPSTREAM', 'the probe');
    assert.equal(await first(), 'b ok');
    clock.advance(30_000);
    assert.equal(await first(), 'a ok');
  });

  test('lets a call through where there is no other target, and says so', async () => {
    const { clock, chat, router } = bench({ a: { answers: [...down, refusal(500), good] } }, { maxRetries: 4 });
    await faultOf(clock, chat().events);
    assert.deepEqual(router.explain('m').targets[0]?.notes, ['its circuit breaker is open']);
    const failed = bench({ a: { answers: [...down, refusal(500)] } }, { maxRetries: 5 });
    assert.match(
      (await faultOf(failed.clock, failed.chat().events)).message,
      /Tried 6 times at a \(a-m\)\. a was asked although its circuit breaker is open\.$/,
    );
    const { ctx, events } = chat();
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['a UPSTREAM', 'a ok']);
    assert.deepEqual(ctx.served.changed, ['routing: a (a-m) was asked although its circuit breaker is open']);
    assert.deepEqual(router.explain('m').targets[0]?.notes, [], 'a success closes it');
  });

  test('does not open for what the caller caused, nor for a limit', async () => {
    const { clock, chat, router } = bench({
      a: {
        answers: [...Array.from({ length: 3 }, () => refusal(400)), ...Array.from({ length: 4 }, () => refusal(429))],
      },
    });
    for (let i = 0; i < 4; i++) await faultOf(clock, chat().events);
    assert.deepEqual(router.explain('m').targets[0]?.notes, []);
  });
});

describe('limits of ours', () => {
  test('a provider without room for the call in time leaves it to the next one, and nothing is sent to it', async () => {
    const a = { answers: [good], rateLimits: { requestsPerMinute: 1 } };
    const { clock, router, asked } = bench({ a, b: { answers: [good] } });
    const ask = (): Promise<void> =>
      runOn(
        clock,
        router.models.chat({ model: 'm', messages: [] }, testContext(clock, 5000), () => {}),
      );
    await ask();
    await ask();
    assert.deepEqual([asked['a']?.asked.length, asked['b']?.asked.length], [1, 1]);
    assert.equal(clock.now(), 0);
  });

  test('sends that were refused take none of the tokens of a minute; a cut answer does', async () => {
    const refused = [refusal(503), refusal(429), { fails: new Fault('NETWORK', 'refused') }];
    const cut: ScriptedAnswer = { body: [said('Hel'), new Fault('INCOMPLETE', 'cut')] };
    const limits = { rateLimits: { tokensPerMinute: 1100 } };
    const well = bench({ a: { answers: [...refused, good], ...limits } });
    await runOn(well.clock, well.chat().events);
    assert.ok(well.clock.now() < 5000, `${well.clock.now()} ms of back-off, and no waiting for tokens`);
    const costly = bench({ a: { answers: [cut, good], ...limits } });
    await runOn(costly.clock, costly.chat().events);
    assert.ok(costly.clock.now() > 30_000, `${costly.clock.now()} ms`);
  });

  test('a call waits for room in the phase `queued`, and room is given back when the answer ended', async () => {
    const a = { answers: [{ body: [said('x'), { afterMs: 300 }, ended()] }, good], rateLimits: { concurrency: 1 } };
    const { clock, chat } = bench({ a });
    const [one, two] = [chat(), chat()];
    await runOn(clock, Promise.all([one.events, two.events]));
    assert.equal(clock.now(), 300);
    assert.equal(two.ctx.phases[0], 'queued 1');
    assert.deepEqual(places(two.ctx), ['a ok']);
  });
});

describe('a listener that hands on what it hears', () => {
  const cut: ScriptedAnswer = { body: [said('Hel'), new Fault('INCOMPLETE', 'The stream was cut.')] };

  test('is served by the next target as long as it has handed on nothing', async () => {
    const { clock, chat } = bench({ a: { answers: [cut] }, b: { answers: [good] } });
    const { ctx, events } = chat({}, { isMade: false });
    await runOn(clock, events);
    assert.deepEqual(places(ctx), ['a INCOMPLETE', 'b ok']);
  });

  test('is told how the answer ended, and no other is begun', async () => {
    const { clock, chat } = bench({ a: { answers: [cut] }, b: { answers: [good] } });
    const { ctx, events } = chat({}, { isMade: true });
    const fault = await faultOf(clock, events);
    assert.deepEqual(places(ctx), ['a INCOMPLETE']);
    assert.equal(
      fault.message,
      'The stream was cut. Tried once at a (a-m). A part of the answer was handed on already, so it was not asked for ' +
        'again. 3 characters of the answer were received.',
    );
  });
});
