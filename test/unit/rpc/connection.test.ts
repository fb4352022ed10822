import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { LongText } from '../../../src/core/json.ts';
import { silentLog } from '../../../src/core/log.ts';
import { Connection } from '../../../src/rpc/connection.ts';
import type { ConnectionOptions } from '../../../src/rpc/connection.ts';
import type { ConnectionHandlers, RpcContext } from '../../../src/rpc/handlers.ts';
import type { Notification, Request } from '../../../src/wire/jsonrpc.ts';
import { FakeClock } from '../../support/clock.ts';
import { ScriptedLink } from '../../support/scripted-link.ts';
import { settled } from '../../support/slow-sink.ts';

const CODES: Readonly<Record<string, number>> = {
  parse: -32700,
  'invalid-request': -32600,
  'invalid-params': -32602,
  internal: -32603,
};

/** A request that waits until the test answers it. */
interface Pending {
  readonly request: Request;
  readonly ctx: RpcContext;
  readonly answer: (result: unknown) => Promise<void>;
  readonly fail: (thrown: unknown) => Promise<void>;
}

/** A conversation with methods `now` (answers its params), `throw`, `wait` (until the test says), `big`. */
class Scene {
  readonly link = new ScriptedLink();
  readonly clock = new FakeClock();
  readonly waiting: Pending[] = [];
  readonly heard: Notification[] = [];
  refusal: Fault | undefined;
  readonly connection: Connection;
  readonly over: Promise<void>;
  isOver = false;

  constructor(options: ConnectionOptions = {}) {
    const { link, clock } = this;
    this.connection = new Connection({ link, clock, handlers: this.#handlers(), log: silentLog, options });
    this.over = this.#run();
  }

  async #run(): Promise<void> {
    await this.connection.run();
    this.isOver = true;
  }

  /** The peer sends these lines in one go, and everything that can happen has happened. */
  async says(...lines: readonly unknown[]): Promise<void> {
    this.link.read(...lines);
    await settled();
  }

  /** What was sent since the last time. */
  get sent(): unknown[] {
    return this.link.sent.splice(0);
  }

  pending(id: unknown): Pending {
    const [found] = this.waiting.filter(({ request }) => request.id === id).slice(-1);
    if (found === undefined) throw new Error(`no request ${String(id)} waits`);
    return found;
  }

  get started(): unknown[] {
    return this.waiting.map(({ request }) => request.id);
  }

  #handlers(): ConnectionHandlers {
    return {
      request: (request, ctx) => this.#handle(request, ctx),
      notification: (notification) => {
        this.heard.push(notification);
        if (notification.method === 'throw') throw new Error('in a notification');
      },
      cancels: ({ method, params }) => (method === 'cancel' ? (params as { id?: number }).id : undefined),
      cancellable: (method) => method !== 'now',
      refuseBatch: () => this.refusal,
      error: ({ kind, message }) => ({ code: CODES[kind] ?? -31000, message: kind === 'internal' ? message : kind }),
    };
  }

  #handle(request: Request, ctx: RpcContext): unknown {
    switch (request.method) {
      case 'now':
        return request.params;
      case 'throw':
        throw new Error('secret');
      case 'big':
        return { text: 'x'.repeat((request.params as { size: number }).size) };
      default:
        return new Promise((resolve, reject) => {
          this.waiting.push({
            request,
            ctx,
            answer: (result) => (resolve(result), settled()),
            fail: (thrown) => (reject(thrown), settled()),
          });
        });
    }
  }
}

const ask = (id: unknown, method = 'wait', params?: unknown): unknown => ({ jsonrpc: '2.0', id, method, params });
const cancel = (id?: unknown): unknown => ({ jsonrpc: '2.0', method: 'cancel', params: { id } });
const result = (id: unknown, value: unknown = {}): unknown => ({ jsonrpc: '2.0', id, result: value });
const error = (id: unknown, code: number, message: string): unknown => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

