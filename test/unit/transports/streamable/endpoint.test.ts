// The endpoint from outside, request by request: one test for each rule of protocol/MCP.md section 6 that only HTTP has.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderFields } from '../../../../src/wire/exchange.ts';
import { alone, hold, initialize, McpOverHttp, messagesOf, request, settled } from '../../../support/mcp-http.ts';
import { at, MODERN, toolOf } from '../../../support/mcp.ts';

const LIST = alone(1, 'tools/list');
const CALL = alone(2, 'tools/call', { name: 'echo', arguments: { text: 'hi' } });
const [JSON_TYPE, EVENTS] = ['application/json', 'text/event-stream'];

/** What is wrong, the request, its headers, and the status, code and id of the refusal. */
type Case = readonly [string, unknown, HeaderFields, number, number, unknown];

const without = (headers: Record<string, string>, name: string): HeaderFields =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

const REFUSED: readonly Case[] = [
  ['R-77 no version header', LIST.body, without(LIST.headers, 'mcp-protocol-version'), 400, -32020, 1],
  ['R-77 another version', LIST.body, { ...LIST.headers, 'mcp-protocol-version': '2025-11-25' }, 400, -32020, 1],
  ['R-77 no method header', LIST.body, without(LIST.headers, 'mcp-method'), 400, -32020, 1],
  ['R-77 another method', LIST.body, { ...LIST.headers, 'mcp-method': 'TOOLS/LIST' }, 400, -32020, 1],
  ['R-77 no name header', CALL.body, without(CALL.headers, 'mcp-name'), 400, -32020, 2],
  ['R-77 another name', CALL.body, { ...CALL.headers, 'mcp-name': 'Echo' }, 400, -32020, 2],
  ['R-78 a name in bad base64', CALL.body, { ...CALL.headers, 'mcp-name': '=?base64?ZWNobw?=' }, 400, -32020, 2],
  ['R-79 no envelope', request(3, 'tools/list', {}), LIST.headers, 400, -32602, 3],
  ['R-79 no params', request(3, 'tools/list'), LIST.headers, 400, -32602, 3],
  ['R-80 unknown method', alone(4, 'ping').body, alone(4, 'ping').headers, 404, -32601, 4],
  ['R-13 enveloped initialize', alone(5, 'initialize').body, alone(5, 'initialize').headers, 404, -32601, 5],
  ['handshake under a modern header', initialize('2025-11-25'), LIST.headers, 400, -32020, 0],
  ['R-28 an array', [LIST.body], LIST.headers, 400, -32600, null],
  ['R-28 an array, without a header', [LIST.body], {}, 400, -32600, null],
  ['a response', { jsonrpc: '2.0', id: 1, result: {} }, LIST.headers, 400, -32600, null],
  ['R-23 a request without an id', { jsonrpc: '2.0', id: null, method: 'ping' }, {}, 400, -32600, null],
  ['R-87 unsupported version', request(6, 'ping'), { 'mcp-protocol-version': '2024-10-07' }, 400, -32600, 6],
  ['R-86 unknown session', request(7, 'ping'), { 'mcp-session-id': 'x' }, 404, -32600, 7],
  ['R-88 no JSON', '{"jsonrpc"', {}, 400, -32700, null],
  ['R-88 too large', { x: 'x'.repeat(100_001) }, {}, 413, -32600, null],
  ['R-88 another content type', request(8, 'ping'), { 'content-type': 'text/plain' }, 415, -32600, null],
  ['nothing acceptable', request(9, 'ping'), { accept: 'text/html' }, 406, -32600, null],
];

describe('what is refused', () => {
  for (const [name, body, headers, status, code, id] of REFUSED) {
    test(name, async () => {
      const answer = await new McpOverHttp().post(body, headers);
      assert.deepEqual([answer.status, at(answer.json, 'error', 'code'), at(answer.json, 'id')], [status, code, id]);
      assert.equal(answer.headers['content-type'], JSON_TYPE);
    });
  }

  test('R-11 a version nobody speaks, in header and envelope', async () => {
    const meta = { ...MODERN, 'io.modelcontextprotocol/protocolVersion': '2030-01-01' };
    const headers = { ...LIST.headers, 'mcp-protocol-version': '2030-01-01' };
    const answer = await new McpOverHttp().post(request(1, 'tools/list', { _meta: meta }), headers);
    assert.deepEqual([answer.status, at(answer.json, 'error', 'code')], [400, -32022]);
    assert.equal(at(answer.json, 'error', 'data', 'requested'), '2030-01-01');
  });

  test('a bad envelope comes before a missing header', async () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const answer = await new McpOverHttp().post(request(1, 'tools/list', { _meta: meta }));
    assert.deepEqual([answer.status, at(answer.json, 'error', 'code')], [400, -32602]);
  });
});

