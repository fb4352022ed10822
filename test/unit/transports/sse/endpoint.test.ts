// The first HTTP transport from outside: a stream out, POSTs in.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestExchange } from '../../../support/exchange.ts';
import { eventsOf, hold, initialize, McpOverHttp, messagesOf, request, settled } from '../../../support/mcp-http.ts';
import { at } from '../../../support/mcp.ts';

async function connected(http = new McpOverHttp()): Promise<{ http: McpOverHttp; stream: TestExchange; path: string }> {
  const stream = await http.ask('GET', '/sse', { headers: { accept: 'text/event-stream' } });
  return { http, stream, path: eventsOf(stream.text)[0]?.data ?? '' };
}

describe('a client', () => {
  test('R-91 is told first where to send, and is answered on the stream', async () => {
    const { http, stream, path } = await connected();
    assert.deepEqual([stream.status, eventsOf(stream.text)[0]?.event], [200, 'endpoint']);
    assert.match(path, /^\/messages\?sessionId=[0-9a-f]{64}$/);
    for (const revision of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
      assert.equal((await http.ask('POST', path, { body: initialize(revision) })).status, 202);
      assert.equal(at(messagesOf(stream.text).at(-1), 'result', 'protocolVersion'), revision);
    }
    assert.doesNotMatch(stream.text, /^id:/m);
  });

  test('may send several calls, cancel one, and is told what changes', async () => {
    const { http, stream, path } = await connected();
    const send = async (body: object): Promise<number> => (await http.ask('POST', path, { body })).status;
    await send(initialize('2025-06-18'));
    await send(hold(1, 'a'));
    await send(hold(2, 'b'));
    await send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    assert.equal(http.running.get('a')?.ctx.cancel.reason?.kind, 'cancelled');
    http.running.get('b')?.finish('done');
    http.feed.tell({ list: 'tools' });
    await settled();
    const [, result, changed] = messagesOf(stream.text);
    assert.equal(at(result, 'result', 'content', 0, 'text') ?? at(changed, 'result', 'content', 0, 'text'), 'done');
    assert.equal(messagesOf(stream.text).length, 3);
  });

  test('that goes takes everything with it', async () => {
    const { http, stream, path } = await connected();
    await http.ask('POST', path, { body: hold(1, 'a', { _meta: {} }) });
    await http.ask('POST', path, { body: initialize('2025-06-18') });
    await http.ask('POST', path, { body: hold(2, 'b') });
    stream.leave();
    await settled();
    assert.equal(http.running.get('b')?.ctx.cancel.reason?.kind, 'cancelled');
    assert.equal((await http.ask('POST', path, { body: request(1, 'ping') })).status, 404);
    assert.equal(http.clock.pending, 0);
  });

  test('has its session for itself', async () => {
    const { http, path } = await connected(new McpOverHttp([], 'alice'));
    http.client = 'bob';
    assert.equal((await http.ask('POST', path, { body: request(1, 'ping') })).status, 404);
  });

  test('hears that we live while nothing happens', async () => {
    const { http, stream } = await connected();
    http.clock.advance(15_000);
    assert.match(stream.text, /\n\n: keepalive\n\n$/);
  });

  test('is told by the end of its stream that the server stops', async () => {
    const { http, stream, path } = await connected();
    await http.ask('POST', path, { body: initialize('2025-06-18') });
    await http.ask('POST', path, { body: hold(1, 'a') });
    http.drain();
    await settled();
    assert.equal(stream.state, 'open');
    http.running.get('a')?.finish('done');
    await settled();
    assert.equal(stream.state, 'whole');
    assert.equal(at(messagesOf(stream.text).at(-1), 'result', 'content', 0, 'text'), 'done');
  });
});

test('what is no message, or for nobody, is refused', async () => {
  const { http, path } = await connected();
  const status = async (body: unknown, to = path, headers = {}): Promise<number> =>
    (await http.ask('POST', to, { body, headers })).status;
  assert.equal(await status('{'), 400);
  assert.equal(await status({ id: 1 }), 400);
  assert.equal(await status(request(1, 'ping'), path, { 'content-type': 'text/plain' }), 415);
  assert.equal(await status(request(1, 'ping'), '/messages'), 404);
  assert.equal(await status(request(1, 'ping'), `${path}0`), 404);
  assert.equal(await status('x'.repeat(100_001)), 413);
});
