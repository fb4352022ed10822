import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { silentLog } from '../../../src/core/log.ts';
import { Conversation } from '../../../src/rpc/conversation.ts';
import type { ConnectionHandlers, RpcContext } from '../../../src/rpc/handlers.ts';
import { FakeClock } from '../../support/clock.ts';
import { ScriptedLink } from '../../support/scripted-link.ts';
import { settled } from '../../support/slow-sink.ts';

/** Methods: `ask` asks the peer and answers what it said, `now` answers at once, `wait` never ends by itself. */
class Scene {
  readonly contexts: RpcContext[] = [];
  readonly announced: ((method: string) => void)[] = [];
  /** One for each time that the peer has left. */
  readonly left: true[] = [];
  readonly conversation: Conversation;

  constructor() {
    const handlers: ConnectionHandlers = {
      request: (request, ctx) => {
        this.contexts.push(ctx);
        if (request.method === 'now') return {};
        return request.method === 'ask' ? ctx.ask('roots/list', { of: 'you' }) : new Promise(() => {});
      },
      notification: () => {},
      cancels: ({ method, params }) =>
        method === 'cancelled' && typeof params === 'object' && params !== null && 'requestId' in params
          ? (params.requestId as number)
          : undefined,
      cancellable: () => true,
      refuseBatch: () => undefined,
      error: (fault) => ({ code: -1, message: fault.message }),
    };
    this.conversation = new Conversation({
      handlers,
      clock: new FakeClock(),
      log: silentLog,
      announcements: (tell) => {
        this.announced.push(tell);
        return () => this.announced.splice(this.announced.indexOf(tell), 1);
      },
      left: () => void this.left.push(true),
    });
  }
}

const request = (id: number, method: string): object => ({ jsonrpc: '2.0', id, method });

test('what was asked on one link is answered on another', async () => {
  const { conversation } = new Scene();
  const [first, second] = [new ScriptedLink(), new ScriptedLink()];
  conversation.serve(first);
  conversation.serve(second);
  first.read(request(7, 'ask'));
  await settled();
  assert.deepEqual(first.sent.splice(0), [{ jsonrpc: '2.0', id: 1, method: 'roots/list', params: { of: 'you' } }]);
  second.read({ jsonrpc: '2.0', id: 1, result: { roots: [] } });
  await settled();
  assert.deepEqual(first.sent, [{ jsonrpc: '2.0', id: 7, result: { roots: [] } }]);
  assert.deepEqual(second.sent, []);
});

test('a refusal of the peer fails the request it was asked for', async () => {
  const { conversation } = new Scene();
  const link = new ScriptedLink();
  conversation.serve(link);
  link.read(request(7, 'ask'));
  await settled();
  link.read({ jsonrpc: '2.0', id: 1, error: { code: -1, message: 'not today' } });
  await settled();
  const message = 'The client refused what it was asked: not today';
  assert.deepEqual(link.sent[1], { jsonrpc: '2.0', id: 7, error: { code: -1, message } });
});

test('answers nobody waits for, and second ones, are ignored', async () => {
  const { conversation } = new Scene();
  const link = new ScriptedLink();
  conversation.serve(link);
  link.read({ jsonrpc: '2.0', id: 1, result: {} }, { jsonrpc: '2.0', id: 'x', error: {} });
  link.read(request(7, 'ask'));
  await settled();
  for (const result of [{ n: 1 }, { n: 2 }]) link.read({ jsonrpc: '2.0', id: 1, result });
  await settled();
  assert.deepEqual(link.sent.slice(1), [{ jsonrpc: '2.0', id: 7, result: { n: 1 } }]);
});

test('a cancel reaches the request on whatever link it runs, and what was asked for it is withdrawn', async () => {
  const { conversation, contexts } = new Scene();
  const [first, second] = [new ScriptedLink(), new ScriptedLink()];
  conversation.serve(first);
  conversation.serve(second);
  first.read(request(7, 'ask'));
  await settled();
  const [ctx] = contexts;
  assert.ok(ctx);
  assert.equal(conversation.isBusy, true);
  second.read({ jsonrpc: '2.0', method: 'cancelled', params: { requestId: 7 } });
  await settled();
  assert.equal(ctx.cancel.reason?.kind, 'cancelled');
  assert.equal(conversation.isBusy, false);
  await assert.rejects(ctx.ask('roots/list', {}), /over/);
  first.read({ jsonrpc: '2.0', id: 1, result: {} });
  await settled();
  assert.equal(first.sent.length, 1);
});

