import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeFeed } from '../../../../src/server/changes.ts';
import { at, McpClient } from '../../../support/mcp.ts';
import { OFFER } from '../offers.ts';

const client = (date = '2025-11-25', more = {}): Promise<McpClient> =>
  new McpClient({ catalog: () => OFFER, ...more }).shake(date);

test('what is listed has the members of the revision and no others', async () => {
  const reply = await (await client()).ask('resources/list');
  assert.deepEqual(at(reply, 'result'), {
    resources: [
      { uri: 'test://text', name: 'text', title: 'A text', mimeType: 'text/plain', size: 2 },
      { uri: 'test://late', name: 'late' },
    ],
  });
  assert.equal(
    at(await (await client('2024-11-05')).ask('resources/list'), 'result', 'resources', 0, 'title'),
    undefined,
  );
  const templates = await (await client()).ask('resources/templates/list');
  assert.deepEqual(at(templates, 'result'), {
    resourceTemplates: [{ uriTemplate: 'test://t/{id}', name: 'numbered' }],
  });
});

test('R-35, R-36: pages joined are the list; a cursor of another list leads nowhere', async () => {
  const mcp = await client('2025-11-25', { pageSize: 1 });
  const first = await mcp.ask('resources/list');
  const cursor = at(first, 'result', 'nextCursor');
  assert.equal(at(await mcp.ask('resources/list', { cursor }), 'result', 'resources', 0, 'name'), 'late');
  assert.equal(at(await mcp.ask('resources/templates/list', { cursor }), 'error', 'code'), -32602);
  assert.equal(at(await mcp.ask('prompts/list', { cursor: '' }), 'error', 'code'), -32602);
});

test('a resource is read, at once or later, and one of a template by its variables', async () => {
  const mcp = await client();
  const read = async (uri: string): Promise<unknown> =>
    at(await mcp.ask('resources/read', { uri }), 'result', 'contents');
  assert.deepEqual(await read('test://text'), [{ uri: 'test://text', mimeType: 'text/plain', text: 'hi' }]);
  assert.deepEqual(await read('test://late'), [{ uri: 'test://late', blob: 'AAAA' }]);
  assert.deepEqual(await read('test://t/a%20b'), [{ uri: 'test://t/a%20b', text: 'a b' }]);
});

test('R-48, R-50: one that is not there is -32002 with its address', async () => {
  const mcp = await client();
  for (const uri of ['test://none', 'test://t/none', '']) {
    const reply = await mcp.ask('resources/read', { uri });
    assert.equal(at(reply, 'error', 'code'), -32002);
    assert.deepEqual(at(reply, 'error', 'data'), { uri });
  }
  for (const params of [{}, { uri: 5 }])
    assert.equal(at(await mcp.ask('resources/read', params), 'error', 'code'), -32602);
});

test('R-49: to the newest revision it is -32602 with its address', async () => {
  const reply = await new McpClient({ catalog: () => OFFER }).modern('resources/read', { uri: 'test://none' });
  assert.equal(at(reply, 'error', 'code'), -32602);
  assert.deepEqual(at(reply, 'error', 'data'), { uri: 'test://none' });
});

test('R-33: what is read and listed says how long it may be kept, in the newest revision', async () => {
  const mcp = new McpClient({ catalog: () => OFFER });
  for (const [method, params] of [
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'test://text' }],
    ['prompts/list', {}],
  ] as const) {
    const reply = await mcp.modern(method, params);
    assert.equal(at(reply, 'result', 'ttlMs'), 0, method);
    assert.equal(at(reply, 'result', 'cacheScope'), 'private', method);
  }
  assert.equal(
    at(await mcp.modern('prompts/get', { name: 'ask', arguments: { question: 'q' } }), 'result', 'ttlMs'),
    undefined,
  );
});

