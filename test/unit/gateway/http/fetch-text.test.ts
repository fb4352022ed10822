// Tests of gateway/http/fetch-text.ts: one text from an address, and what is too slow, too large or no answer.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { openFetchText, textBy } from '../../../../src/gateway/http/fetch-text.ts';
import { readConfig } from '../../../../src/config/env.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { FakeClock } from '../../../support/clock.ts';
import { listen } from '../../../support/loopback.ts';
import { SILENCE, ScriptedFetch } from '../../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../../support/scripted-fetch.ts';

const URL = 'https://login.corp.example/jwks';

function scripted(answer: ScriptedAnswer): { upstream: ScriptedFetch; clock: FakeClock; text: Promise<string> } {
  const clock = new FakeClock();
  const upstream = new ScriptedFetch(clock, [answer]);
  return { upstream, clock, text: textBy(upstream.fetch, clock)(URL) };
}

async function failure(text: Promise<string>): Promise<string> {
  const thrown: unknown = await text.then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof Fault);
  return `${thrown.kind} ${thrown.message}`;
}

test('the text whole, whatever pieces it comes in, and no clock left running', async () => {
  const { text, clock, upstream } = scripted({ body: ['{"keys":', '[]}'] });
  assert.equal(await text, '{"keys":[]}');
  assert.equal(clock.pending, 0);
  assert.equal(upstream.asked[0]?.headers['authorization'], undefined);
});

test('no other status is an answer, a redirect neither', async () => {
  for (const status of [301, 302, 404, 500, 204]) {
    const { text } = scripted({ status, headers: { location: 'http://evil.example' }, body: ['{"keys":[]}'] });
    assert.equal(await failure(text), `UPSTREAM The answer was HTTP ${status}.`);
  }
});

test('an answer without an end is cut, and its connection left', async () => {
  const { text, upstream, clock } = scripted({ body: Array.from({ length: 300 }, () => 'x'.repeat(1024)) });
  assert.equal(await failure(text), 'UPSTREAM The answer is larger than 256 KB.');
  assert.equal(upstream.asked[0]?.ended, 'left');
  assert.equal(clock.pending, 0);
});

test('one that does not come in time is not waited for', async () => {
  for (const answer of [{ hangs: 'waiting' }, { body: ['{', SILENCE] }] as const) {
    const { text, clock } = scripted(answer);
    const failed = failure(text);
    clock.advance(5000);
    assert.equal(await failed, 'TIMEOUT There was no whole answer within 5 s.');
  }
});

test('through either client, and without a connection left open', async (t) => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.accept}`);
    response.end('{"keys":[]}');
  });
  const port = await listen(t, server);
  for (const client of ['pooled', 'fetch']) {
    const read = readConfig({
      env: { UPSTREAM_CLIENT: client },
      flags: new Map(),
      openSecret: () => ({ problem: 'is not there' }),
      readText: () => ({ problem: 'is not there' }),
      isFolder: () => false,
      secrets: new Secrets(),
    });
    assert.ok('config' in read);
    const { fetchText, close } = openFetchText(read.config, systemClock);
    assert.equal(await fetchText(`http://127.0.0.1:${port}/jwks`), '{"keys":[]}');
    close();
  }
  const asked = 'GET /jwks application/jwk-set+json, application/json';
  assert.deepEqual(seen, [asked, asked]);
});
