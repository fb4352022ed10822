// Walks fixtures/dialects: each folder is one surprise of one upstream. `ask.json` is what is asked, `sent.http`
// the request it must become, `answer.http` the raw bytes that came back, and `events.ndjson` what they must be
// read as, however they are cut. Nothing is sent. GOLDEN=1 rewrites what we are expected to say.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Fault } from '../src/core/fault.ts';
import { isObject } from '../src/core/json.ts';
import { bodyKind, firstByteAt } from '../src/providers/attempt/body-kind.ts';
import type { ChatEvent } from '../src/providers/chat.ts';
import type { Ask, Dialect, Endpoint, Lessons, Sending, Sent } from '../src/providers/dialect.ts';
import { DIALECTS } from '../src/providers/dialects/table.ts';
import { pageFault } from '../src/providers/faults/refusal.ts';
import { lessonsOf } from './support/lessons.ts';
import { forSeeds, randomCuts } from './support/property.ts';
import { parseRawAnswer } from './support/raw-answer.ts';
import type { RawAnswer } from './support/raw-answer.ts';
import { root } from './support/root.ts';

const rewrites = process.env['GOLDEN'] === '1';

/** 2023-11-14T22:13:20Z, for the dates in headers. */
const WALL_MS = 1_700_000_000_000;
const RANDOM_CUTS = 20;

const folders = join(root, 'fixtures', 'dialects');
const cases = readdirSync(folders).flatMap((type) =>
  readdirSync(join(folders, type)).map((folder) => ({ name: `${type}/${folder}`, type, dialect: dialectOf(type) })),
);

assert.ok(cases.length > 100, 'the fixtures are not where they should be');

