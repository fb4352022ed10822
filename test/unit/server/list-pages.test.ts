import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, catalogOf, McpClient, toolOf } from '../../support/mcp.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const five = catalogOf(...names.map((name) => toolOf(name, async () => ({ content: [] }))));

async function paged(pageSize: number, catalog = five): Promise<McpClient> {
  return new McpClient({ catalog: () => catalog, pageSize }).shake('2025-11-25');
}

async function allPages(mcp: McpClient): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  let cursor: unknown;
  do {
    const reply = await mcp.ask('tools/list', cursor === undefined ? undefined : { cursor });
    const tools = at(reply, 'result', 'tools');
    assert.ok(Array.isArray(tools));
    pages.push(tools.map((tool) => at(tool, 'name')));
    cursor = at(reply, 'result', 'nextCursor');
  } while (cursor !== undefined && pages.length < 9);
  return pages;
}

test('R-36: pages joined are the list, and the last has no cursor', async () => {
  assert.deepEqual(await allPages(await paged(2)), [['a', 'b'], ['c', 'd'], ['e']]);
  assert.deepEqual(await allPages(await paged(5)), [names]);
  assert.deepEqual(await allPages(await paged(1)), [['a'], ['b'], ['c'], ['d'], ['e']]);
  assert.deepEqual(await allPages(await paged(50)), [names]);
});

test('a catalog without tools is one empty page', async () => {
  assert.deepEqual(await (await paged(2, catalogOf())).ask('tools/list'), { result: { tools: [] } });
});

test('R-34: absent, empty and null params and a null cursor are the first page', async () => {
  const mcp = await paged(2);
  for (const params of [undefined, {}, { cursor: null }]) {
    assert.equal(at(await mcp.ask('tools/list', params), 'result', 'tools', 0, 'name'), 'a');
  }
});

test('R-35: a cursor we never gave is invalid params', async () => {
  const mcp = await paged(2);
  for (const cursor of ['', 'after:a', 'x', 'undefined']) {
    assert.equal(at(await mcp.ask('tools/list', { cursor }), 'error', 'code'), -32602, cursor);
  }
});

test('R-36: a cursor of one process leads to the same place in another', async () => {
  const cursor = at(await (await paged(2)).ask('tools/list'), 'result', 'nextCursor');
  assert.equal(at(await (await paged(2)).ask('tools/list', { cursor }), 'result', 'tools', 0, 'name'), 'c');
});

test('R-37: two lists are the same, and the second costs nothing', async () => {
  const mcp = await paged(50);
  const list = (): unknown =>
    mcp.handlers.request({ kind: 'request', id: 1, method: 'tools/list', params: undefined }, mcp.context());
  assert.equal(list(), list());
});

test('R-33: every page of the newest revision has the same hints', async () => {
  const mcp = new McpClient({ catalog: () => five, pageSize: 3 });
  const first = await mcp.modern('tools/list');
  const second = await mcp.modern('tools/list', { cursor: at(first, 'result', 'nextCursor') });
  for (const reply of [first, second]) {
    assert.equal(at(reply, 'result', 'ttlMs'), 0);
    assert.equal(at(reply, 'result', 'cacheScope'), 'private');
    assert.equal(at(reply, 'result', 'resultType'), 'complete');
  }
  assert.equal(at(second, 'result', 'nextCursor'), undefined);
});
