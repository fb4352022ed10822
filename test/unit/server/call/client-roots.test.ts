// Tests of server/call/client-roots.ts: how often a client is asked for its folders, and whose calls may rely on them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ToolContext } from '../../../../src/catalog/tool.ts';
import { ClientRoots } from '../../../../src/server/call/client-roots.ts';
import { FakeClock } from '../../../support/clock.ts';
import { settled } from '../../../support/slow-sink.ts';
import { at, catalogOf, McpClient, toolOf } from '../../../support/mcp.ts';

const roots = toolOf('roots', async (_, { asking }: ToolContext) => {
  const said = await asking?.ask({ roots: { method: 'roots/list', params: {} } });
  return { content: [{ type: 'text', text: JSON.stringify(said) }] };
});
const mcpClient = (): McpClient => new McpClient({ catalog: () => catalogOf(roots) });

test('a client is asked once, and again after it told of a change', async () => {
  const mcp = await mcpClient().shake('2025-11-25', { roots: { listChanged: true } });
  mcp.answers.push({ roots: [{ uri: 'file:///a' }] }, { roots: [] });
  const text = async (): Promise<unknown> =>
    at(await mcp.ask('tools/call', { name: 'roots' }), 'result', 'content', 0, 'text');
  assert.equal(await text(), '{"roots":{"roots":[{"uri":"file:///a"}]}}');
  assert.equal(await text(), '{"roots":{"roots":[{"uri":"file:///a"}]}}');
  assert.equal(mcp.asked.length, 1);
  mcp.handlers.notification({ kind: 'notification', method: 'notifications/roots/list_changed', params: undefined });
  assert.equal(await text(), '{"roots":{"roots":[]}}');
  assert.equal(mcp.asked.length, 2);
});

describe('ClientRoots', () => {
  test('what came after a change is not what is kept from before it', async () => {
    const known = new ClientRoots();
    const clock = new FakeClock();
    let answer: (said: string) => void = () => {};
    const first = known.get(() => new Promise((resolve) => (answer = resolve)), clock);
    known.forget();
    answer('old');
    assert.equal(await first, 'old');
    assert.equal(await known.get(async () => 'new', clock), 'new');
    assert.equal(await known.get(async () => 'newer', clock), 'new');
    assert.equal(clock.pending, 0);
  });

  test('all who want to know wait for one answer', async () => {
    const known = new ClientRoots();
    const clock = new FakeClock();
    let asked = 0;
    let answer: (said: string) => void = () => {};
    const ask = (): Promise<unknown> => (asked++, new Promise((resolve) => (answer = resolve)));
    const all = Promise.all([known.get(ask, clock), known.get(ask, clock), known.get(ask, clock)]);
    answer('said');
    assert.deepEqual(await all, ['said', 'said', 'said']);
    assert.equal(asked, 1);
  });

  test('an answer that is late is good for those who come after it', async () => {
    const known = new ClientRoots();
    const clock = new FakeClock();
    let answer: (said: string) => void = () => {};
    const never = (): Promise<never> => assert.fail('it was asked again');
    const silent = known.get(() => new Promise((resolve) => (answer = resolve)), clock);
    clock.advance(10_000);
    await assert.rejects(silent, { kind: 'TIMEOUT' });
    // Nobody is kept waiting for an answer that is late already.
    await assert.rejects(known.get(never, clock), { kind: 'TIMEOUT' });
    assert.equal(clock.pending, 0);
    answer('late');
    // Without a turn of the loop between: answer and call may be read together.
    assert.equal(await known.get(never, clock), 'late');
  });

  test('what is said late about folders that are others by now is not kept', async () => {
    const known = new ClientRoots();
    const clock = new FakeClock();
    let answer: (said: string) => void = () => {};
    const silent = known.get(() => new Promise((resolve) => (answer = resolve)), clock);
    clock.advance(10_000);
    await assert.rejects(silent, { kind: 'TIMEOUT' });
    known.forget();
    const second = known.get(() => Promise.reject(new Error('no')), clock);
    await assert.rejects(second, { message: 'no' });
    answer('old');
    await settled();
    assert.equal(await known.get(async () => 'new', clock), 'new');
  });

  test('a client that says nothing for ten seconds is not waited for, one that refuses is asked again', async () => {
    const known = new ClientRoots();
    const clock = new FakeClock();
    await assert.rejects(
      known.get(() => Promise.reject(new Error('no')), clock),
      { message: 'no' },
    );
    const silent = known.get(() => new Promise(() => {}), clock);
    let isOver = false;
    const over = silent.catch(() => (isOver = true));
    clock.advance(9_999);
    await settled();
    assert.equal(isOver, false);
    clock.advance(1);
    await over;
    await assert.rejects(silent, { kind: 'TIMEOUT', message: 'The client did not say its roots within 10 s.' });
  });
});

describe('what a call is told of its client', () => {
  const context = toolOf('context', async (_, { owner, isLocal }: ToolContext) => ({
    content: [{ type: 'text', text: JSON.stringify({ owner, isLocal }) }],
  }));
  const said = async (mcp: McpClient): Promise<unknown> =>
    at(await mcp.modern('tools/call', { name: 'context' }), 'result', 'content', 0, 'text');

  test('a named client owns by its name, one beside us the process, one of a session that alone, one of a request nothing', async () => {
    const made = (arrival: object): McpClient => new McpClient({ catalog: () => catalogOf(context) }, arrival);
    assert.equal(await said(made({ client: 'ci', carrier: 'request' })), '{"owner":"key ci","isLocal":false}');
    assert.equal(await said(made({ carrier: 'process' })), '{"owner":"process","isLocal":true}');
    assert.equal(await said(made({ carrier: 'session' })), '{"owner":"session call-1","isLocal":false}');
    assert.equal(await said(made({ carrier: 'request' })), '{"isLocal":false}');
  });
});
