import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelMethods } from '../../../../src/catalog/tool.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { at, McpClient } from '../../../support/mcp.ts';

function failing(fault: Fault): ModelMethods {
  const fail = async (): Promise<never> => {
    throw fault;
  };
  return { list: fail, complete: fail, createCompletion: fail };
}

test('models/list and its other name answer the same', async () => {
  const mcp = await new McpClient().shake('2025-03-26');
  const params = { provider: 'p', cursor: null, _meta: { progressToken: 0 } };
  const reply = await mcp.ask('models/list', params);
  assert.deepEqual(reply, { result: { models: [], asked: { provider: 'p' } } });
  assert.deepEqual(await mcp.ask('listModels', params), reply);
});

test('R-35: a cursor that is no string is refused', async () => {
  assert.equal(at(await new McpClient().ask('models/list', { cursor: 3 }), 'error', 'code'), -32602);
});

test('the envelope never reaches the request that goes to the model', async () => {
  const reply = await new McpClient().modern('createCompletion', { messages: [], seed: 1 }, { traceparent: 'x' });
  assert.deepEqual(at(reply, 'result', 'asked'), { messages: [], seed: 1 });
  assert.equal(at(reply, 'result', 'resultType'), 'complete');
});

test('a failure upstream is -31000 with the error object', async () => {
  const mcp = new McpClient({ methods: failing(new Fault('QUOTA', 'Used up.', { data: { next: 'Top up.' } })) });
  for (const method of ['models/list', 'createCompletion', 'completion/complete']) {
    assert.deepEqual(
      await mcp.ask(method, {}),
      {
        error: {
          code: -31000,
          message: 'Used up. Top up.',
          data: { code: 'QUOTA', attempts: [], next: 'Top up.' },
        },
      },
      method,
    );
  }
});

test('the limits of a client hold for the methods of ours as for tools', async () => {
  let underWay = 0;
  const mcp = new McpClient({
    enter() {
      if (underWay > 0) throw new Fault('RATE_LIMITED', 'Enough for now.', { data: { next: 'Wait.' } });
      underWay++;
      return () => void underWay--;
    },
  });
  const methods = ['models/list', 'createCompletion', 'completion/complete'];
  const inTurn = async (method: string): Promise<unknown> => at(await mcp.ask(method, {}), 'error', 'data', 'code');
  for (const method of methods) assert.equal(await inTurn(method), undefined, `${method} is let in, and leaves`);
  assert.equal(underWay, 0);
  underWay = 1;
  for (const method of methods) assert.equal(await inTurn(method), 'RATE_LIMITED', method);
  assert.equal(underWay, 1, 'who was not let in does not leave');
});

test('bad input is -32602', async () => {
  for (const kind of ['invalid-params', 'INVALID_INPUT'] as const) {
    const mcp = new McpClient({ methods: failing(new Fault(kind, 'messages must be an array.')) });
    assert.deepEqual(await mcp.ask('createCompletion', {}), {
      error: { code: -32602, message: 'messages must be an array.' },
    });
  }
});

test('a call of ours that is over has no timer left', async () => {
  const mcp = new McpClient();
  await mcp.ask('createCompletion', { _meta: { progressToken: 1 } });
  assert.equal(mcp.clock.pending, 0);
});