describe('requests', () => {
  test('are answered under their own id, typed as it came (R-22)', async () => {
    const scene = new Scene();
    await scene.says(ask(1, 'now', { a: 1 }), ask('1', 'now', { a: 2 }), ask(0, 'now'));
    assert.deepEqual(scene.sent, [result(1, { a: 1 }), result('1', { a: 2 }), result(0)]);
  });

  test('answered at once wait for no turn of the event loop', async () => {
    const scene = new Scene();
    scene.link.read(ask(1, 'now'));
    for (let microtask = 0; microtask < 3; microtask++) await Promise.resolve();
    assert.deepEqual(scene.sent, [result(1)]);
  });

  test('run side by side; a slow one holds up nothing (R-65)', async () => {
    const scene = new Scene();
    await scene.says(ask(1), ask(2), ask(3, 'now'));
    await scene.pending(2).answer({ b: 2 });
    await scene.pending(1).answer(undefined);
    assert.deepEqual(scene.sent, [result(3), result(2, { b: 2 }), result(1)]);
  });

  test('that throw are answered with an error that says nothing of the cause', async () => {
    const scene = new Scene();
    await scene.says(ask(1, 'throw'), ask(2));
    await scene.pending(2).fail('not even an error');
    const internal = 'Internal error.';
    assert.deepEqual(scene.sent, [error(1, -32603, internal), error(2, -32603, internal)]);
  });

  test('whose result cannot be encoded are answered with an error', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    await scene.pending(1).answer(circular);
    assert.deepEqual(scene.sent, [error(1, -32603, 'Internal error.')]);
  });

  test('with an id in flight are refused, and the first is answered (R-25)', async () => {
    const scene = new Scene();
    await scene.says(ask(1), ask(1));
    await scene.pending(1).answer({ first: true });
    await scene.says(ask(1, 'now', { again: true }));
    assert.deepEqual(scene.sent, [
      error(1, -32600, 'invalid-request'),
      result(1, { first: true }),
      result(1, { again: true }),
    ]);
  });

  test('above the limit are told so, and what is answered at once still is (R-65)', async () => {
    const scene = new Scene({ maxInFlight: 2 });
    await scene.says(ask(1), ask(2), ask(3), ask(4, 'now'));
    const crowded = [1, 2, 3].map((id) => scene.pending(id).ctx.isCrowded);
    assert.deepEqual(crowded, [false, false, true]);
    assert.deepEqual(scene.sent, [result(4)]);
  });
});

describe('what is not a request', () => {
  test('malformed lines are answered and harm nothing after them (R-19, R-20, R-23, R-24, R-30)', async () => {
    const scene = new Scene();
    const lines = ['{oops', '1', ask(null, 'now'), ask(1.5, 'now'), { id: 99, method: 'now' }, ask(2, 'now', 5)];
    await scene.says(...lines, ask(3, 'now'));
    assert.deepEqual(scene.sent, [
      error(null, -32700, 'parse'),
      error(null, -32600, 'invalid-request'),
      error(null, -32600, 'invalid-request'),
      error(1.5, -32600, 'invalid-request'),
      error(99, -32600, 'invalid-request'),
      error(2, -32602, 'invalid-params'),
      result(3),
    ]);
  });

  test('notifications and responses are never answered (R-21)', async () => {
    const scene = new Scene();
    const wrong = [{ method: 'n' }, { jsonrpc: '2.0', method: 'n', params: 5 }, result(9)];
    await scene.says(
      { jsonrpc: '2.0', method: 'hello', params: { a: 1 } },
      { jsonrpc: '2.0', method: 'throw' },
      ...wrong,
    );
    assert.deepEqual(scene.sent, []);
    assert.deepEqual(
      scene.heard.map(({ method }) => method),
      ['hello', 'throw'],
    );
  });
});

describe('notifications of a request', () => {
  test('are sent while it runs and dropped when it is answered', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    const { ctx, answer } = scene.pending(1);
    void ctx.notify('n', { a: 1 });
    void ctx.notice({
      owner: {},
      text: 't',
      progress: 2,
      encode: (text, progress) => JSON.stringify({ text, progress }),
    });
    await answer({});
    void ctx.notify('n', { a: 2 });
    void ctx.notice({ owner: {}, text: 't', progress: 3, encode: () => '"late"' });
    assert.deepEqual(scene.sent, [
      { jsonrpc: '2.0', method: 'n', params: { a: 1 } },
      { text: 't', progress: 2 },
      result(1),
    ]);
  });

  test('answer the promise of a link without room', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    const { ctx } = scene.pending(1);
    assert.equal(ctx.notify('n', {}), undefined);
    scene.link.stall();
    assert.ok(ctx.notify('n', {}) instanceof Promise);
  });

  test('survive a context that is copied or taken apart', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    const { notify } = { ...scene.pending(1).ctx };
    void notify('n', {});
    assert.equal(scene.sent.length, 1);
  });
});