for (const { name, type, dialect } of cases) {
  test(name, () => {
    const folder = join(folders, name);
    const { ask, endpoint, lessons } = readAsk(folder, type);
    const sent = encoded(() => dialect.encode(ask, endpoint, lessons));
    if (sent instanceof Fault) {
      agree(join(folder, 'events.ndjson'), `${JSON.stringify(faultLine(sent))}\n`);
      return;
    }
    agree(join(folder, 'sent.http'), requestText(sent));
    const answer = parseRawAnswer(readFileSync(join(folder, 'answer.http')));
    const { status } = answer;
    const lines =
      status >= 200 && status < 300
        ? accepted(dialect, { ask, sending: sent }, answer)
        : refused(dialect, { ask, sending: sent }, answer);
    agree(join(folder, 'events.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
}

/** Folders are named after types of providers. */
function dialectOf(type: string): Dialect {
  const dialect = DIALECTS[type];
  assert.ok(dialect !== undefined, `no dialect is spoken by ${type}`);
  return dialect;
}

function readAsk(folder: string, type: string): { ask: Ask; endpoint: Endpoint; lessons: Lessons } {
  const { ask, endpoint, lessons } = JSON.parse(readFileSync(join(folder, 'ask.json'), 'utf8'));
  return {
    ask,
    endpoint: {
      provider: 'corp',
      type,
      baseUrl: 'https://llm.example.com/v1',
      apiKey: 'test-key',
      headers: {},
      query: {},
      ...endpoint,
    },
    lessons: lessonsOf(lessons),
  };
}

/** What cannot be asked is refused before anything is sent: such a case has no `sent.http` and no `answer.http`. */
function encoded(encode: () => Sending): Sending | Fault {
  try {
    return encode();
  } catch (thrown) {
    assert.ok(thrown instanceof Fault, `threw ${String(thrown)}`);
    return thrown;
  }
}

function requestText(sent: Sending): string {
  const url = new URL(sent.url);
  const fields = Object.entries({ host: url.host, ...sent.headers }).map(([name, value]) => `${name}: ${value}`);
  const changed = sent.changed.map((line) => `changed: ${line}`);
  return [`${sent.method} ${url.pathname}${url.search} HTTP/1.1`, ...fields, ...changed, '', sent.body ?? ''].join(
    '\n',
  );
}

/** Compares with the golden file, or rewrites it. */
function agree(file: string, actual: string): void {
  if (rewrites) writeFileSync(file, actual);
  assert.ok(existsSync(file), `${file} is missing: run with GOLDEN=1 and read what it wrote`);
  assert.equal(actual, readFileSync(file, 'utf8'));
}

function refused(dialect: Dialect, sent: Sent, answer: RawAnswer): unknown[] {
  const headers = { get: (name: string) => answer.headers.get(name) ?? null };
  const fault = dialect.fault(answer.status, headers, answer.body.toString('utf8'), WALL_MS);
  const mends = dialect.mend(fault, sent);
  return [{ ...faultLine(fault), ...(mends.length === 0 ? {} : { mends }) }];
}

function accepted(dialect: Dialect, sent: Sent, answer: RawAnswer): unknown[] {
  const { ask } = sent;
  const text = answer.body.toString('utf8');
  if (ask.op === 'models') return [caught(() => ({ ...dialect.decodeModels(text, 'corp') }))];
  if (ask.op === 'describe') {
    const model = { id: ask.model, provider: 'corp' };
    return [caught(() => ({ model: dialect.decodeModel?.(text, model) }))];
  }
  if (ask.op === 'embed') return [caught(() => ({ embeddings: dialect.decodeEmbeddings(text) }))];
  const start = firstByteAt(answer.body);
  const kind = bodyKind(
    answer.headers.get('content-type') ?? null,
    start === -1 ? undefined : answer.body,
    dialect.framing,
  );
  if (kind === 'page') return [faultLine(pageFault(text))];
  if (kind === 'reply') return wholeEvents(() => dialect.decode(sent, text));
  const whole = streamedEvents(dialect, sent, [answer.body]);
  const bytes = Array.from(answer.body, (_, i) => answer.body.subarray(i, i + 1));
  assert.deepEqual(streamedEvents(dialect, sent, bytes), whole, 'byte by byte');
  forSeeds(RANDOM_CUTS, (draw) => {
    assert.deepEqual(streamedEvents(dialect, sent, randomCuts(draw, answer.body, 40)), whole, 'cut at random');
  });
  return whole;
}

function wholeEvents(decode: () => ChatEvent[]): unknown[] {
  const line = caught(() => ({ events: decode() }));
  return 'events' in line && Array.isArray(line['events']) ? line['events'] : [line];
}

function streamedEvents(dialect: Dialect, sent: Sent, chunks: readonly Uint8Array[]): unknown[] {
  const decoder = dialect.decoder(sent);
  const events: ChatEvent[] = [];
  try {
    for (const chunk of chunks) events.push(...decoder.push(chunk));
    events.push(...decoder.end());
    // What followed the last events in the same bytes is thrown by the next push.
    events.push(...decoder.push(new Uint8Array(0)));
  } catch (thrown) {
    return [...joined(events), faultLine(thrown)];
  }
  return joined(events);
}

/** Neighbouring pieces of one text as one event: where they were cut is not part of the promise. */
function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const out: ChatEvent[] = [];
  for (const event of events) {
    const last = out.at(-1);
    if (event.type === 'tool' && last?.type === 'tool' && event.name === undefined && sameChannel(event, last)) {
      out[out.length - 1] = { ...last, arguments: last.arguments + event.arguments };
    } else if (isText(event) && last !== undefined && isText(last) && sameChannel(event, last)) {
      out[out.length - 1] = { ...last, text: last.text + event.text };
    } else out.push(event);
  }
  return out;
}

function isText(event: ChatEvent): event is Extract<ChatEvent, { type: 'text' | 'reasoning' }> {
  return event.type === 'text' || event.type === 'reasoning';
}

function sameChannel(a: ChatEvent, b: ChatEvent): boolean {
  const index = (event: ChatEvent): number => (event.type === 'tool' ? event.index : 0);
  const choice = (event: ChatEvent): number => ('choice' in event ? (event.choice ?? 0) : 0);
  return a.type === b.type && choice(a) === choice(b) && index(a) === index(b);
}

function caught(decode: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return decode();
  } catch (thrown) {
    return faultLine(thrown);
  }
}

function faultLine(thrown: unknown): Record<string, unknown> {
  assert.ok(thrown instanceof Fault, `threw ${String(thrown)}`);
  const { kind, message, retry, data, retryAfterMs } = thrown;
  assert.ok(isObject(data));
  return { fault: { kind, message, ...data, retry, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
}
