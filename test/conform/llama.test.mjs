// The bundle in front of a real engine, in both of the wires it speaks: llama.cpp's server with a model of 2.6 MB.
// Optional: the installer and the model's maker lie beside the project; where they or the packages cannot be had, one
// line says so.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/index.js';
import { StdioClientTransport } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/stdio.js';
import { bundle } from '../peers/peers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tools = join(root, '..', 'shared', 'upstream', 'tools');
const home = join(root, 'build', 'llama');
const model = join(home, 'tiny.gguf');

/** Installs once, into build/; answers why it cannot be done. */
function install() {
  if (existsSync(model)) return undefined;
  if (!existsSync(tools)) return 'its installer does not lie beside the project';
  try {
    execFileSync('bash', [join(tools, 'install-llama.sh'), home], { stdio: 'ignore', timeout: 300_000 });
    execFileSync(process.execPath, [join(tools, 'make-tiny-gguf.mjs'), model], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `its packages could not be installed (${error.message.split('\n')[0]})`;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the engine and waits until it says that it listens. */
async function startEngine(port, extra) {
  const args = ['-m', model, '--host', '127.0.0.1', '--port', `${port}`, '--jinja', '-c', '4096', '-np', '2'];
  const engine = spawn(join(home, 'llama-server'), [...args, '--no-webui', '--alias', 'tiny', ...extra]);
  let said = '';
  await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk;
      if (said.includes('listening on http')) resolve();
    };
    engine.stdout.on('data', listen);
    engine.stderr.on('data', listen);
    engine.on('exit', (code) => reject(new Error(`the engine ended with ${code}: ${said.slice(-500)}`)));
  });
  return engine;
}

async function connect(url, more = {}) {
  const client = new Client({ name: 'engine-test', version: '1' });
  const env = { API_BASE_URL: url, DEFAULT_MODEL: 'tiny', LOG_LEVEL: 'warn', ...more };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [bundle], env }));
  return client;
}

const missing = install();
if (missing !== undefined) console.log(`llama.cpp: not tried, ${missing}`);

describe('llama.cpp', { skip: missing !== undefined, timeout: 120_000 }, () => {
  const running = [];
  const clients = {};

  before(async () => {
    const start = async (...extra) => {
      const port = await freePort();
      running.push(await startEngine(port, extra));
      return `http://127.0.0.1:${port}`;
    };
    const url = await start();
    clients['OpenAI wire'] = await connect(`${url}/v1`);
    clients['Anthropic wire'] = await connect(url, { PROVIDER_TYPE: 'anthropic' });
    clients.embedding = await connect(`${await start('--embeddings', '--pooling', 'mean')}/v1`);
  });

  after(async () => {
    await Promise.all(Object.values(clients).map((client) => client.close()));
    for (const engine of running) engine.kill();
  });

  for (const wire of ['OpenAI wire', 'Anthropic wire']) {
    describe(wire, () => converses(() => clients[wire]));
  }

  test('embeds', async () => {
    const answer = await clients.embedding.callTool({ name: 'embed', arguments: { input: ['a', 'b'] } });
    assert.equal(answer.structuredContent.embeddings.length, 2);
    assert.equal(answer.structuredContent.embeddings[0].length, answer.structuredContent.dimensions);
  });
});

/** What has to come out the same on either wire. */
function converses(client) {
  // Greedy, for then what this model says is always the same.
  const ask = (args, options) =>
    client().callTool({ name: 'chat', arguments: { temperature: 0, ...args } }, undefined, options);

  test('lists its model', async () => {
    const { content } = await client().callTool({ name: 'list_models' });
    assert.match(content[0].text, /^tiny$/m);
  });

  test('chats', async () => {
    const answer = await ask({ prompt: 'hello' });
    assert.equal(answer.isError ?? false, false, answer.content[0].text);
    assert.ok(answer.content[0].text.length > 0);
    assert.equal(answer._meta['anymodel/finish_reason'], 'stop');
  });

  test('chats as a stream whose pieces begin the answer', async () => {
    const heard = [];
    const answer = await ask({ prompt: 'hello' }, { onprogress: (progress) => heard.push(progress) });
    assert.ok(heard.length > 0);
    // So fast an engine: this client drops what progress arrives together with the answer.
    assert.ok(answer.content[0].text.startsWith(heard.map(({ message = '' }) => message).join('')));
  });

  test('calls a tool, and answers with its result', async () => {
    const offered = [
      { type: 'function', function: { name: 'weather.get', parameters: { type: 'object', properties: {} } } },
    ];
    const messages = [{ role: 'user', content: 'What is the weather?' }];
    const called = await ask({ messages, tools: offered, max_tokens: 60 });
    const { tool_calls: calls } = JSON.parse(called.content[0].text);
    // A name that cannot be sent as it is comes back as it was given.
    assert.equal(calls[0].function.name, 'weather.get');
    // So small a model does not know when to stop; one call is enough.
    messages.push({ role: 'assistant', content: null, tool_calls: calls.slice(0, 1) });
    messages.push({ role: 'tool', tool_call_id: calls[0].id, content: 'rain' });
    const answer = await ask({ messages, tools: offered });
    assert.equal(answer.isError ?? false, false, answer.content[0].text);
  });

  test('stops where it is told to', async () => {
    const whole = await ask({ prompt: 'hello' });
    const stopped = await ask({ prompt: 'hello', stop: ['e'] });
    assert.equal(stopped.content[0].text, whole.content[0].text.split('e')[0]);
    const short = await ask({ prompt: 'hello', max_tokens: 2 });
    assert.equal(short._meta['anymodel/finish_reason'], 'length');
    assert.equal(short._meta['anymodel/usage'].completion_tokens, 2);
  });

  test('keeps reasoning apart', async () => {
    const answer = await ask({ prompt: 'think' });
    assert.ok(answer._meta['anymodel/reasoning'].length > 0);
    assert.ok(answer.content[0].text.length > 0);
  });

  test('tells a prompt that is too long, with both numbers', async () => {
    const answer = await ask({ prompt: 'word '.repeat(6000) });
    const fault = answer._meta['anymodel/error'];
    assert.equal(fault?.code, 'CONTEXT_TOO_LONG', answer.content[0].text);
    // What the engine was started with, for each of its two slots.
    assert.equal(fault.context.limit, 2048);
    assert.ok(fault.context.tokens > 6000);
  });
}
