// Every refusal of WIRE.md 5.1 that is recorded (fixtures/dialects/*/84-*), all the way through the retry loop to
// what a caller is told: a code of the closed set, provider, model, status, the id of the request where there was
// one, and one next step.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accountOf } from '../src/protocol/errors.ts';
import type { Ask } from '../src/providers/dialect.ts';
import { DIALECTS } from '../src/providers/dialects/table.ts';
import { FakeClock } from './support/clock.ts';
import { testContext } from './support/model-context.ts';
import { parseRawAnswer } from './support/raw-answer.ts';
import { root } from './support/root.ts';
import { testModels } from './support/router.ts';
import { faultOf, ScriptedFetch } from './support/scripted-fetch.ts';

const CODES =
  /^(?:INVALID_INPUT|AUTH|MODEL_NOT_FOUND|CONTEXT_TOO_LONG|RATE_LIMITED|QUOTA|TIMEOUT|UPSTREAM|CONTENT_FILTER|NETWORK|OVERLOADED)$/;

const folders = join(root, 'fixtures', 'dialects');
const cases = readdirSync(folders).flatMap((type) =>
  readdirSync(join(folders, type))
    .filter((name) => name.startsWith('84-'))
    .map((name) => ({ type, name })),
);

assert.ok(cases.length > 40, 'the fixtures are not where they should be');

for (const { type, name } of cases) {
  test(`${type}/${name} is told with every fact`, async () => {
    const folder = join(folders, type, name);
    const answer = parseRawAnswer(readFileSync(join(folder, 'answer.http')));
    // An error in the stream has no status of its own, and is read in the unit tests.
    if (answer.status < 400) return;
    const { ask } = JSON.parse(readFileSync(join(folder, 'ask.json'), 'utf8')) as { ask: Ask };
    const headers = Object.fromEntries(answer.headers);
    const error = await told(type, ask, { status: answer.status, headers, body: [answer.body.toString('utf8')] });
    assert.match(String(error['code']), CODES);
    assert.deepEqual([error['provider'], error['model'], error['status']], ['corp', 'm', answer.status]);
    assert.match(String(error['next']), /^[A-Z].{9,}[.!?]$/);
    const id = Object.entries(headers).find(([field]) => /^(?:x-|apim-)?request-id$/.test(field))?.[1];
    if (id !== undefined) assert.equal(error['request_id'], id);
  });
}

interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly string[];
}

/** The error object of a call that is refused like this, with no retry left. */
async function told(type: string, ask: Ask, refusal: Refusal): Promise<Record<string, unknown>> {
  const dialect = DIALECTS[type];
  assert.ok(dialect !== undefined);
  const clock = new FakeClock();
  // A second one for a request that is mended.
  const { fetch } = new ScriptedFetch(clock, [refusal, refusal]);
  const timeout = { connectMs: 10_000, idleMs: 30_000, totalMs: 600_000 };
  const corp = { type, dialect, baseUrl: 'https://llm.example.com', timeout };
  const models = testModels({ clock, fetch, providers: { corp }, maxRetries: 0 });
  const ctx = testContext(clock);
  const fault = await faultOf(clock, asked(ask));
  return accountOf(fault, (text) => text)?.error ?? {};

  async function asked(question: Ask): Promise<unknown> {
    if (question.op === 'chat') return models.chat({ ...question.request, model: 'm' }, ctx, () => {});
    if (question.op === 'complete') return models.complete({ ...question.request, model: 'm' }, ctx, () => {});
    if (question.op === 'embed') return models.embed({ ...question.request, model: 'm' }, ctx);
    throw new TypeError('a fixture of an error that asks no model');
  }
}
