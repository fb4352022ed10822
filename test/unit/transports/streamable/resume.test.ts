// Streams that a client loses and comes back to: what is replayed, and what is not.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventsOf, hold, McpOverHttp, messagesOf, settled } from '../../../support/mcp-http.ts';
import type { TestExchange } from '../../../support/exchange.ts';
import { at } from '../../../support/mcp.ts';

const TOKEN = { _meta: { progressToken: 't' } };

interface Scene {
  readonly http: McpOverHttp;
  readonly headers: Record<string, string>;
  readonly answer: TestExchange;
  readonly say: (text: string) => Promise<void>;
  readonly finish: (text: string) => Promise<void>;
}

/** A call that has said one word. */
async function scene(revision = '2025-11-25'): Promise<Scene> {
  const http = new McpOverHttp();
  const headers = await http.session(revision);
  const answer = await http.post(hold(1, 'a', TOKEN), headers);
  const say = async (text: string): Promise<void> => {
    void http.running.get('a')?.ctx.progress.text(text);
    await settled();
  };
  const finish = async (text: string): Promise<void> => {
    http.running.get('a')?.finish(text);
    await settled();
  };
  await say('one ');
  return { http, headers, answer, say, finish };
}

const said = (exchange: TestExchange): unknown[] =>
  messagesOf(exchange.text).map((one) => at(one, 'params', 'message') ?? at(one, 'result', 'content', 0, 'text'));

describe('a stream', () => {
  test('begins with an event that says nothing, in 2025-11-25 only', async () => {
    const { answer } = await scene();
    assert.deepEqual(eventsOf(answer.text)[0], { id: '1-0', retry: '1000', data: '' });
    for (const revision of ['2025-03-26', '2025-06-18']) {
      assert.equal(eventsOf((await scene(revision)).answer.text)[0]?.id, '1-1');
    }
  });

  test('is not taken up behind an event that was never said, and keeps what it has', async () => {
    const { http, headers, answer, say } = await scene();
    answer.leave();
    await say('two ');
    for (const id of ['1-3', '1-999999999', '1-01x', '0-1', '2-0', '1', '', '1-', '-1', '1-1, 1-1']) {
      assert.equal((await http.get({ ...headers, 'last-event-id': id })).status, 400, id);
    }
    assert.deepEqual(said(await http.get({ ...headers, 'last-event-id': '1-0' })), ['one ', 'two ']);
  });

  test('R-83 that is lost goes on, and is taken up where it was left', async () => {
    const { http, headers, answer, say, finish } = await scene();
    answer.leave();
    await say('two ');
    assert.equal(http.running.get('a')?.ctx.cancel.reason, undefined);
    const again = await http.get({ ...headers, 'last-event-id': '1-1' });
    assert.deepEqual(said(again), ['two ']);
    await finish('one two');
    assert.deepEqual(said(again), ['two ', 'one two']);
    assert.equal(again.state, 'whole');
    assert.deepEqual(
      eventsOf(again.text).map(({ id }) => id),
      ['1-2', '1-3'],
    );
  });

  test('that is over is replayed to its end', async () => {
    const { http, headers, answer, say, finish } = await scene();
    answer.leave();
    await say('two ');
    await finish('one two');
    const again = await http.get({ ...headers, 'last-event-id': '1-0' });
    assert.deepEqual(said(again), ['one ', 'two ', 'one two']);
    assert.equal(again.state, 'whole');
  });

  test('is on one connection at a time', async () => {
    const { http, headers, answer, say } = await scene();
    const again = await http.get({ ...headers, 'last-event-id': '1-1' });
    assert.equal(answer.state, 'whole');
    await say('two ');
    assert.deepEqual([said(answer), said(again)], [['one '], ['two ']]);
  });

  test('R-83 without an id to come back with ends with its client', async () => {
    const http = new McpOverHttp();
    const answer = await http.post(hold(1, 'a'), await http.session());
    answer.leave();
    await settled();
    assert.equal(http.running.get('a')?.ctx.cancel.reason?.kind, 'cancelled');
  });

  test('without a session ends with its client', async () => {
    const http = new McpOverHttp();
    const answer = await http.post(hold(1, 'a', TOKEN));
    void http.running.get('a')?.ctx.progress.text('one ');
    answer.leave();
    await settled();
    assert.equal(http.running.get('a')?.ctx.cancel.reason?.kind, 'cancelled');
  });

  test('lets a client go that asks again, where it can', async () => {
    const http = new McpOverHttp();
    const headers = await http.session();
    const answer = await http.post(hold(1, 'a'), headers);
    http.running.get('a')?.ctx.closeStream?.();
    assert.deepEqual([answer.state, eventsOf(answer.text)], ['whole', [{ id: '1-0', retry: '1000', data: '' }]]);
    http.running.get('a')?.finish('done');
    await settled();
    assert.deepEqual(said(await http.get({ ...headers, 'last-event-id': '1-0' })), ['done']);
    const older = await scene('2025-06-18');
    older.http.running.get('a')?.ctx.closeStream?.();
    assert.equal(older.answer.state, 'open');
  });

  test('is forgotten five minutes after its end', async () => {
    const { http, headers, finish } = await scene();
    await finish('done');
    http.clock.advance(7 * 60_000);
    assert.equal((await http.get({ ...headers, 'last-event-id': '1-1' })).status, 400);
  });
});

describe('an id', () => {
  for (const id of ['', '1', '2-1', '1-x', '-1', '999999999-1', '1-1 ', '1-1, 1-1', '../0-1', '9'.repeat(5000)]) {
    test(`${JSON.stringify(id.slice(0, 20))} that is none of ours is refused`, async () => {
      const { http, headers } = await scene();
      assert.equal((await http.get({ ...headers, 'last-event-id': id })).status, 400);
    });
  }

  test('of another session is none of ours', async () => {
    const { http } = await scene();
    const others = await http.session();
    assert.equal((await http.get({ ...others, 'last-event-id': '1-1' })).status, 400);
  });
});

describe('a client that does not read', () => {
  test('finds notices merged, and no text lost', async () => {
    const { answer, say, finish } = await scene();
    answer.fill();
    await say('two ');
    for (const word of ['three ', 'four ', 'five ']) await say(word);
    answer.drain();
    await settled();
    await finish('done');
    assert.deepEqual(said(answer), ['one ', 'two ', 'three four five ', 'done']);
  });

  test('stops what it asked for, and no more', async () => {
    const { http, answer } = await scene();
    answer.fill();
    const tell = (text: string): void | Promise<void> => http.running.get('a')?.ctx.progress.text(text);
    void tell('two ');
    await settled();
    let told = 0;
    let room: void | Promise<void> = undefined;
    for (; room === undefined && told < 100; told++) room = tell('x'.repeat(60_000));
    assert.ok(told < 20, `${told} times 60,000 characters are queued`);
    answer.leave();
    await room;
  });
});