describe('a cancel', () => {
  test('aborts at once, and nothing more is said of the request (R-63)', async () => {
    const scene = new Scene();
    await scene.says(ask(1), ask(2));
    const { ctx, answer } = scene.pending(1);
    const reasons: string[] = [];
    ctx.cancel.onCancel(({ kind }) => reasons.push(kind));
    await scene.says(cancel(1));
    assert.deepEqual([reasons, ctx.cancel.reason?.kind], [['cancelled'], 'cancelled']);
    void ctx.notify('n', {});
    await answer({});
    await scene.pending(2).answer({});
    assert.deepEqual(scene.sent, [result(2)]);
    assert.deepEqual(scene.heard, []);
  });

  test('of something unknown, finished, malformed or not cancellable is ignored (R-64)', async () => {
    const scene = new Scene();
    await scene.says(cancel(5), cancel('x'), cancel(), cancel(null), ask(1));
    await scene.pending(1).answer({});
    await scene.says(cancel(1), ask(2, 'now'), cancel(2));
    assert.deepEqual(scene.sent, [result(1), result(2)]);
  });

  test('does not confuse 1 and "1"', async () => {
    const scene = new Scene();
    await scene.says(ask(1), cancel('1'));
    assert.equal(scene.pending(1).ctx.cancel.reason, undefined);
  });

  test('frees the id, and the late answer of the first does not answer the second', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    const first = scene.pending(1);
    await scene.says(cancel(1), ask(1));
    await first.answer({ late: true });
    await scene.pending(1).answer({ fresh: true });
    assert.deepEqual(scene.sent, [result(1, { fresh: true })]);
  });

  test('a handler that ends as cancelled by itself is not answered either', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    await scene.pending(1).fail(new Fault('cancelled', 'stop'));
    assert.deepEqual(scene.sent, []);
  });

  test('whose listener throws ends the request all the same', async () => {
    const scene = new Scene();
    await scene.says(ask(1), ask(2));
    scene.pending(1).ctx.cancel.onCancel(() => {
      throw new Error('in a listener');
    });
    await scene.says(cancel(1), ask(3, 'now'));
    assert.deepEqual(scene.sent, [result(3)]);
  });
});

describe('a batch', () => {
  test('is answered with one array, in order, when the last is there (R-26)', async () => {
    const scene = new Scene();
    await scene.says([ask(1), ask(2, 'now'), { jsonrpc: '2.0', method: 'n' }, ask(null, 'now'), result(8)]);
    assert.equal(scene.pending(1).ctx.inBatch, true);
    assert.deepEqual(scene.sent, []);
    await scene.pending(1).answer({ a: 1 });
    assert.deepEqual(scene.sent, [[result(1, { a: 1 }), result(2), error(null, -32600, 'invalid-request')]]);
    assert.equal(scene.heard.length, 1);
  });

  test('of notifications is not answered (R-27)', async () => {
    const scene = new Scene();
    await scene.says([{ jsonrpc: '2.0', method: 'n' }, { jsonrpc: '2.0', method: 'throw' }, { method: 'n' }]);
    assert.deepEqual([scene.sent, scene.heard.length], [[], 2]);
  });

  test('that is refused is answered once, and none of it runs (R-28)', async () => {
    const scene = new Scene();
    scene.refusal = new Fault('invalid-request', 'no batches');
    await scene.says([ask(1), ask(2)], []);
    assert.deepEqual(scene.sent, [error(null, -32600, 'invalid-request'), error(null, -32600, 'invalid-request')]);
    assert.deepEqual(scene.started, []);
  });

  test('lets its members be cancelled, by itself too', async () => {
    const scene = new Scene();
    await scene.says([ask(1), ask(2), cancel(2)], [ask(3)]);
    await scene.says(cancel(3));
    await scene.pending(1).answer({});
    assert.deepEqual(scene.sent, [[result(1)]]);
  });

  test('may hold an answer too long for one piece', async () => {
    const scene = new Scene();
    await scene.says([ask(1), ask(1)]);
    const text = 'é'.repeat(100_000);
    await scene.pending(1).answer({ text: new LongText([text]) });
    assert.deepEqual(scene.sent, [[result(1, { text }), error(1, -32600, 'invalid-request')]]);
  });
});

describe('the end of the peer`s side', () => {
  test('closes at once when there is nothing to do', async () => {
    const scene = new Scene();
    await scene.says(ask(1, 'now'));
    scene.link.incoming.end();
    await settled();
    assert.deepEqual([scene.isOver, scene.link.closes, scene.clock.pending], [true, [1750], 0]);
  });

  test('lets what was read finish (R-66)', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    scene.link.incoming.end();
    await settled();
    scene.clock.advance(1000);
    await settled();
    assert.equal(scene.isOver, false);
    await scene.pending(1).answer({});
    assert.deepEqual([scene.sent, scene.isOver, scene.link.closes], [[result(1)], true, [750]]);
    assert.equal(scene.clock.pending, 0);
  });

  test('cancels what is not finished after 1.5 s, within 2 s altogether (R-66)', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    scene.link.incoming.end();
    await settled();
    scene.clock.advance(1499);
    await settled();
    assert.equal(scene.pending(1).ctx.cancel.reason, undefined);
    scene.clock.advance(1);
    await settled();
    assert.equal(scene.pending(1).ctx.cancel.reason?.kind, 'cancelled');
    await scene.pending(1).answer({});
    assert.deepEqual([scene.sent, scene.isOver, scene.link.closes], [[], true, [250]]);
  });
});

