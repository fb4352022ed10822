// The Inspector's command line, under the Node it needs: it lists, judges the schemas, and calls.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle, node } from './peers.mjs';

const launcher = join(
  dirname(fileURLToPath(import.meta.url)),
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

async function inspect(...args) {
  const server = ['-e', 'PROVIDER_TYPE=mock', '-e', 'LOG_LEVEL=error', process.execPath, bundle];
  const { stdout } = await promisify(execFile)(node(22), [launcher, '--cli', ...server, ...args], { timeout: 60_000 });
  return JSON.parse(stdout);
}

test('the Inspector lists our tools and finds nothing wrong with their schemas', async () => {
  const { tools } = await inspect('--method', 'tools/list', '--strict');
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['chat', 'generate', 'list_models', 'embed', 'job'],
  );
});

test('the Inspector calls a tool', async () => {
  const answer = await inspect('--method', 'tools/call', '--tool-name', 'chat', '--tool-arg', 'prompt=hello');
  assert.equal(answer.content[0].text, 'You said: hello');
});
