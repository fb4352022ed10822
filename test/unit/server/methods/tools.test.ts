import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolContext } from '../../../../src/catalog/tool.ts';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { FaultKind, FaultOptions } from '../../../../src/core/fault.ts';
import { LongText } from '../../../../src/core/json.ts';
import { outcome } from '../../../../src/server/methods/tools.ts';
import { at, catalogOf, ECHO, McpClient, toolOf } from '../../../support/mcp.ts';

const legacy = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
const asIs = (text: string): string => text;

async function failing(kind: FaultKind, message: string, options?: FaultOptions): Promise<McpClient> {
  const fail = toolOf('fail', async () => {
    throw new Fault(kind, message, options);
  });
  return new McpClient({ catalog: () => catalogOf(fail) }).shake('2025-11-25');
}

test('R-40: an unknown tool is invalid params in every revision, with the nearest name', async () => {
  const unknown = { error: { code: -32602, message: 'Unknown tool: "ecco". Did you mean "echo"?' } };
  for (const date of legacy) {
    const mcp = await new McpClient().shake(date);
    assert.deepEqual(await mcp.ask('tools/call', { name: 'ecco' }), unknown, date);
  }
  assert.deepEqual(await new McpClient().modern('tools/call', { name: 'ecco' }), unknown);
  assert.deepEqual(await new McpClient().modern('tools/call', { name: 'quite_another_name' }), {
    error: { code: -32602, message: 'Unknown tool: "quite_another_name".' },
  });
});

test('MCP 5.2: params, name and arguments of the wrong type are invalid params', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  for (const params of [undefined, [], {}, { name: 3 }, { name: 'echo', arguments: [] }]) {
    assert.equal(at(await mcp.ask('tools/call', params), 'error', 'code'), -32602);
  }
});

test('R-41: no arguments are {}', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  const none = await mcp.ask('tools/call', { name: 'echo' });
  assert.deepEqual(none, await mcp.ask('tools/call', { name: 'echo', arguments: {} }));
  assert.equal(at(none, 'result', 'content', 0, 'text'), '{}');
});

test('R-42: bad arguments are an error result naming each field, in every revision', async () => {
  for (const date of legacy) {
    const mcp = await new McpClient().shake(date);
    const reply = await mcp.ask('tools/call', { name: 'echo', arguments: { text: 3, max_token: 1 } });
    const text = String(at(reply, 'result', 'content', 0, 'text'));
    assert.match(text, /^Invalid arguments: text must be a string, not 3; max_token is .*did you mean "max_tokens"/);
    assert.ok(text.endsWith(' Correct the arguments and call again.'), text);
    assert.equal(at(reply, 'result', 'isError'), true, date);
    assert.deepEqual(at(reply, 'result', '_meta'), {
      'anymodel/error': { code: 'INVALID_INPUT', attempts: [], next: 'Correct the arguments and call again.' },
    });
  }
  const reply = await new McpClient().modern('tools/call', { name: 'echo', arguments: { text: 3 } });
  assert.equal(at(reply, 'result', 'isError'), true);
  assert.equal(at(reply, 'result', 'resultType'), 'complete');
});

test('arguments are widened before they are checked', async () => {
  const tool = { ...ECHO, widen: () => ({ text: 'widened' }) };
  const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake('2025-11-25');
  const reply = await mcp.ask('tools/call', { name: 'echo', arguments: { text: 3 } });
  assert.equal(at(reply, 'result', 'content', 0, 'text'), '{"text":"widened"}');
});

test('more than five problems are cut short', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  const args = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`zzzzzzzz${n}`, n]));
  const reply = await mcp.ask('tools/call', { name: 'echo', arguments: args });
  assert.match(String(at(reply, 'result', 'content', 0, 'text')), /zzzzzzzz5 [^z]*; and more\. Correct/);
});

test('R-43: a failure upstream is an error result with the account in _meta and no secret', async () => {
  const mcp = await failing('AUTH', 'corp refused the key s3cret', {
    data: { provider: 'corp', status: 401, next: 'Check API_KEY.', requestId: 'r1' },
  });
  assert.deepEqual(await mcp.ask('tools/call', { name: 'fail' }), {
    result: {
      content: [{ type: 'text', text: 'corp refused the key [redacted]. Check API_KEY.' }],
      isError: true,
      _meta: {
        'anymodel/error': {
          code: 'AUTH',
          provider: 'corp',
          status: 401,
          request_id: 'r1',
          attempts: [],
          next: 'Check API_KEY.',
        },
      },
    },
  });
});

test('a failure that kept text carries it as a further block', async () => {
  for (const kind of ['INCOMPLETE', 'CONTENT_FILTER'] as const) {
    const mcp = await failing(kind, 'It broke off.', { data: { partial: 'Once upon', next: 'Again.' } });
    const reply = await mcp.ask('tools/call', { name: 'fail' });
    assert.deepEqual(at(reply, 'result', 'content'), [
      { type: 'text', text: 'It broke off. Again.' },
      { type: 'text', text: 'Once upon' },
    ]);
  }
});

