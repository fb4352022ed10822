import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { traitsOf } from '../../../src/protocol/clients.ts';
import { root } from '../../support/root.ts';

const USUAL = { limitMs: 60_000, extendsOnProgress: false, oneProcessPerCall: false, showsOnlyStructured: false };

test('who is not known is taken to be what most clients are built on', () => {
  for (const name of [undefined, '', 'cursor-vscode', 'my-claude-code', 'mcp-inspector', 'opencodes']) {
    assert.deepEqual(traitsOf(name), USUAL, String(name));
  }
});

test('what is known of a client goes by the name it gives itself', () => {
  assert.deepEqual(traitsOf('claude-code'), {
    ...USUAL,
    resultChars: 400_000,
    imageChars: 6400,
    showsOnlyStructured: true,
  });
  assert.deepEqual(traitsOf('claude-ai'), { ...USUAL, resultChars: 800_000 });
  assert.deepEqual(traitsOf('docker-mcp-gateway'), { ...USUAL, oneProcessPerCall: true });
  assert.deepEqual(traitsOf('opencode'), {
    ...USUAL,
    extendsOnProgress: true,
    resultChars: 48_000,
    countsBytes: true,
    imageChars: 0,
  });
  assert.deepEqual(traitsOf('codex-mcp-client'), { ...USUAL, resultChars: 11_000, countsBytes: true, imageChars: 0 });
  assert.deepEqual(traitsOf('@cline/core'), { ...USUAL, resultChars: 6000 });
  assert.deepEqual(traitsOf('gemini-cli-mcp-client'), { ...USUAL, resultChars: 38_000, imageChars: 0 });
  assert.deepEqual(traitsOf('qwen-cli-mcp-client-anymodel'), { ...USUAL, resultChars: 26_000, imageChars: 0 });
  assert.deepEqual(traitsOf('copilot-cli'), {
    ...USUAL,
    extendsOnProgress: true,
    resultChars: 19_000,
    countsBytes: true,
    imageChars: 0,
  });
  assert.deepEqual(traitsOf('mcp'), { ...USUAL, extendsOnProgress: true });
  assert.deepEqual(traitsOf('anymodel-mcp'), { ...USUAL, limitMs: Infinity });
});

/** The names in the table, as they are written. */
function rows(): RegExp[] {
  const table = readFileSync(join(root, 'src', 'protocol', 'clients.ts'), 'utf8');
  return [...table.matchAll(/^.*\bname: \/(.+?)\/,/gm)].map(([, pattern = '']) => new RegExp(pattern));
}

test('every client in the table has a transcript', () => {
  const folder = join(root, 'fixtures', 'conversations');
  const transcripts = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const names = transcripts.flatMap((name) =>
    [
      ...readFileSync(join(folder, name), 'utf8').matchAll(
        /"(?:clientInfo|io\.modelcontextprotocol\/clientInfo)":\{"name":"([^"]+)"/g,
      ),
    ].map(([, client = '']) => client),
  );
  const all = rows();
  assert.ok(all.length >= 6, 'the table is not where it should be');
  assert.deepEqual(
    all.filter((row) => !names.some((name) => row.test(name))),
    [],
  );
});
