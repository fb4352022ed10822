// Another configuration under load: calls go on, each on the one it began with; a broken file changes nothing but the
// log; the client is told of other tools. RELOADS says how often (40 unless set).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { bundle } from './support/bundle.ts';
import { listen } from './support/loopback.ts';
import { within } from './support/program.ts';

const RELOADS = Number(process.env['RELOADS'] ?? 40);
const PROVIDERS = 50;
const AT_ONCE = 8;

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text: string }[] };
}

class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly notices: string[] = [];
  /** The lines of the log so far. */
  readonly log: string[] = [];
  #onLog = (_line: string): void => {};
  #id = 0;

  constructor(file: string, t: TestContext) {
    this.#child = spawn(process.execPath, [bundle, '--config', file], { env: { ...process.env, LOG_LEVEL: 'info' } });
    t.after(() => this.#child.kill('SIGKILL'));
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.log.push(line);
      this.#onLog(line);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const reply: Reply = JSON.parse(line);
      if (reply.method !== undefined) this.notices.push(reply.method);
      else this.#waiting.get(reply.id ?? 0)?.(reply);
    });
  }

  ask(method: string, params: unknown): Promise<Reply> {
    const id = ++this.#id;
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return within(new Promise((resolve) => this.#waiting.set(id, resolve)), method);
  }

  async chat(): Promise<string> {
    const { result } = await this.ask('tools/call', { name: 'chat', arguments: { prompt: 'hi', model: 'fast' } });
    assert.notEqual(result?.isError, true, JSON.stringify(result));
    return result?.content?.[0]?.text ?? '';
  }

  /** Has the configuration read again. */
  reload(): void {
    this.#child.kill('SIGHUP');
  }

  /** Resolves when chat answers that: what was read last is in force. */
  async answers(text: string): Promise<void> {
    const come = async (): Promise<void> => {
      while ((await this.chat()) !== text);
    };
    await within(come(), text);
  }

  /** Resolves with the next line of the log like that. The file is watched too, so lines that tell of an earlier one may come first. */
  logs(pattern: RegExp): Promise<string> {
    const told = new Promise<string>((resolve) => {
      this.#onLog = (line) => {
        if (pattern.test(line)) resolve(line);
      };
    });
    return within(told, String(pattern));
  }

  async end(): Promise<number | null> {
    this.#child.stdin.end();
    return within(new Promise((resolve) => this.#child.on('exit', resolve)), 'the end');
  }
}

function configured(url: string, n: number): string {
  const providers = Array.from({ length: PROVIDERS }, (_, i) => ({
    id: `p${i}`,
    type: 'openai',
    baseUrl: url,
    models: [`m${n}`],
  }));
  const tools = n % 2 === 0 ? ['chat'] : ['chat', 'embed'];
  return JSON.stringify({ server: { tools }, providers, models: { fast: [{ provider: 'p0', model: `m${n}` }] } });
}

test(`${RELOADS} reloads of ${PROVIDERS} providers under load fail no call`, async (t) => {
  const upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { model } = JSON.parse(body) as { model: string };
      const chunk = { choices: [{ index: 0, delta: { content: model }, finish_reason: 'stop' }] };
      response.setHeader('content-type', 'text/event-stream');
      response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    });
  });
  const url = `http://127.0.0.1:${await listen(t, upstream)}/v1`;
  const folder = mkdtempSync(join(tmpdir(), 'reload-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'anymodel.json');
  const write = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  write(configured(url, 0));
  const session = new Session(file, t);
  await session.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
  assert.equal(await session.chat(), 'm0');

  const going = { on: true };
  let calls = 0;
  const load = async (): Promise<void> => {
    for (; going.on; calls++) assert.match(await session.chat(), /^m\d+$/);
  };
  const loads = Array.from({ length: AT_ONCE }, load);
  for (let n = 1; n <= RELOADS; n++) {
    write(configured(url, n));
    session.reload();
    await session.answers(`m${n}`);
  }
  const refused = session.logs(/the configuration has problems; the last good one stays/);
  write('{ "providers": [');
  session.reload();
  await refused;
  const taken = session.log.filter((line) => line.includes('the configuration was read again')).length;
  assert.ok(taken >= RELOADS, `${taken} told of in the log`);
  assert.equal(await session.chat(), `m${RELOADS}`);
  going.on = false;
  await Promise.all(loads);
  assert.ok(calls >= RELOADS, `${calls} calls`);
  assert.deepEqual(new Set(session.notices), new Set(['notifications/tools/list_changed']));
  assert.equal(session.notices.length, RELOADS);
  assert.equal(await session.end(), 0);
});
