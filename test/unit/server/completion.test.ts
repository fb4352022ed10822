import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, McpClient } from '../../support/mcp.ts';

test('R-54: every ref is unknown, as there is nothing to refer to', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  for (const ref of [{ type: 'ref/prompt', name: 'ask' }, { type: 'ref/resource', uri: 'x://y' }, null]) {
    const reply = await mcp.ask('completion/complete', { ref, argument: { name: 'model', value: '' } });
    assert.equal(at(reply, 'error', 'code'), -32602);
  }
});

test('with messages it asks a model, in every revision', async () => {
  for (const date of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    const mcp = await new McpClient().shake(date);
    assert.deepEqual(
      await mcp.ask('completion/complete', { messages: [1], _meta: { progressToken: 1 } }),
      { result: { completion: { values: ['hello'], total: 1, hasMore: false }, asked: { messages: [1] } } },
      date,
    );
  }
  const reply = await new McpClient().modern('completion/complete', { prompt: { messages: [] } });
  assert.equal(at(reply, 'result', 'resultType'), 'complete');
  assert.deepEqual(at(reply, 'result', 'asked'), { prompt: { messages: [] } });
});
