import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { at, McpClient, MODERN } from '../../support/mcp.ts';

const code = (reply: unknown): unknown => at(reply, 'error', 'code');

test('MCP 3.5: before a handshake, known methods of the specification say what to send', async () => {
  const mcp = new McpClient();
  const cases: [string, unknown][] = [
    ['tools/list', undefined],
    ['tools/call', { name: 'echo' }],
    ['logging/setLevel', { level: 'debug' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } }],
  ];
  for (const [method, params] of cases) {
    assert.deepEqual(
      await mcp.ask(method, params),
      {
        error: {
          code: -32600,
          message: 'Not initialized: send initialize, or a 2026-07-28 _meta envelope with every request.',
        },
      },
      method,
    );
  }
});

test('MCP 3.5: before a handshake, our own methods are served in the shapes of 2025-11-25', async () => {
  const mcp = new McpClient();
  assert.deepEqual(await mcp.ask('models/list'), { result: { models: [], asked: {} } });
  assert.deepEqual(await mcp.ask('listModels', { provider: 'p' }), {
    result: { models: [], asked: { provider: 'p' } },
  });
  assert.deepEqual(await mcp.ask('createCompletion', { messages: [] }), {
    result: { object: 'chat.completion', asked: { messages: [] } },
  });
  assert.equal(
    at(await mcp.ask('completion/complete', { messages: [] }), 'result', 'completion', 'values', 0),
    'hello',
  );
  assert.deepEqual(await mcp.ask('callTool', { name: 'echo', arguments: { text: 'a' } }), {
    result: {
      content: [{ type: 'text', text: '{"text":"a"}' }],
      structuredContent: { text: 'a' },
      _meta: { 'anymodel/model': 'm' },
    },
  });
});

test('MCP 3.5: an unknown method is unknown before and after a handshake', async () => {
  const mcp = new McpClient();
  assert.deepEqual(await mcp.ask('no/such'), { error: { code: -32601, message: 'Unknown method: "no/such".' } });
  await mcp.shake('2025-11-25');
  assert.equal(code(await mcp.ask('no/such', [])), -32601);
});

test('R-76: methods of what is not offered are unknown in every revision', async () => {
  const methods = ['resources/list', 'resources/templates/list', 'prompts/list', 'prompts/get', 'tasks/list'];
  for (const date of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    const mcp = await new McpClient().shake(date);
    for (const method of methods) assert.equal(code(await mcp.ask(method, {})), -32601, `${date} ${method}`);
  }
  for (const method of methods) {
    assert.equal(code(await new McpClient().modern(method)), -32601, method);
  }
});

test('R-07: an envelope on the first line of a process is served', async () => {
  const reply = await new McpClient().modern('tools/list');
  assert.equal(at(reply, 'result', 'resultType'), 'complete');
});

test('R-09: an envelope without capabilities names the key', async () => {
  const reply = await new McpClient().ask('tools/list', {
    _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
  });
  assert.equal(code(reply), -32602);
  assert.deepEqual(at(reply, 'error', 'data'), { key: 'io.modelcontextprotocol/clientCapabilities' });
});

test('R-11, R-12: another version in the envelope is told which are served', async () => {
  for (const requested of ['2099-01-01', '2025-11-25']) {
    const reply = await new McpClient().modern(
      'tools/list',
      {},
      { 'io.modelcontextprotocol/protocolVersion': requested },
    );
    assert.equal(code(reply), -32022);
    assert.deepEqual(at(reply, 'error', 'data'), {
      supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      requested,
    });
  }
});

test('R-13: methods that ended are unknown with an envelope', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  const methods = ['ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe', 'tasks/list'];
  for (const method of [...methods, 'tasks/result']) assert.equal(code(await mcp.modern(method)), -32601, method);
  assert.equal(code(await mcp.modern('initialize', { protocolVersion: '2025-11-25' })), -32601);
});

test('R-14: a bad envelope and an unknown method are an error each', async () => {
  const mcp = new McpClient();
  const bad = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
  assert.equal(code(await mcp.ask('no/such', bad)), -32602);
  assert.equal(code(await mcp.modern('no/such')), -32601);
});

