// Sessions from outside: what a handshake opens, who may use it, and every way in which it ends.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventsOf, hold, initialize, McpOverHttp, messagesOf, request, settled } from '../../../support/mcp-http.ts';
import { at } from '../../../support/mcp.ts';

const DELETE = 'DELETE';

describe('a session', () => {
  test('is opened by a handshake that succeeds, under an id nobody guesses', async () => {
    const http = new McpOverHttp();
    const opened = await http.post(initialize('2025-06-18'));
    assert.match(opened.headers['mcp-session-id'] ?? '', /^[\x21-\x7e]{32,}$/);
    assert.equal(at(opened.json, 'result', 'protocolVersion'), '2025-06-18');
    const failed = await http.post({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    assert.equal(failed.headers['mcp-session-id'], undefined);
  });

  test('R-86 is gone once it is deleted, with whatever runs in it', async () => {
    const http = new McpOverHttp();
    const headers = await http.session();
    const [main, call] = [await http.get(headers), await http.post(hold(1, 'a'), headers)];
    assert.equal((await http.ask(DELETE, '/mcp', { headers })).status, 204);
    await settled();
    assert.equal(main.state, 'whole');
    assert.deepEqual([call.status, at(call.json, 'id')], [404, 1]);
    assert.equal(http.running.get('a')?.ctx.cancel.reason?.kind, 'cancelled');
    for (const method of ['GET', DELETE]) {
      assert.equal((await http.ask(method, '/mcp', { headers })).status, 404);
    }
    assert.equal((await http.post(request(1, 'ping'), headers)).status, 404);
    assert.equal(http.clock.pending, 0);
  });

  test('belongs to the key it was opened with', async () => {
    const http = new McpOverHttp([], 'alice');
    const headers = await http.session();
    http.client = 'bob';
    assert.equal((await http.post(request(1, 'ping'), headers)).status, 404);
    assert.equal((await http.get(headers)).status, 404);
    assert.equal((await http.ask(DELETE, '/mcp', { headers })).status, 404);
    http.client = 'alice';
    assert.equal((await http.post(request(1, 'ping'), headers)).status, 200);
  });

  test('is opened once', async () => {
    const http = new McpOverHttp();
    const answer = await http.post(initialize('2025-11-25'), await http.session());
    assert.deepEqual([answer.status, at(answer.json, 'error', 'code')], [400, -32600]);
  });

  test('speaks what was settled, and takes another version in the header', async () => {
    const http = new McpOverHttp();
    const headers = { ...(await http.session('2024-11-05')), 'mcp-protocol-version': '2025-06-18' };
    const { json } = await http.post(request(1, 'tools/list'), headers);
    assert.equal(at(json, 'result', 'tools', 0, 'title'), undefined);
  });

  test('is over when nobody has used it for half an hour, and not before', async () => {
    const http = new McpOverHttp();
    const [unused, used, listening] = [await http.session(), await http.session(), await http.session()];
    await http.get(listening);
    http.clock.advance(20 * 60_000);
    await http.post(request(1, 'ping'), used);
    http.clock.advance(15 * 60_000);
    const statuses = [unused, used, listening].map(
      async (headers) => (await http.post(request(1, 'ping'), headers)).status,
    );
    assert.deepEqual(await Promise.all(statuses), [404, 200, 200]);
  });

  test('a cancel reaches a call on another POST of it, and of no other session', async () => {
    const http = new McpOverHttp();
    const [headers, others] = [await http.session(), await http.session()];
    const answer = await http.post(hold(1, 'a'), headers);
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    await http.post(cancel, others);
    await http.post(cancel);
    assert.equal(http.running.get('a')?.ctx.cancel.reason, undefined);
    assert.equal((await http.post(cancel, headers)).status, 202);
    assert.equal(http.running.get('a')?.ctx.cancel.reason?.kind, 'cancelled');
    assert.deepEqual([answer.status, answer.text], [202, '']);
  });

  test('a log level set in it stays, and one set without a session does not', async () => {
    const http = new McpOverHttp();
    const headers = await http.session();
    const set = request(1, 'logging/setLevel', { level: 'debug' });
    assert.deepEqual((await http.post(set, headers)).json, { jsonrpc: '2.0', id: 1, result: {} });
    assert.deepEqual((await http.post(set)).json, { jsonrpc: '2.0', id: 1, result: {} });
  });
});

describe('the stream of what no request is about', () => {
  test('R-89 is opened with GET, once at a time', async () => {
    const http = new McpOverHttp();
    const headers = await http.session();
    const main = await http.get(headers);
    assert.deepEqual([main.status, main.headers['content-type']], [200, 'text/event-stream']);
    assert.equal((await http.get(headers)).status, 409);
    main.leave();
    assert.equal((await http.get(headers)).status, 200);
  });

  test('needs a session, a client that takes events, and a revision that has it', async () => {
    const http = new McpOverHttp();
    const none = await http.get();
    assert.deepEqual([none.status, none.headers['allow']], [405, 'POST']);
    const headers = await http.session();
    assert.equal((await http.get({ ...headers, accept: 'application/json' })).status, 406);
    const modern = await http.get({ ...headers, 'mcp-protocol-version': '2026-07-28' });
    assert.deepEqual([modern.status, modern.headers['allow']], [405, 'POST']);
    assert.equal((await http.get({ ...headers, 'mcp-protocol-version': '2020-01-01' })).status, 400);
  });

  test('is told what changes, and what changed while it was not there, once', async () => {
    const http = new McpOverHttp();
    const headers = await http.session('2025-06-18');
    http.feed.tell({ list: 'tools' });
    await settled();
    http.feed.tell({ list: 'tools' });
    await settled();
    const main = await http.get(headers);
    const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
    assert.deepEqual(messagesOf(main.text), [changed]);
    http.feed.tell({ list: 'tools' });
    await settled();
    assert.deepEqual(messagesOf(main.text), [changed, changed]);
    const post = await http.post(request(1, 'ping'), headers);
    assert.deepEqual(post.json, { jsonrpc: '2.0', id: 1, result: {} });
    main.leave();
    assert.deepEqual(messagesOf((await http.get(headers)).text), []);
  });

  test('a client that comes back gets what it missed, also where we think that it is still there', async () => {
    const http = new McpOverHttp();
    const headers = await http.session('2025-06-18');
    const first = await http.get(headers);
    for (let i = 0; i < 3; i++) http.feed.tell({ list: 'tools' });
    await settled();
    const ids = eventsOf(first.text).map(({ id }) => id);
    assert.deepEqual(ids, ['0-1', '0-2', '0-3']);
    const second = await http.get({ ...headers, 'last-event-id': '0-1' });
    assert.deepEqual(
      eventsOf(second.text).map(({ id }) => id),
      ['0-2', '0-3'],
    );
    assert.equal(first.state, 'whole');
  });
});

describe('the bounds', () => {
  test('one session too many ends the one unused the longest', async () => {
    const http = new McpOverHttp();
    const first = await http.session();
    const second = await http.session();
    for (let i = 2; i < 10_000; i++)
      await http.post(initialize('2025-11-25')).then(() => http.post(request(1, 'ping'), first));
    await http.session();
    assert.equal((await http.post(request(1, 'ping'), first)).status, 200);
    assert.equal((await http.post(request(1, 'ping'), second)).status, 404);
  });

  test('at the end what is unused ends, and what runs may finish', async () => {
    const http = new McpOverHttp();
    const [idle, busy] = [await http.session(), await http.session()];
    const main = await http.get(idle);
    const answer = await http.post(hold(1, 'a'), busy);
    http.drain();
    await settled();
    assert.equal(main.state, 'whole');
    assert.equal((await http.post(request(1, 'ping'), idle)).status, 404);
    http.running.get('a')?.finish('done');
    await settled();
    assert.equal(at(answer.json, 'result', 'content', 0, 'text'), 'done');
  });
});