test('what more than one request is about stays asked when one is over, and until the link ends', async () => {
  const { conversation, contexts } = new Scene();
  const link = new ScriptedLink();
  const serving = conversation.serve(link);
  link.read(request(7, 'wait'));
  await settled();
  const early = contexts[0]?.inquire('roots/list', {});
  link.read({ jsonrpc: '2.0', method: 'cancelled', params: { requestId: 7 } }, request(8, 'now'));
  await settled();
  const [late, lost] = [contexts[1]?.inquire('roots/list', { n: 2 }), contexts[1]?.inquire('roots/list', { n: 3 })];
  await settled();
  assert.deepEqual(link.sent.splice(0), [
    { jsonrpc: '2.0', id: 1, method: 'roots/list', params: {} },
    { jsonrpc: '2.0', id: 8, result: {} },
    { jsonrpc: '2.0', id: 2, method: 'roots/list', params: { n: 2 } },
    { jsonrpc: '2.0', id: 3, method: 'roots/list', params: { n: 3 } },
  ]);
  link.read({ jsonrpc: '2.0', id: 1, result: 'early' }, { jsonrpc: '2.0', id: 2, error: { message: 'no' } });
  assert.equal(await early, 'early');
  await assert.rejects(late ?? assert.fail(), /refused what it was asked: no/);
  serving.stop(new Fault('cancelled', 'Enough.'));
  await assert.rejects(lost ?? assert.fail(), { message: 'Enough.' });
  await assert.rejects(contexts[1]?.inquire('roots/list', {}) ?? assert.fail(), { kind: 'cancelled' });
});

test('the peer has left when its main link is over, and not with any other', async () => {
  const { conversation, left } = new Scene();
  const [main, other] = [new ScriptedLink(), new ScriptedLink()];
  conversation.serve(main, { isMain: true });
  const serving = conversation.serve(other);
  serving.stop(new Fault('cancelled', 'Gone.'));
  await serving.done;
  assert.equal(left.length, 0);
  conversation.stop(new Fault('cancelled', 'Gone.'));
  await settled();
  assert.equal(left.length, 1);
});

test('announcements go to the main link alone, as long as it is there', async () => {
  const { conversation, announced } = new Scene();
  const [main, other] = [new ScriptedLink(), new ScriptedLink()];
  conversation.serve(other);
  assert.equal(announced.length, 0);
  const serving = conversation.serve(main, { isMain: true });
  announced[0]?.('changed');
  assert.deepEqual(main.sent, [{ jsonrpc: '2.0', method: 'changed' }]);
  assert.deepEqual(other.sent, []);
  main.incoming.end();
  await serving.done;
  assert.equal(announced.length, 0);
});

test('stop ends every link', async () => {
  const { conversation, contexts } = new Scene();
  const links = [new ScriptedLink(), new ScriptedLink()];
  const servings = links.map((link) => conversation.serve(link, { graceMs: Infinity }));
  for (const link of links) link.read(request(1, 'wait'));
  await settled();
  conversation.stop(new Fault('cancelled', 'Enough.'));
  await Promise.all(servings.map(({ done }) => done));
  assert.deepEqual(
    contexts.map(({ cancel }) => cancel.reason?.message),
    ['Enough.', 'Enough.'],
  );
});

test('a link with all the time in the world ends when the last request is answered', async () => {
  const { conversation } = new Scene();
  const link = new ScriptedLink();
  const serving = conversation.serve(link, { graceMs: Infinity });
  link.read(request(7, 'ask'));
  link.incoming.end();
  await settled();
  conversation.serve(new ScriptedLink());
  assert.equal(link.closes.length, 0);
  const answers = new ScriptedLink();
  conversation.serve(answers);
  answers.read({ jsonrpc: '2.0', id: 1, result: {} });
  await serving.done;
  assert.equal(link.closes.length, 1);
});