test('a bug in a tool is an internal error that says nothing', async () => {
  const broken = toolOf('broken', async () => {
    throw new RangeError('at /secret/path.ts');
  });
  const mcp = await new McpClient({ catalog: () => catalogOf(broken) }).shake('2025-11-25');
  assert.deepEqual(await mcp.ask('tools/call', { name: 'broken' }), {
    error: { code: -32603, message: 'Internal error.' },
  });
  assert.match(String(at(mcp.log.at(-1), 'fields', 'stack')), /RangeError/);
});

test('outcome leaves bugs and cancels as they are', () => {
  for (const kind of ['internal', 'cancelled', 'invalid-params'] as const) {
    const fault = new Fault(kind, 'x');
    assert.throws(() => outcome(fault, asIs), fault);
  }
  assert.equal(outcome(new Fault('TIMEOUT', 'x'), asIs).isError, true);
});

test('R-46: an error result of a tool itself loses its structured content', async () => {
  const tool = toolOf('sad', async () => ({ content: [], structuredContent: { a: 1 }, isError: true }));
  const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake('2025-11-25');
  assert.deepEqual(await mcp.ask('tools/call', { name: 'sad' }), { result: { content: [], isError: true } });
});

test('R-31: structured content goes only to revisions that know it, and the tool is told', async () => {
  const seen: boolean[] = [];
  const tool = toolOf('both', async (_, ctx) => {
    seen.push(ctx.structured);
    return { content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 1 } };
  });
  const structured: unknown[] = [];
  for (const date of legacy) {
    const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake(date);
    structured.push(at(await mcp.ask('tools/call', { name: 'both' }), 'result', 'structuredContent'));
  }
  assert.deepEqual(structured, [undefined, undefined, { a: 1 }, { a: 1 }]);
  assert.deepEqual(seen, [false, false, true, true]);
});

test('R-93: a task member is ignored, as tasks are not declared', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  const reply = await mcp.ask('tools/call', { name: 'echo', task: { ttl: 1000 } });
  assert.equal(at(reply, 'result', 'content', 0, 'text'), '{}');
});

test('a long text goes through in its pieces', async () => {
  const text = new LongText(['ab', 'cd']);
  const tool = toolOf('long', async () => ({ content: [{ type: 'text', text }] }));
  const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake('2025-11-25');
  const request = { kind: 'request' as const, id: 1, method: 'tools/call', params: { name: 'long' } };
  assert.equal(at(await mcp.handlers.request(request, mcp.context()), 'content', 0, 'text'), text);
});

test('a tool is told its deadline, its id and what cancels it', async () => {
  let seen: ToolContext | undefined;
  const tool = toolOf('look', async (_, ctx) => {
    seen = ctx;
    return { content: [] };
  });
  const cancel = new CancelSource();
  const mcp = await new McpClient({ catalog: () => catalogOf(tool), totalMs: () => 5000 }).shake('2025-11-25');
  mcp.clock.advance(100);
  await mcp.ask('tools/call', { name: 'look' }, { cancel });
  assert.equal(seen?.deadline, 5100);
  assert.equal(seen?.requestId, 'call-1');
  assert.equal(seen?.cancel, cancel);
});

test('callTool is tools/call by another name', async () => {
  const mcp = await new McpClient().shake('2025-06-18');
  const params = { name: 'echo', arguments: { text: 'a' } };
  assert.deepEqual(await mcp.ask('callTool', params), await mcp.ask('tools/call', params));
});

test('a call keeps the catalog it began with; the next one sees the new', async () => {
  let catalog = catalogOf(ECHO);
  const mcp = await new McpClient({ catalog: () => catalog }).shake('2025-11-25');
  await mcp.ask('tools/list');
  catalog = catalogOf(toolOf('other', async () => ({ content: [] })));
  assert.equal(at(await mcp.ask('tools/list'), 'result', 'tools', 0, 'name'), 'other');
  assert.equal(at(await mcp.ask('tools/call', { name: 'echo' }), 'error', 'code'), -32602);
});

test('R-65: a call among too many is an error result, another request an error, and a ping an answer', async () => {
  const mcp = await new McpClient().shake('2025-11-25');
  const crowd = { isCrowded: true };
  const call = await mcp.ask('tools/call', { name: 'echo' }, crowd);
  assert.equal(at(call, 'result', 'isError'), true);
  assert.equal(at(call, 'result', '_meta', 'anymodel/error', 'code'), 'OVERLOADED');
  assert.equal(at(await mcp.ask('models/list', {}, crowd), 'error', 'code'), -31000);
  assert.deepEqual(await mcp.ask('ping', undefined, crowd), { result: {} });
});
