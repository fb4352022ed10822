// Whose tasks are whose over HTTP: those of a key are its client's, in whatever session; without keys each session is
// somebody of its own, and who has neither finds a task by its id alone. What only one who is gone could find ends.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Tool } from '../../../../src/catalog/tool.ts';
import type { Cancel } from '../../../../src/core/context.ts';
import type { HeaderFields } from '../../../../src/wire/exchange.ts';
import { alone, eventsOf, initialize, McpOverHttp, messagesOf, request, settled } from '../../../support/mcp-http.ts';
import { at, toolOf } from '../../../support/mcp.ts';

const slow = toolOf('slow', () => new Promise(() => {}), { task: 'optional' });
const CALL = request(1, 'tools/call', { name: 'slow', arguments: {}, task: {} });
const DECLARED = {
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
};

async function begun(http: McpOverHttp, headers: HeaderFields): Promise<unknown> {
  return at((await http.post(CALL, headers)).json, 'result', 'task', 'taskId');
}

/** How many tasks the list has, and the code of the error that asking for this one is answered with. */
async function seen(http: McpOverHttp, headers: HeaderFields, taskId: unknown): Promise<readonly unknown[]> {
  const list = at((await http.post(request(2, 'tasks/list'), headers)).json, 'result', 'tasks');
  const got = (await http.post(request(3, 'tasks/get', { taskId }), headers)).json;
  return [Array.isArray(list) ? list.length : list, at(got, 'error', 'code')];
}

describe('a task', () => {
  test('without keys belongs to its session', async () => {
    const http = new McpOverHttp([slow]);
    const [mine, others] = [await http.session(), await http.session()];
    const [heard, unheard] = [await http.get(mine), await http.get(others)];
    const taskId = await begun(http, mine);
    assert.deepEqual(await seen(http, mine, taskId), [1, undefined]);
    assert.deepEqual(await seen(http, others, taskId), [0, -32602]);
    const cancelled = await http.post(request(4, 'tasks/cancel', { taskId }), others);
    assert.equal(at(cancelled.json, 'error', 'code'), -32602);
    await http.post(request(5, 'tasks/cancel', { taskId }), mine);
    await settled();
    assert.equal(at(messagesOf(heard.text).at(-1), 'method'), 'notifications/tasks/status');
    assert.deepEqual(messagesOf(unheard.text), []);
  });

  test('of nobody is listed to nobody', async () => {
    const http = new McpOverHttp([slow]);
    const stateless = { 'mcp-protocol-version': '2025-11-25' };
    const taskId = await begun(http, stateless);
    assert.deepEqual(await seen(http, stateless, taskId), [0, undefined]);
    assert.deepEqual(await seen(http, await http.session(), taskId), [0, -32602]);
  });

  test('of a client over the first transport is found by no other', async () => {
    const http = new McpOverHttp([slow]);
    const open = async (): Promise<(body: object) => Promise<unknown>> => {
      const stream = await http.ask('GET', '/sse', { headers: { accept: 'text/event-stream' } });
      const path = eventsOf(stream.text)[0]?.data ?? '';
      return async (body) => {
        await http.ask('POST', path, { body });
        await settled();
        return messagesOf(stream.text).at(-1);
      };
    };
    const [mine, others] = [await open(), await open()];
    const hello = { protocolVersion: '2025-11-25', capabilities: {} };
    for (const client of [mine, others]) await client(request(0, 'initialize', hello));
    assert.notEqual(at(await mine(CALL), 'result', 'task', 'taskId'), undefined);
    assert.deepEqual(at(await others(request(2, 'tasks/list')), 'result', 'tasks'), []);
  });

  test('of a key is its client own, in whatever session, and no other key finds it', async () => {
    const http = new McpOverHttp([slow], 'alice');
    const taskId = await begun(http, await http.session());
    assert.deepEqual(await seen(http, await http.session(), taskId), [1, undefined]);
    const asked = alone(4, 'tasks/get', { taskId, _meta: DECLARED });
    const modern = { ...asked.headers, 'mcp-name': String(taskId) };
    assert.equal(at((await http.post(asked.body, modern)).json, 'result', 'taskId'), taskId);
    http.client = 'bob';
    assert.deepEqual(await seen(http, await http.session(), taskId), [0, -32602]);
    assert.equal(at((await http.post(asked.body, modern)).json, 'error', 'code'), -32602);
  });
});