describe('what stands alone', () => {
  test('R-81 is answered without a session, whatever session it names', async () => {
    const headers = { ...LIST.headers, 'mcp-session-id': 'made-up', 'last-event-id': '1-1' };
    const answer = await new McpOverHttp().post(LIST.body, headers);
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.headers), ['content-type']);
    assert.equal(at(answer.json, 'result', 'resultType'), 'complete');
  });

  test('R-78 takes a name in base64', async () => {
    const headers = { ...CALL.headers, 'mcp-name': '=?base64?ZWNobw==?=' };
    assert.equal((await new McpOverHttp().post(CALL.body, headers)).status, 200);
  });

  test('R-82 ends when its client goes', async () => {
    const http = new McpOverHttp();
    const { body, headers } = alone(1, 'tools/call', { name: 'hold', arguments: { text: 'a' } });
    const answer = await http.post(body, headers);
    assert.equal(http.running.get('a')?.ctx.cancel.reason, undefined);
    answer.leave();
    await settled();
    assert.equal(http.running.get('a')?.ctx.cancel.reason?.kind, 'cancelled');
    assert.equal(answer.status, 0);
    assert.equal(http.clock.pending, 0);
  });

  test('its stream has no ids, and tells what comes before the answer', async () => {
    const http = new McpOverHttp();
    const params = { name: 'hold', arguments: { text: 'a' }, _meta: { progressToken: 't' } };
    const { body, headers } = alone(1, 'tools/call', params);
    const answer = await http.post(body, headers);
    void http.running.get('a')?.ctx.progress.text('one ');
    http.running.get('a')?.finish('done');
    await settled();
    assert.equal(answer.headers['content-type'], EVENTS);
    assert.doesNotMatch(answer.text, /^id:/m);
    assert.equal(answer.state, 'whole');
    assert.deepEqual(
      messagesOf(answer.text).map((one) => one['method'] ?? at(one, 'result', 'content', 0, 'text')),
      ['notifications/progress', 'done'],
    );
  });

  test('R-73 listens until the server stops, and is told so', async () => {
    const http = new McpOverHttp();
    const { body, headers } = alone(9, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    const stream = await http.post(body, headers);
    http.feed.tell({ list: 'tools' });
    await settled();
    http.drain();
    await settled();
    assert.deepEqual(
      messagesOf(stream.text).map((one) => one['method'] ?? at(one, 'result', 'resultType')),
      ['notifications/subscriptions/acknowledged', 'notifications/tools/list_changed', 'complete'],
    );
    assert.equal(stream.state, 'whole');
  });

  test('R-72 listens no more when its client has gone', async () => {
    const http = new McpOverHttp();
    const { body, headers } = alone(9, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    const stream = await http.post(body, headers);
    assert.equal(http.feed.streams, 1);
    stream.leave();
    await settled();
    assert.equal(http.feed.streams, 0);
  });

  test('says again in headers what its schema marks', async () => {
    const inputSchema = {
      type: 'object' as const,
      properties: { region: { type: 'string' as const, 'x-mcp-header': 'Region' } },
    };
    const http = new McpOverHttp([toolOf('map', async () => ({ content: [] }), { inputSchema })]);
    const { body, headers } = alone(1, 'tools/call', { name: 'map', arguments: { region: 'Zürich' } });
    const status = async (value?: string): Promise<number> =>
      (await http.post(body, value === undefined ? headers : { ...headers, 'mcp-param-region': value })).status;
    assert.equal(await status('=?base64?WsO8cmljaA==?='), 200);
    assert.equal(await status('Bern'), 400);
    assert.equal(await status(), 400);
  });
});

describe('the answer', () => {
  test('R-84 to a notification is 202 with nothing in it, in both eras', async () => {
    const notification = { jsonrpc: '2.0', method: 'notifications/whatever', params: 5 };
    for (const headers of [{}, { 'mcp-protocol-version': '2025-11-25' }]) {
      const answer = await new McpOverHttp().post(notification, headers);
      assert.deepEqual([answer.status, answer.text], [202, '']);
    }
    const modern = await new McpOverHttp().post({ ...notification, params: {} }, LIST.headers);
    assert.deepEqual([modern.status, modern.text], [202, '']);
  });

  test('is what one bare request asks for', async () => {
    const answer = await new McpOverHttp().post(request(1, 'models/list'));
    assert.deepEqual(answer.json, { jsonrpc: '2.0', id: 1, result: { models: [] } });
  });

  test('R-26 of a batch is an array where there are batches', async () => {
    const body = [request(1, 'ping'), { jsonrpc: '2.0', method: 'x' }, request('a', 'ping')];
    const answer = await new McpOverHttp().post(body, { 'mcp-protocol-version': '2025-03-26' });
    assert.deepEqual(answer.json, [
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 'a', result: {} },
    ]);
  });

  test('R-27 to a batch of notifications is 202', async () => {
    const answer = await new McpOverHttp().post([{ jsonrpc: '2.0', method: 'x' }]);
    assert.equal(answer.status, 202);
  });

  test('is a stream where only that is accepted, and JSON where only that is', async () => {
    const events = await new McpOverHttp().post(request(1, 'ping'), { accept: EVENTS });
    assert.equal(events.text, 'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
    assert.equal(events.state, 'whole');
    const http = new McpOverHttp();
    const json = await http.post(hold(1, 'a', { _meta: { progressToken: 1 } }), { accept: JSON_TYPE });
    void http.running.get('a')?.ctx.progress.text('one ');
    http.running.get('a')?.finish('done');
    await settled();
    assert.equal(at(json.json, 'result', 'content', 0, 'text'), 'done');
  });

  test('R-90 that takes its time becomes a stream with signs of life', async () => {
    const http = new McpOverHttp();
    const answer = await http.post(hold(1, 'a'));
    http.clock.advance(1999);
    assert.equal(answer.state, 'none');
    http.clock.advance(1);
    assert.deepEqual(answer.headers, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    http.clock.advance(15_000);
    assert.equal(answer.text, ': keepalive\n\n');
    http.running.get('a')?.finish('done');
    await settled();
    assert.equal(messagesOf(answer.text).length, 1);
    assert.equal(http.clock.pending, 0);
  });

  test('hides what is secret', async () => {
    const http = new McpOverHttp();
    http.secrets.add('sk-very-secret-value');
    const whole = await http.post(
      request(1, 'tools/call', { name: 'echo', arguments: { text: 'sk-very-secret-value' } }),
    );
    const events = await http.post(
      request(1, 'tools/call', { name: 'echo', arguments: { text: 'sk-very-secret-value' } }),
      {
        accept: EVENTS,
      },
    );
    for (const answer of [whole, events]) assert.doesNotMatch(answer.text, /very-secret/);
  });
});
