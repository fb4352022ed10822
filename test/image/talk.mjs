// Short conversations with a program: on its stdio a handshake, tools, an answer; over HTTP its health. Both to an
// orderly end.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const HELLO = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'image-test', version: '1' } },
};

/**
 * Starts `command`, talks, and ends it by closing stdin, or by what `end` does with the child, whose fourth
 * stream is a pipe to read. Rejects when anything is wrong.
 */
export async function talk([command, ...args], end = (child) => child.stdin.end()) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, by) => resolve(code ?? by));
  });
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (message) => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await lines.next();
    assert.ok(!done, `the program ended without answering ${message.method}`);
    const answer = JSON.parse(value);
    assert.equal(answer.id, message.id);
    assert.equal(answer.error, undefined);
    return answer.result;
  };
  const { serverInfo } = await ask(HELLO);
  assert.equal(serverInfo.name, 'anymodel-mcp');
  const { tools } = await ask({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  assert.ok(tools.some(({ name }) => name === 'chat'));
  const params = { name: 'chat', arguments: { prompt: 'hello from a container' } };
  const answer = await ask({ jsonrpc: '2.0', id: 2, method: 'tools/call', params });
  assert.equal(answer.content[0].text, 'You said: hello from a container');
  end(child);
  assert.equal(await ended, 0);
  clearTimeout(late);
}

/**
 * Starts `command`, a service over HTTP, waits until it says that it listens, has `probe` confirm that it is healthy,
 * asks at `url` too where there is one, and ends it by what `end` does with the child.
 */
export async function confirmHealthy([command, ...args], { probe: [asker, ...asked], url, end }) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, by) => resolve(code ?? by));
  });
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  let isUp = false;
  for await (const line of createInterface({ input: child.stderr })) {
    isUp = line.includes('"msg":"listening"');
    if (isUp) break;
  }
  assert.ok(isUp, 'the service ended without listening');
  const { status, stdout, stderr } = spawnSync(asker, asked, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /is ready/);
  if (url !== undefined) {
    const answer = await fetch(`${url}/health`);
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).status, 'ok');
  }
  end(child);
  assert.equal(await ended, 0);
  clearTimeout(late);
}
