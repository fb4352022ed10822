// Whatever a client does with its streams (posts, leaves with part of what was sent still under way, comes back, does not
// read), every word and every answer reaches it once, in one place and in order, and what is kept for it is bounded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLog, EventShelf } from '../../src/transports/streamable/event-log.ts';
import type { TestExchange } from '../support/exchange.ts';
import { eventsOf, hold, McpOverHttp, settled } from '../support/mcp-http.ts';
import type { SentEvent } from '../support/mcp-http.ts';
import { at } from '../support/mcp.ts';
import { forSeeds, forSeedsAsync, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

/** One call, as its client sees it. */
class Call {
  readonly name: string;
  connection: TestExchange;
  /** Events that the client has got, over all connections. */
  readonly got: SentEvent[] = [];
  said = '';
  isFinished = false;
  #lost: TestExchange | undefined;

  constructor(name: string, connection: TestExchange) {
    this.name = name;
    this.connection = connection;
  }

  get lastId(): string {
    return this.got.at(-1)?.id ?? 'none';
  }

  /** The client gets some of what is under way to it, or all, and the connection is gone. */
  lose(draw: Draw, isNoticed = true): void {
    if (this.#lost === this.connection) return;
    this.#lost = this.connection;
    const events = eventsOf(this.connection.text);
    const first = this.got.length === 0 ? 1 : 0;
    this.got.push(...events.slice(0, first + integer(draw, events.length + 1 - first)));
    if (isNoticed) this.connection.leave();
  }
}

async function begin(http: McpOverHttp, headers: Record<string, string>, number: number): Promise<Call> {
  const name = `call${number}`;
  const connection = await http.post(hold(number, name, { _meta: { progressToken: name } }), headers);
  const call = new Call(name, connection);
  await say(http, call, 'first ');
  return call;
}

async function say(http: McpOverHttp, call: Call, word: string): Promise<void> {
  if (call.isFinished) return;
  call.said += `${call.name}:${word}`;
  void http.running.get(call.name)?.ctx.progress.text(`${call.name}:${word}`);
  await settled();
}

async function finish(http: McpOverHttp, call: Call): Promise<void> {
  call.isFinished = true;
  http.running.get(call.name)?.finish(`${call.name} is done`);
  await settled();
}

async function comeBack(http: McpOverHttp, headers: Record<string, string>, call: Call): Promise<void> {
  call.connection = await http.get({ ...headers, 'last-event-id': call.lastId });
  assert.equal(call.connection.status, 200);
}

function check(call: Call): void {
  const messages = call.got.filter(({ data }) => data !== '').map(({ data = '' }): unknown => JSON.parse(data));
  const answers = messages.filter((one) => at(one, 'result') !== undefined);
  assert.deepEqual(
    answers.map((one) => at(one, 'result', 'content', 0, 'text')),
    [`${call.name} is done`],
  );
  assert.equal(messages.at(-1), answers[0]);
  const words = messages.slice(0, -1).map((one) => at(one, 'params', 'message'));
  assert.equal(words.join(''), call.said);
  const [stream] = call.lastId.split('-');
  assert.deepEqual(
    call.got.map(({ id }) => id),
    call.got.map((_, seq) => `${stream}-${seq}`),
  );
}

test('every word and every answer arrives once, in order, on the stream of its call', async () => {
  await forSeedsAsync(60, async (draw) => {
    const http = new McpOverHttp();
    const headers = await http.session();
    const calls: Call[] = [];
    for (let number = 1; number <= 3; number++) calls.push(await begin(http, headers, number));
    for (let step = 0; step < 40; step++) {
      const call = oneOf(draw, calls);
      switch (integer(draw, 6)) {
        case 0:
        case 1:
          await say(http, call, `${step} `);
          break;
        case 2:
          call.lose(draw);
          break;
        case 3:
          call.lose(draw, draw() < 0.7);
          await comeBack(http, headers, call);
          break;
        case 4:
          if (draw() < 0.5) call.connection.fill();
          else call.connection.drain();
          await settled();
          break;
        default:
          if (draw() < 0.2) await finish(http, call);
      }
    }
    for (const call of calls) {
      if (!call.isFinished) await finish(http, call);
      call.lose(draw);
      await comeBack(http, headers, call);
      await settled();
      assert.equal(call.connection.state, 'whole');
      call.got.push(...eventsOf(call.connection.text));
      check(call);
    }
  });
});

test('logs stay within their bounds, and lose answers last', () => {
  forSeeds(200, (draw) => {
    const bounds = { events: 20, bytes: 20_000 };
    const shelf = new EventShelf(60_000);
    const logs = Array.from({ length: 6 }, () => new EventLog(shelf, bounds));
    for (let seq = 1; seq <= 400; seq++) {
      const log = oneOf(draw, logs);
      const isAnswer = draw() < 0.05;
      const line = 'x'.repeat(integer(draw, isAnswer ? 200 : 3000));
      const answers = answersIn(log);
      log.add({ stream: integer(draw, 3), seq, head: 'h', line, isAnswer });
      assert.ok(log.size <= bounds.events && log.bytes <= bounds.bytes);
      assert.ok(shelf.bytes <= 60_000 && shelf.bytes >= 0);
      assert.ok(log.size === 0 || answersIn(log) >= answers || noticesIn(log) <= 1);
      if (draw() < 0.05) log.forget(integer(draw, 3));
      if (draw() < 0.05) log.after(integer(draw, 3), integer(draw, seq));
    }
    for (const log of logs) log.clear();
    assert.equal(shelf.bytes, 0);
  });
});

const streams = [0, 1, 2];

function answersIn(log: EventLog): number {
  return streams.flatMap((stream) => log.after(stream, 0)).filter(({ isAnswer }) => isAnswer).length;
}

function noticesIn(log: EventLog): number {
  return log.size - answersIn(log);
}