describe('stop', () => {
  test('cancels everything with its reason and closes (R-67)', async () => {
    const scene = new Scene();
    await scene.says(ask(1), [ask(2)]);
    const why = new Fault('cancelled', 'The server is told to stop.');
    scene.connection.stop(why);
    scene.connection.stop(new Fault('cancelled', 'again'));
    assert.deepEqual([scene.pending(1).ctx.cancel.reason, scene.pending(2).ctx.cancel.reason], [why, why]);
    await scene.over;
    assert.deepEqual([scene.sent, scene.link.closes[0], scene.clock.pending], [[], 250, 0]);
  });

  test('ends a grace that is running', async () => {
    const scene = new Scene();
    await scene.says(ask(1));
    scene.link.incoming.end();
    await settled();
    scene.connection.stop(new Fault('cancelled', 'now'));
    await scene.over;
    assert.equal(scene.clock.pending, 0);
  });

  test('starts nothing of what was read and not yet looked at', async () => {
    const scene = new Scene();
    scene.link.read(ask(1));
    scene.link.read(ask(2));
    scene.connection.stop(new Fault('cancelled', 'now'));
    await scene.over;
    assert.deepEqual(scene.started, []);
  });
});

describe('a peer that does not read', () => {
  const options = { holdAtBytes: 1000, closeAtBytes: 5000 };

  test('has its requests held, but not its cancels', async () => {
    const scene = new Scene(options);
    await scene.says(ask(1));
    scene.link.stall();
    await scene.says(
      ask(2, 'big', { size: 1000 }),
      ask(3),
      ask(4),
      { jsonrpc: '2.0', method: 'n' },
      cancel(1),
      cancel(3),
    );
    assert.equal(scene.pending(1).ctx.cancel.reason?.kind, 'cancelled');
    assert.deepEqual([scene.started, scene.heard], [[1], []]);
    scene.link.catchUp();
    await settled();
    assert.deepEqual([scene.started, scene.heard.length], [[1, 4], 1]);
  });

  test('gets held requests in order, as far as it reads', async () => {
    const scene = new Scene(options);
    scene.link.stall();
    const four = [1, 2, 3, 4].map((id) => ask(id, 'big', { size: 600 }));
    await scene.says(...four);
    assert.equal(scene.sent.length, 2);
    scene.link.catchUp();
    scene.link.stall();
    await settled();
    assert.deepEqual(
      scene.sent.map((message) => (message as { id: number }).id),
      [3, 4],
    );
  });

  test('gets one answer of any size', async () => {
    const scene = new Scene(options);
    scene.link.stall();
    await scene.says(ask(1, 'big', { size: 100_000 }), ask(2, 'now'));
    assert.equal(scene.isOver, false);
    assert.equal(scene.sent.length, 1);
  });

  test('is let go when too much is queued beside that', async () => {
    const scene = new Scene(options);
    await scene.says(ask(1), ask(2), ask(3));
    scene.link.stall();
    await scene.says(ask(4, 'big', { size: 100_000 }));
    await scene.pending(1).answer({ text: 'x'.repeat(4000) });
    assert.equal(scene.isOver, false);
    await scene.pending(2).answer({ text: 'x'.repeat(4000) });
    assert.equal(scene.isOver, true);
    assert.equal(scene.pending(3).ctx.cancel.reason?.kind, 'OVERLOADED');
  });

  test('is let go when too much of its input is held', async () => {
    const scene = new Scene(options);
    scene.link.stall();
    await scene.says(ask(1, 'big', { size: 1000 }));
    await scene.says(ask(2, 'now', { text: 'x'.repeat(3000) }));
    assert.equal(scene.isOver, false);
    await scene.says(ask(3, 'now', { text: 'x'.repeat(3000) }));
    assert.equal(scene.isOver, true);
  });

  test('has its held requests answered within the grace when it reads again', async () => {
    const scene = new Scene(options);
    scene.link.stall();
    await scene.says(ask(1, 'big', { size: 1000 }), ask(2, 'now'));
    scene.link.incoming.end();
    await settled();
    assert.equal(scene.isOver, false);
    scene.link.catchUp();
    await settled();
    assert.deepEqual([scene.sent.length, scene.isOver], [2, true]);
  });
});
