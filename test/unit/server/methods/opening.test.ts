import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawJson } from '../../../../src/core/json.ts';
import { at, McpClient } from '../../../support/mcp.ts';

const legacy = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
const client = { capabilities: {}, clientInfo: { name: 'test', version: '0' } };

test('R-01: a version with a handshake is answered by itself', async () => {
  for (const protocolVersion of legacy) {
    const reply = await new McpClient().ask('initialize', { protocolVersion, ...client });
    assert.equal(at(reply, 'result', 'protocolVersion'), protocolVersion);
  }
});

test('R-02, R-03: any other version is answered by 2025-11-25, as a result', async () => {
  for (const protocolVersion of ['2024-10-07', '2099-01-01', '', '2026-07-28']) {
    const reply = await new McpClient().ask('initialize', { protocolVersion, ...client });
    assert.equal(at(reply, 'result', 'protocolVersion'), '2025-11-25', protocolVersion);
  }
});

test('R-04: the handshake names the server and has no resultType', async () => {
  const reply = await new McpClient({ instructions: 'Ask me.' }).ask('initialize', {
    protocolVersion: '2025-11-25',
    ...client,
  });
  assert.deepEqual(reply, {
    result: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, logging: {}, completions: {}, experimental: { 'anymodel/models': {} } },
      serverInfo: { name: 'anymodel-mcp', title: 'Any model', version: '1.2.3' },
      instructions: 'Ask me.',
    },
  });
});

test('MCP 2.1 (4): no version is an error, no clientInfo and no capabilities are not', async () => {
  const mcp = new McpClient();
  assert.equal(at(await mcp.ask('initialize', {}), 'error', 'code'), -32602);
  assert.equal(at(await mcp.ask('initialize', []), 'error', 'code'), -32602);
  assert.equal(at(await mcp.ask('initialize'), 'error', 'code'), -32602);
  const reply = await mcp.ask('initialize', { protocolVersion: '2025-03-26' });
  assert.equal(at(reply, 'result', 'protocolVersion'), '2025-03-26');
});

test('MCP 2.1 (6): a second handshake renegotiates', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  assert.equal(typeof at(await mcp.ask('tools/list'), 'result', 'tools', 0, 'title'), 'string');
  await mcp.shake('2024-11-05');
  assert.equal(at(await mcp.ask('tools/list'), 'result', 'tools', 0, 'title'), undefined);
});

test('R-05, R-06: discover lists every version, newest first, with no serverInfo in the body', async () => {
  assert.deepEqual(await new McpClient({ instructions: 'Ask me.' }).modern('server/discover'), {
    result: {
      supportedVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      capabilities: { tools: {}, logging: {}, completions: {}, extensions: { 'anymodel/models': {} } },
      instructions: 'Ask me.',
      resultType: 'complete',
      _meta: {
        'io.modelcontextprotocol/serverInfo': { name: 'anymodel-mcp', title: 'Any model', version: '1.2.3' },
      },
      ttlMs: 0,
      cacheScope: 'private',
    },
  });
});

test('R-08: discover, then initialize on the same connection', async () => {
  const mcp = new McpClient();
  assert.equal(at(await mcp.modern('server/discover'), 'result', 'resultType'), 'complete');
  await mcp.shake('2025-06-18');
  assert.equal(at(await mcp.ask('tools/list'), 'result', 'resultType'), undefined);
});

test('MCP 2.4: server/discover without a claim is unknown, before and after a handshake', async () => {
  const mcp = new McpClient();
  assert.equal(at(await mcp.ask('server/discover'), 'error', 'code'), -32601);
  await mcp.shake('2025-11-25');
  assert.equal(at(await mcp.ask('server/discover', {}), 'error', 'code'), -32601);
});

test('R-32: ping is {} before and after the handshake, and answered at once', async () => {
  const mcp = new McpClient();
  const answer = mcp.handlers.request({ kind: 'request', id: 0, method: 'ping', params: undefined }, mcp.context());
  assert.ok(answer instanceof RawJson);
  assert.equal(answer.text, '{}');
  await mcp.shake('2024-11-05');
  assert.deepEqual(await mcp.ask('ping', {}), { result: {} });
});