describe('what is left behind', () => {
  /** A tool that runs until it is called off, and why each call of it was. */
  function held(): { tool: Tool; ends: () => readonly (string | undefined)[] } {
    const cancels: Cancel[] = [];
    const tool = toolOf('slow', (_, { cancel }) => new Promise(() => void cancels.push(cancel)), { task: 'optional' });
    return { tool, ends: () => cancels.map(({ reason }) => reason?.kind) };
  }

  const remove = (http: McpOverHttp, headers: HeaderFields): Promise<unknown> =>
    http.ask('DELETE', '/mcp', { headers });

  test('by a session without a key ends when its client ends that', async () => {
    const { tool, ends } = held();
    const http = new McpOverHttp([tool]);
    const [mine, others] = [await http.session(), await http.session()];
    await begun(http, mine);
    const theirs = await begun(http, others);
    await remove(http, mine);
    await settled();
    assert.deepEqual(ends(), ['cancelled', undefined]);
    assert.equal(http.jobs.size, 1);
    assert.deepEqual(await seen(http, others, theirs), [1, undefined]);
    assert.deepEqual(http.left, ['session 00000000-0000-4000-8000-000000000001']);
    await remove(http, others);
    await settled();
    assert.equal(http.jobs.size, 0);
    assert.equal(http.clock.pending, 0);
  });

  test('by a session without a key ends when nobody has used it for long', async () => {
    const { tool, ends } = held();
    const http = new McpOverHttp([tool]);
    await begun(http, await http.session());
    http.clock.advance(29 * 60_000);
    await settled();
    assert.deepEqual(ends(), [undefined]);
    http.clock.advance(2 * 60_000);
    await settled();
    assert.deepEqual(ends(), ['cancelled']);
    assert.equal(http.jobs.size, 0);
  });

  test('what is over is forgotten with it too', async () => {
    const http = new McpOverHttp([toolOf('slow', async () => ({ content: [] }), { task: 'optional' })]);
    const mine = await http.session();
    await begun(http, mine);
    assert.equal(http.jobs.size, 1);
    await remove(http, mine);
    await settled();
    assert.equal(http.jobs.size, 0);
    assert.equal(http.clock.pending, 0);
  });

  test('over the first transport without a key ends with its stream', async () => {
    const { tool, ends } = held();
    const http = new McpOverHttp([tool]);
    const stream = await http.ask('GET', '/sse', { headers: { accept: 'text/event-stream' } });
    const path = eventsOf(stream.text)[0]?.data ?? '';
    for (const body of [initialize('2025-11-25'), CALL]) await http.ask('POST', path, { body });
    await settled();
    assert.deepEqual(ends(), [undefined]);
    stream.leave();
    await settled();
    assert.deepEqual(ends(), ['cancelled']);
    assert.equal(http.jobs.size, 0);
  });

  test('by a key goes on: its client may come back', async () => {
    const { tool, ends } = held();
    const http = new McpOverHttp([tool], 'alice');
    const mine = await http.session();
    const taskId = await begun(http, mine);
    await remove(http, mine);
    await settled();
    assert.deepEqual(ends(), [undefined]);
    assert.deepEqual(await seen(http, await http.session(), taskId), [1, undefined]);
    assert.deepEqual(http.left, []);
  });

  test('by nobody goes on: whoever knows its id may ask', async () => {
    const { tool, ends } = held();
    const http = new McpOverHttp([tool]);
    const stateless = { 'mcp-protocol-version': '2025-11-25' };
    const taskId = await begun(http, stateless);
    await remove(http, await http.session());
    await settled();
    assert.deepEqual(ends(), [undefined]);
    assert.deepEqual(await seen(http, stateless, taskId), [0, undefined]);
  });
});
