import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traitsOf } from '../../../src/protocol/clients.ts';

const USUAL = { limitMs: 60_000, extendsOnProgress: false, oneProcessPerCall: false, showsOnlyStructured: false };

test('who is not known is taken to be what most clients are built on', () => {
  for (const name of [undefined, '', 'cursor-vscode', 'my-claude-code', 'mcp-inspector', 'opencodes']) {
    assert.deepEqual(traitsOf(name), USUAL, String(name));
  }
});

test('what is known of a client goes by the name it gives itself', () => {
  assert.deepEqual(traitsOf('claude-code'), { ...USUAL, resultChars: 400_000, showsOnlyStructured: true });
  assert.deepEqual(traitsOf('docker-mcp-gateway'), { ...USUAL, oneProcessPerCall: true });
  assert.deepEqual(traitsOf('opencode'), { ...USUAL, extendsOnProgress: true, resultChars: 48_000 });
  assert.deepEqual(traitsOf('codex-mcp-client'), { ...USUAL, resultChars: 11_000 });
  assert.deepEqual(traitsOf('@cline/core'), { ...USUAL, resultChars: 6000 });
  assert.deepEqual(traitsOf('gemini-cli-mcp-client'), { ...USUAL, resultChars: 38_000 });
  assert.deepEqual(traitsOf('qwen-cli-mcp-client-anymodel'), { ...USUAL, resultChars: 26_000 });
  assert.deepEqual(traitsOf('copilot-cli'), { ...USUAL, extendsOnProgress: true, resultChars: 19_000 });
  assert.deepEqual(traitsOf('mcp'), { ...USUAL, extendsOnProgress: true });
  assert.deepEqual(traitsOf('anymodel-mcp'), { ...USUAL, limitMs: Infinity });
});
