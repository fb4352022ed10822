import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { ChangeFeed } from '../../../../src/server/changes.ts';
import type { Arrival } from '../../../../src/server/context.ts';
import { at, McpClient, MODERN } from '../../../support/mcp.ts';
import { OFFER } from '../offers.ts';

class Scene {
  readonly feed = new ChangeFeed();
  readonly mcp = new McpClient({
    catalog: () => OFFER,
    feed: this.feed,
    changes: { tools: true, prompts: true, resources: false },
  });
  readonly cancel = new CancelSource();

  listen(notifications: unknown, id: string | number = 'listen:0'): Promise<Record<string, unknown>> {
    return this.mcp.ask('subscriptions/listen', { _meta: MODERN, notifications }, { id, cancel: this.cancel });
  }

  /** What was said since the last time: the method and params of each. */
  get said(): unknown[] {
    return this.mcp.said.splice(0).map(({ method, params }) => [method, params]);
  }
}

const tagged = (id: string | number): object => ({ _meta: { 'io.modelcontextprotocol/subscriptionId': id } });
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

test('R-69, R-70: first of all it says what it will tell, of what was asked for and can be told', () => {
  for (const id of ['listen:0', 0, '']) {
    const scene = new Scene();
    void scene.listen({ toolsListChanged: true, resourcesListChanged: true, promptsListChanged: false }, id);
    assert.deepEqual(scene.said, [[ACKNOWLEDGED, { notifications: { toolsListChanged: true }, ...tagged(id) }]]);
  }
});

test('R-71: only what was asked for is told, each with the name of the subscription', () => {
  const { feed, ...scene } = new Scene();
  const one = new Scene();
  void one.listen({ toolsListChanged: true, resourceSubscriptions: ['test://text'] });
  assert.deepEqual(at(one.said, 0, 1, 'notifications'), {
    toolsListChanged: true,
    resourceSubscriptions: ['test://text'],
  });
  one.feed.tell({ list: 'prompts' });
  one.feed.tell({ list: 'tools' });
  one.feed.tell({ resource: 'test://late' });
  one.feed.tell({ resource: 'test://text' });
  assert.deepEqual(one.said, [
    ['notifications/tools/list_changed', tagged('listen:0')],
    ['notifications/resources/updated', { uri: 'test://text', ...tagged('listen:0') }],
  ]);
  feed.tell({ list: 'tools' });
  assert.deepEqual(scene.mcp.said, []);
});

test('R-72: one that is called off hears nothing more and gets no answer', async () => {
  const scene = new Scene();
  const reply = scene.listen({ toolsListChanged: true });
  assert.equal(scene.feed.streams, 1);
  scene.cancel.cancel(new Fault('cancelled', 'Enough.'));
  assert.equal(scene.feed.streams, 0);
  assert.equal(at(await reply, 'result'), undefined);
});

test('R-73: at the end of the conversation the stream is answered', async () => {
  const scene = new Scene();
  const reply = scene.listen({});
  scene.mcp.closing.cancel(new Fault('cancelled', 'The end.'));
  const result = at(await reply, 'result');
  assert.equal(at(result, 'resultType'), 'complete');
  assert.equal(at(result, '_meta', 'io.modelcontextprotocol/subscriptionId'), 'listen:0');
  assert.equal(scene.feed.streams, 0);
});

test('R-74: without notifications, or with those of another form, it is refused', async () => {
  const scene = new Scene();
  const bad = [undefined, null, [], 'x', { toolsListChanged: 1 }, { resourceSubscriptions: 'x' }];
  for (const notifications of [...bad, { resourceSubscriptions: [1] }]) {
    assert.equal(at(await scene.listen(notifications), 'error', 'code'), -32602, JSON.stringify(notifications));
  }
  assert.deepEqual(scene.said, []);
  for (const resourceSubscriptions of [
    Array.from({ length: 1001 }, (_, i) => `test://t/${i}`),
    [`test://t/${'z'.repeat(2040)}`],
  ]) {
    assert.equal(at(await scene.listen({ resourceSubscriptions }), 'error', 'code'), -32602);
  }
  assert.equal(scene.feed.streams, 0);
});