test('R-76: without any, the methods are not there', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  for (const method of ['resources/list', 'resources/templates/list', 'resources/read', 'resources/subscribe']) {
    assert.equal(at(await mcp.ask(method, { uri: 'x' }), 'error', 'code'), -32601, method);
  }
});

test('what is one client alone to know is told to nobody else, whatever it follows', async () => {
  const feed = new ChangeFeed();
  const told: string[] = [];
  for (const name of ['ci', 'other', undefined]) {
    const mcp = new McpClient({ catalog: () => OFFER, feed }, name === undefined ? {} : { client: name });
    await mcp.shake('2025-11-25');
    mcp.handlers.announcements(() => told.push(`${name}`));
    await mcp.ask('resources/subscribe', { uri: 'test://t/mine' });
    void mcp.modern('subscriptions/listen', { notifications: { resourceSubscriptions: ['test://t/mine'] } });
    mcp.said.length = 0;
    feed.tell({ resource: 'test://t/mine', owner: 'key ci' });
    assert.equal(mcp.said.length, name === 'ci' ? 1 : 0, name);
  }
  assert.deepEqual(told, ['ci', 'ci', 'ci']);
});

test('a peer with a handshake is told of what it follows, and of lists it was told about', async () => {
  const feed = new ChangeFeed();
  const mcp = await client('2025-11-25', { feed, changes: { tools: true, prompts: false, resources: true } });
  const told: unknown[] = [];
  const stop = mcp.handlers.announcements((method, params) => told.push([method, params]));
  await mcp.ask('resources/subscribe', { uri: 'test://text' });
  feed.tell({ resource: 'test://text' });
  feed.tell({ resource: 'test://late' });
  for (const list of ['tools', 'prompts', 'resources'] as const) feed.tell({ list });
  await mcp.ask('resources/unsubscribe', { uri: 'test://text' });
  feed.tell({ resource: 'test://text' });
  stop();
  feed.tell({ list: 'tools' });
  assert.deepEqual(told, [
    ['notifications/resources/updated', { uri: 'test://text' }],
    ['notifications/tools/list_changed', undefined],
    ['notifications/resources/list_changed', undefined],
  ]);
});

test('more than a thousand subscriptions of one peer are refused', async () => {
  const mcp = await client();
  for (let i = 0; i < 1000; i++) await mcp.ask('resources/subscribe', { uri: `test://t/${i}` });
  assert.equal(at(await mcp.ask('resources/subscribe', { uri: 'test://t/one-more' }), 'error', 'code'), -32602);
  assert.deepEqual(await mcp.ask('resources/subscribe', { uri: 'test://t/7' }), { result: {} });
});

test('what is no resource here cannot be followed, and one that may come to be can', async () => {
  const mcp = await client();
  for (const uri of ['', 'foo:bar', 'test://none', 'test://t/', 'test://t/a/b', 'test://t/%']) {
    const reply = await mcp.ask('resources/subscribe', { uri });
    assert.equal(at(reply, 'error', 'code'), -32002, uri);
    assert.deepEqual(at(reply, 'error', 'data'), { uri });
    assert.deepEqual(await mcp.ask('resources/unsubscribe', { uri }), { result: {} });
  }
  for (const uri of ['test://text', 'test://t/none'])
    assert.deepEqual(await mcp.ask('resources/subscribe', { uri }), { result: {} });
});

test('an address of more than 2048 characters is refused, and not said again', async () => {
  const mcp = await client();
  const longest = `test://t/${'z'.repeat(2039)}`;
  assert.deepEqual(await mcp.ask('resources/subscribe', { uri: longest }), { result: {} });
  assert.deepEqual(await mcp.ask('resources/unsubscribe', { uri: longest }), { result: {} });
  for (const method of ['resources/read', 'resources/subscribe', 'resources/unsubscribe']) {
    assert.deepEqual(await mcp.ask(method, { uri: `${longest}z` }), {
      error: { code: -32602, message: 'Invalid params: uri may have 2048 characters at most.' },
    });
  }
});
