import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClientRequest } from '../../../../src/catalog/asking.ts';
import type { ToolContext, ToolResult } from '../../../../src/catalog/tool.ts';
import { at, catalogOf, McpClient, toolOf } from '../../../support/mcp.ts';

const who: ClientRequest = { method: 'elicitation/create', params: { message: 'Who are you?' } };
const where: ClientRequest = { method: 'roots/list', params: {} };

const CAN = {
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, roots: {} },
};

function said(text: string): ToolResult {
  return { content: [{ type: 'text', text }] };
}

/** Asks one thing, then another, and says what it heard. */
const twoRounds = toolOf('two_rounds', async (_, { asking }: ToolContext) => {
  assert.ok(asking);
  const first = await asking.ask({ who });
  const second = await asking.ask({ where });
  return said(JSON.stringify([first, second]));
});

const bothAtOnce = toolOf('both', async (_, { asking }) => said(JSON.stringify(await asking?.ask({ who, where }))));
const ifItCan = toolOf('if_it_can', async (_, { asking }) => said(String(asking?.can('sampling/createMessage'))));

const catalog = catalogOf(twoRounds, bothAtOnce, ifItCan);
const client = (): McpClient => new McpClient({ catalog: () => catalog });

describe('by a request of ours, where the revision has a handshake', () => {
  test('the call waits for the answers', async () => {
    const mcp = await client().shake('2025-11-25', { elicitation: {}, roots: {} });
    mcp.answers.push({ action: 'accept' }, { roots: [] });
    const reply = await mcp.ask('tools/call', { name: 'two_rounds' });
    assert.deepEqual(mcp.asked, [
      { method: 'elicitation/create', params: { message: 'Who are you?' } },
      { method: 'roots/list', params: {} },
    ]);
    const text = at(reply, 'result', 'content', 0, 'text');
    assert.equal(text, '[{"who":{"action":"accept"}},{"where":{"roots":[]}}]');
  });

  test('a client that cannot be asked is not asked', async () => {
    const mcp = await client().shake('2025-06-18', { elicitation: {} });
    const reply = await mcp.ask('tools/call', { name: 'both' });
    assert.equal(at(reply, 'result', 'isError'), true);
    assert.equal(at(reply, 'result', '_meta', 'anymodel/error', 'code'), 'INVALID_INPUT');
    assert.deepEqual(mcp.asked, []);
  });

  test('an answer that is no object fails the call', async () => {
    const mcp = await client().shake('2025-11-25', { elicitation: {}, roots: {} });
    mcp.answers.push('yes');
    assert.equal(at(await mcp.ask('tools/call', { name: 'two_rounds' }), 'result', 'isError'), true);
  });
});

describe('R-99: by a result, where every request stands alone', () => {
  const call = (mcp: McpClient, more: object = {}, meta: object = CAN): Promise<Record<string, unknown>> =>
    mcp.modern('tools/call', { name: 'two_rounds', arguments: { a: 1 }, ...more }, meta);

  test('the client calls again and brings what it was asked, round by round', async () => {
    const mcp = client();
    const first = at(await call(mcp), 'result');
    assert.equal(at(first, 'resultType'), 'input_required');
    assert.deepEqual(at(first, 'inputRequests'), { who });
    assert.equal(at(first, 'ttlMs'), undefined);
    const second = at(
      await call(mcp, { inputResponses: { who: { action: 'accept' } }, requestState: at(first, 'requestState') }),
      'result',
    );
    assert.deepEqual(at(second, 'inputRequests'), { where });
    assert.notEqual(at(second, 'requestState'), at(first, 'requestState'));
    const third = await call(mcp, {
      inputResponses: { where: { roots: [] }, unknown: { a: 1 } },
      requestState: at(second, 'requestState'),
    });
    assert.equal(at(third, 'result', 'resultType'), 'complete');
    assert.equal(at(third, 'result', 'content', 0, 'text'), '[{"who":{"action":"accept"}},{"where":{"roots":[]}}]');
    assert.deepEqual(mcp.asked, []);
  });

  test('what is missing is asked again, and what was answered is not', async () => {
    const mcp = client();
    const first = at(await mcp.modern('tools/call', { name: 'both' }, CAN), 'result');
    assert.deepEqual(at(first, 'inputRequests'), { who, where });
    const again = at(
      await mcp.modern(
        'tools/call',
        { name: 'both', inputResponses: { where: { roots: [] } }, requestState: at(first, 'requestState') },
        CAN,
      ),
      'result',
    );
    assert.deepEqual(at(again, 'inputRequests'), { who });
    const done = await mcp.modern(
      'tools/call',
      { name: 'both', inputResponses: { who: {} }, requestState: at(again, 'requestState') },
      CAN,
    );
    assert.equal(at(done, 'result', 'content', 0, 'text'), '{"who":{},"where":{"roots":[]}}');
  });

  test('a client that did not declare it is told what is needed', async () => {
    const reply = await call(client(), {}, {});
    assert.equal(at(reply, 'error', 'code'), -32021);
    assert.deepEqual(at(reply, 'error', 'data'), { requiredCapabilities: { elicitation: {} } });
    const able = await client().modern('tools/call', { name: 'if_it_can' }, CAN);
    assert.equal(at(able, 'result', 'content', 0, 'text'), 'false');
  });

  test('state that was changed, belongs elsewhere or is old is refused', async () => {
    const mcp = client();
    const requestState = String(at(await call(mcp), 'result', 'requestState'));
    const flipped = requestState.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'));
    const [body] = requestState.split('.');
    for (const state of [flipped, `${requestState}x`, body, '', '.', `${requestState}.${requestState}`, 'a.b']) {
      assert.equal(at(await call(mcp, { requestState: state }), 'error', 'code'), -32602, state);
    }
    assert.equal(at(await call(mcp, { requestState, arguments: { a: 2 } }), 'error', 'code'), -32602);
    assert.equal(at(await mcp.modern('tools/call', { name: 'both', requestState }, CAN), 'error', 'code'), -32602);
    assert.equal(at(await call(client(), { requestState }), 'result', 'resultType'), 'input_required');
    mcp.clock.advance(60 * 60 * 1000 + 1);
    assert.equal(at(await call(mcp, { requestState }), 'error', 'code'), -32602);
  });
});