test('what a stream would keep of its request for as long as it is there is bounded, whatever members it has', async () => {
  const scene = new Scene();
  const junk = 'z'.repeat(64 * 1024);
  const notifications = { toolsListChanged: true };
  for (const params of [
    { _meta: MODERN, notifications, junk },
    { _meta: { ...MODERN, 'x.y/z': [{ junk }] }, notifications },
    { _meta: MODERN, notifications, [junk]: 1 },
    { _meta: MODERN, notifications, many: Array.from({ length: 70_000 }, () => 1) },
    { _meta: MODERN, notifications: { ...notifications, taskIds: Array.from({ length: 40 }, () => 'z'.repeat(2000)) } },
  ]) {
    assert.deepEqual(await scene.mcp.ask('subscriptions/listen', params), {
      error: { code: -32602, message: 'Invalid params: they may have 65536 characters at most.' },
    });
  }
  const id = 'z'.repeat(2049);
  assert.deepEqual(await scene.listen(notifications, id), {
    error: { code: -32600, message: 'Invalid request: the id of a stream may have 2048 characters at most.' },
  });
  assert.equal(scene.feed.streams, 0);
  void scene.listen(
    { resourceSubscriptions: Array.from({ length: 1000 }, (_, i) => `test://t/${'x'.repeat(40)}${i}`) },
    id.slice(1),
  );
  assert.equal(scene.feed.streams, 1);
});

test('R-70: what is no resource here is not followed, and one that may come to be is', () => {
  const scene = new Scene();
  const longest = `test://t/${'z'.repeat(2039)}`;
  void scene.listen({ resourceSubscriptions: ['', 'foo:bar', 'test://t/7', longest, 'test://none'] });
  assert.deepEqual(at(scene.said, 0, 1, 'notifications'), { resourceSubscriptions: ['test://t/7', longest] });
  void scene.listen({ resourceSubscriptions: ['foo:bar'] });
  assert.deepEqual(at(scene.said, 0, 1, 'notifications'), {});
});

test('who does not read is told each thing once, when it does', async () => {
  const scene = new Scene();
  void scene.listen({ toolsListChanged: true, promptsListChanged: true });
  let makeRoom = (): void => {};
  scene.mcp.room = new Promise((resolve) => (makeRoom = resolve));
  for (let i = 0; i < 5; i++) {
    scene.feed.tell({ list: 'tools' });
    scene.feed.tell({ list: 'prompts' });
  }
  assert.equal(scene.said.length, 2);
  scene.mcp.room = undefined;
  makeRoom();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(scene.said, [
    ['notifications/prompts/list_changed', tagged('listen:0')],
    ['notifications/tools/list_changed', tagged('listen:0')],
  ]);
});

test('peers that only shook hands take no place of those who listen', async () => {
  const scene = new Scene();
  for (let peer = 0; peer < 20_000; peer++) scene.feed.subscribe(() => {});
  void scene.listen({ toolsListChanged: true });
  assert.equal(at(scene.said, 0, 0), ACKNOWLEDGED);
});

describe('there is an end to the streams', () => {
  const feed = new ChangeFeed();
  const client = (arrival: Arrival): ((cancel?: CancelSource) => Promise<Record<string, unknown>>) => {
    const mcp = new McpClient({ catalog: () => OFFER, feed }, arrival);
    return (cancel = new CancelSource()) =>
      mcp.ask('subscriptions/listen', { _meta: MODERN, notifications: {} }, { id: 'l', cancel });
  };
  const stop = new CancelSource();
  const full = (most: number): object => ({
    code: -31000,
    message: `${most} streams are listened on already. Close one of them first.`,
    data: { code: 'OVERLOADED', attempts: [], next: 'Close one of them first.' },
  });

  test('of one client: a thousand, in all its conversations, and others have theirs', async () => {
    for (let i = 0; i < 1000; i++) void client({ client: 'ci', carrier: 'request' })(stop);
    assert.equal(feed.streams, 1000);
    const once = client({ client: 'ci', carrier: 'request' });
    assert.deepEqual(at(await once(), 'error'), full(1000));
    void client({ client: 'other', carrier: 'request' })(stop);
    assert.equal(feed.streams, 1001);
    stop.cancel(new Fault('cancelled', 'Enough.'));
    assert.equal(feed.streams, 0);
    void once(new CancelSource());
    assert.equal(feed.streams, 1);
  });

  test('of all of them: ten thousand, and those without a key are nobody in particular', async () => {
    for (let i = 1; i < 10_000; i++) void client({ carrier: 'request' })();
    assert.equal(feed.streams, 10_000);
    for (const arrival of [{ carrier: 'request' }, { client: 'other', carrier: 'request' }, {}] as const)
      assert.deepEqual(at(await client(arrival)(), 'error'), full(10_000));
  });
});
