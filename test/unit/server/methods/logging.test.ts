import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ToolContext } from '../../../../src/catalog/tool.ts';
import { at, catalogOf, heldTool, McpClient, toolOf } from '../../../support/mcp.ts';

const talker = toolOf('talker', async (_, ctx: ToolContext) => {
  ctx.log.debug('d');
  ctx.log.info('i');
  ctx.log.warn('w');
  ctx.log.error('e');
  return { content: [] };
});
const client = (): McpClient => new McpClient({ catalog: () => catalogOf(talker) });
const levels = (mcp: McpClient): unknown[] => mcp.said.map((message) => at(message, 'params', 'level'));

test('R-56: a level is {} or -32602', async () => {
  const mcp = await client().shake('2025-11-25');
  assert.deepEqual(await mcp.ask('logging/setLevel', { level: 'emergency' }), { result: {} });
  for (const params of [{}, { level: 'warn' }, { level: 3 }, undefined]) {
    assert.equal(at(await mcp.ask('logging/setLevel', params), 'error', 'code'), -32602);
  }
});

test('R-56: before any level a client hears warnings and errors of its calls, after it what it asked for', async () => {
  const mcp = await client().shake('2024-11-05');
  await mcp.ask('tools/call', { name: 'talker' });
  assert.deepEqual(levels(mcp), ['warning', 'error']);
  mcp.said.length = 0;
  await mcp.ask('logging/setLevel', { level: 'debug' });
  await mcp.ask('tools/call', { name: 'talker' });
  assert.deepEqual(levels(mcp), ['debug', 'info', 'warning', 'error']);
  mcp.said.length = 0;
  await mcp.ask('logging/setLevel', { level: 'critical' });
  await mcp.ask('tools/call', { name: 'talker' });
  assert.deepEqual(levels(mcp), []);
});

test('R-57: with an envelope a client hears nothing unless the request asks, and then from its level', async () => {
  const mcp = await client().shake('2025-11-25');
  await mcp.modern('tools/call', { name: 'talker' });
  assert.deepEqual(levels(mcp), []);
  await mcp.modern('tools/call', { name: 'talker' }, { 'io.modelcontextprotocol/logLevel': 'error' });
  assert.deepEqual(levels(mcp), ['error']);
});

test('R-58: an unknown level in an envelope is -32602', async () => {
  const reply = await client().modern('tools/list', {}, { 'io.modelcontextprotocol/logLevel': 'loud' });
  assert.equal(at(reply, 'error', 'code'), -32602);
});

test('nothing is said to one who has not shaken hands', async () => {
  const mcp = client();
  await mcp.ask('callTool', { name: 'talker' });
  assert.deepEqual(mcp.said, []);
});

test('a setLevel in no handshake settles nothing for the next one', async () => {
  const mcp = client();
  await mcp.ask('logging/setLevel', { level: 'debug' });
  await mcp.shake('2025-11-25');
  await mcp.ask('tools/call', { name: 'talker' });
  assert.deepEqual(levels(mcp), ['warning', 'error']);
});

test('a level that is set while a call runs holds for it too, and none that came with a request', async () => {
  const held = heldTool();
  const mcp = await new McpClient({ catalog: () => catalogOf(held.tool) }).shake('2025-11-25');
  const call = mcp.ask('tools/call', { name: 'hold' }, { id: 2 });
  const { log } = await held.context;
  log.info('unheard');
  await mcp.ask('logging/setLevel', { level: 'info' });
  log.info('heard');
  assert.deepEqual(levels(mcp), ['info']);
  held.finish('done');
  await call;
  mcp.said.length = 0;
  const other = heldTool();
  const modern = new McpClient({ catalog: () => catalogOf(other.tool) });
  await modern.shake('2025-11-25');
  const quiet = modern.modern('tools/call', { name: 'hold' }, { 'io.modelcontextprotocol/logLevel': 'error' });
  const context = await other.context;
  await modern.ask('logging/setLevel', { level: 'debug' });
  context.log.warn('not asked for');
  context.log.error('asked for');
  assert.deepEqual(levels(modern), ['error']);
  other.finish('done');
  await quiet;
});

describe('the log of a call that outlives its request', () => {
  const held = (): { mcp: McpClient; context: Promise<ToolContext> } => {
    const { tool, context } = heldTool();
    return { mcp: new McpClient({ catalog: () => catalogOf({ ...tool, task: 'optional' }) }), context };
  };

  test('is told as long as there is a way to, from the level the client set', async () => {
    const { mcp, context } = held();
    const main: unknown[] = [];
    const leave = mcp.handlers.announcements(
      (method, params) => void main.push([method, at(params, 'data', 'message')]),
    );
    await mcp.shake('2025-11-25');
    await mcp.ask('logging/setLevel', { level: 'info' });
    await mcp.ask('tools/call', { name: 'hold', task: {} });
    const { log } = await context;
    log.debug('too little');
    log.info('one');
    log.with({ provider: 'p' }).warn('two');
    leave();
    log.error('to nobody');
    const back: unknown[] = [];
    mcp.handlers.announcements((_, params) => void back.push(at(params, 'data', 'message')));
    leave();
    log.error('back');
    assert.deepEqual(main, [
      ['notifications/message', 'one'],
      ['notifications/message', 'two'],
    ]);
    assert.deepEqual(back, ['back']);
    assert.deepEqual(mcp.said, []);
  });

  test('ends with the answer where the level is the request own (R-57)', async () => {
    const { mcp, context } = held();
    const main: unknown[] = [];
    mcp.handlers.announcements((method) => void main.push(method));
    await mcp.shake('2025-11-25');
    await mcp.modern(
      'tools/call',
      { name: 'hold' },
      {
        'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
        'io.modelcontextprotocol/logLevel': 'debug',
      },
    );
    const { log } = await context;
    log.error('to nobody');
    assert.deepEqual(main, []);
    assert.deepEqual(mcp.said, []);
  });
});