test('R-15: nothing of a handshake reaches a request with an envelope, and the other way round', async () => {
  const mcp = await new McpClient().shake('2024-11-05');
  assert.equal(at(await mcp.modern('tools/list'), 'result', 'tools', 0, 'title'), 'The echo tool');
  assert.equal(at(await mcp.ask('tools/list'), 'result', 'tools', 0, 'title'), undefined);
});

test('R-21: notifications do nothing, whatever they are', () => {
  const { handlers, said } = new McpClient();
  for (const method of ['notifications/initialized', 'no/such', 'tools/call']) {
    handlers.notification({ kind: 'notification', method, params: [] });
  }
  assert.deepEqual(said, []);
});

test('R-29: initialize in a batch is refused by itself', async () => {
  const mcp = await new McpClient().shake('2025-03-26');
  const reply = await mcp.ask('initialize', { protocolVersion: '2025-03-26' }, { inBatch: true });
  assert.equal(code(reply), -32600);
  assert.deepEqual(await mcp.ask('ping', undefined, { inBatch: true }), { result: {} });
});

test('R-64: a cancel names a string or a number, or nothing', () => {
  const { handlers } = new McpClient();
  const cancels = (params: unknown, method = 'notifications/cancelled'): unknown =>
    handlers.cancels({ kind: 'notification', method, params });
  assert.equal(cancels({ requestId: 0, reason: 'x' }), 0);
  assert.equal(cancels({ requestId: '1' }), '1');
  for (const params of [undefined, null, 5, [], {}, { requestId: null }, { requestId: {} }]) {
    assert.equal(cancels(params), undefined);
  }
  assert.equal(cancels({ requestId: 1 }, 'notifications/progress'), undefined);
});

test('MCP 3.14: everything but initialize can be cancelled', () => {
  const { handlers } = new McpClient();
  assert.equal(handlers.cancellable('initialize'), false);
  assert.equal(handlers.cancellable('tools/call'), true);
});

test('R-100: vendor keys in _meta change nothing', async () => {
  const mcp = await new McpClient().shake('2025-06-18');
  const meta = { traceparent: 'x', 'x.example/y': 1, 'io.modelcontextprotocol/clientInfo': 3 };
  assert.equal(at(await mcp.ask('tools/list', { _meta: meta }), 'error'), undefined);
  assert.equal(at(await mcp.ask('tools/list', { _meta: 'odd' }), 'error'), undefined);
});

test('R-33: no hints on results that may not be cached', async () => {
  const mcp = new McpClient();
  for (const reply of [await mcp.modern('tools/call', { name: 'echo' }), await mcp.modern('models/list')]) {
    assert.equal(at(reply, 'result', 'resultType'), 'complete');
    assert.equal(at(reply, 'result', 'ttlMs'), undefined);
    assert.equal(at(reply, 'result', 'cacheScope'), undefined);
  }
});

test('R-06: who answers stands beside what the result itself says', async () => {
  const reply = await new McpClient().modern('tools/call', { name: 'echo' });
  assert.deepEqual(at(reply, 'result', '_meta'), {
    'anymodel/model': 'm',
    'io.modelcontextprotocol/serverInfo': { name: 'anymodel-mcp', title: 'Any model', version: '1.2.3' },
  });
});

test('a bug is opaque to the peer and whole in the log', () => {
  const mcp = new McpClient();
  const request = { kind: 'request' as const, id: 1, method: 'tools/call', params: { _meta: MODERN } };
  const error = mcp.handlers.error(Fault.from(new TypeError('s3cret broke')), request);
  assert.deepEqual(error, { code: -32603, message: 'Internal error.' });
  assert.equal(mcp.log.length, 1);
  assert.equal(at(mcp.log, 0, 'level'), 'error');
  assert.equal(at(mcp.log, 0, 'fields', 'method'), 'tools/call');
  assert.match(String(at(mcp.log, 0, 'fields', 'stack')), /TypeError: s3cret broke\n/);
});

test('what the peer brought about is not logged as an error', async () => {
  const mcp = new McpClient();
  await mcp.ask('no/such');
  mcp.handlers.error(new Fault('parse', 'Not JSON.'), undefined);
  assert.deepEqual(mcp.log, []);
});
