// `make canary`: secrets in every place a secret can stand, used and repeated by an upstream in every writing and in every
// corner of an answer, at every log level; and a search for them in every byte of stdout and stderr. Ends with 0 only
// when none was found.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject, parseJson } from '../../src/core/json.ts';
import { bundle, runToEnd } from '../support/bundle.ts';
import { Program, within } from '../support/program.ts';
import { canary, found, WRITINGS } from './canaries.ts';
import type { Canary } from './canaries.ts';
import { CHAT_ECHOES, EMBED_ECHOES, LIST_ECHOES } from './echoes.ts';
import { order, Parrot } from './parrot.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';

type Environment = Readonly<Record<string, string>>;

interface Finding {
  readonly canary: Canary;
  readonly where: string;
  readonly text: string;
}

/** What a search in an output has told of one canary. */
interface Line {
  sent: number;
  bytes: number;
  found: number;
}

const lines = new Map<Canary, Line>();
const findings: Finding[] = [];

function search(canaries: readonly Canary[], where: string, output: string): void {
  for (const one of canaries) {
    const line = lines.get(one) ?? { sent: 0, bytes: 0, found: 0 };
    lines.set(one, line);
    line.bytes += output.length;
    const count = found(one, output);
    line.found += count;
    if (count > 0) findings.push({ canary: one, where, text: output });
  }
}

/** Asks one thing and waits for its answer; gives everything that was said meanwhile. */
class Session {
  readonly #program: Program;
  #id = 0;

  constructor(env: Environment) {
    this.#program = new Program(env, false);
  }

  async ask(method: string, params: object): Promise<string> {
    const id = ++this.#id;
    this.#program.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    const said: string[] = [];
    let joined = '';
    for (;;) {
      const line = await this.#program.line();
      if (line === undefined) throw new Error(`the program left: ${this.#program.stderr.slice(-1000)}`);
      said.push(line);
      const message = parseJson(line);
      if (!isObject(message)) throw new Error(`not a message: ${line}`);
      // What a caller makes of the pieces counts as said.
      if (isObject(message['params'])) joined += String(message['params']['message'] ?? '');
      if (message['id'] === id) return [...said, joined].join('\n');
    }
  }

  async end(): Promise<string> {
    this.#program.closeStdin();
    await within(this.#program.exited, 'the end');
    return [this.#program.stderr, ...this.#program.unsaid()].join('\n');
  }
}

const MEANT: Environment = { MAX_RETRIES: '1', TIMEOUT: '5', TOOLS: 'all' };
const TOOLS = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];

async function run(scenario: Scenario, level: string, client: string): Promise<void> {
  const { canaries, models, name } = scenario;
  const parrot = await Parrot.listen(canaries);
  const session = new Session({
    ...MEANT,
    LOG_LEVEL: level,
    UPSTREAM_CLIENT: client,
    ...scenario.env(parrot.address, scratch),
  });
  const where = `${name}, ${level}, ${client}`;
  const call = async (tool: string, args: object, what: string): Promise<void> => {
    const params = { name: tool, arguments: args, _meta: { progressToken: 1 } };
    search(canaries, `${where}: ${what}`, await session.ask('tools/call', params));
  };
  const clientInfo = { name: 'canary', version: '1' };
  await session.ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  for (const writing of Object.keys(WRITINGS)) {
    for (const model of models) {
      for (const echo of Object.keys(CHAT_ECHOES)) {
        const prompt = order(echo, writing);
        await call('chat', { prompt, model, detail: 'full', tools: TOOLS }, `${model}, ${echo}, ${writing}`);
      }
      await call('generate', { prompt: order('an answer', writing), model }, `${model}, generate, ${writing}`);
      for (const echo of Object.keys(EMBED_ECHOES))
        await call('embed', { input: [order(echo, writing)], model }, `${model}, ${echo}, ${writing}`);
    }
    for (const echo of Object.keys(LIST_ECHOES)) {
      parrot.standing = order(echo, writing);
      await call('list_models', { refresh: true, detail: 'full' }, `${echo}, ${writing}`);
      search(canaries, `${where}: models/list, ${writing}`, await session.ask('models/list', {}));
    }
  }
  search(canaries, `${where}: stderr`, await session.end());
  for (const [one, count] of parrot.seen) {
    const line = lines.get(one);
    if (line !== undefined) line.sent += count;
  }
  await parrot.close();
}

/** Commands that end by themselves: settings that are wrong around a secret, and upstreams that cannot be reached. */
async function runCommands(): Promise<void> {
  const bad = canary('settings that are wrong');
  const url = `http://user:${encodeURIComponent(bad.value)}@127.0.0.1:9/v1?sig=${encodeURIComponent(bad.value)}`;
  const settings: readonly Environment[] = [
    { API_KEY: `${bad.value} and a blank` },
    { API_KEY: bad.value, API_BASE_URL: 'no address' },
    { API_KEY: bad.value, API_KEY_FILE: '/nowhere' },
    { API_KEY: bad.value, API_BASE_URL: 'http://127.0.0.1:9/v1' },
    { API_BASE_URL: url },
    { API_BASE_URL: url.replace('http:', 'htp:') },
    { API_BASE_URL: url.replace('127.0.0.1:9', 'no such host') },
    { API_BASE_URL: url.replace('127.0.0.1:9', 'nowhere.invalid') },
    { API_BASE_URL: url.replace('http:', 'https:') },
    { PROVIDER_CONFIG: `{"headers":{"X-Secret":"${bad.core}"}` },
    { PROVIDER_CONFIG: JSON.stringify({ headers: { 'X-Secret': `${bad.value}\n` } }), API_BASE_URL: 'http://h.test' },
    { PROVIDER_CONFIG: JSON.stringify({ apiKey: bad.value, query: { sig: [bad.value] } }) },
    { HTTP_PROXY: url, API_BASE_URL: 'http://llm.corp.test/v1', API_KEY: bad.value },
    { HTTP_PROXY: bad.value, API_BASE_URL: 'http://llm.corp.test/v1', API_KEY: bad.value },
    { LMSTUDIO_BASE_URL: url, VLLM_BASE_URL: url, OLLAMA_HOST: url },
  ];
  const commands = [
    ['models'],
    ['chat', 'Hello'],
    ['config', 'show'],
    ['explain', 'm'],
    ['doctor'],
    ['no-such-command'],
  ];
  for (const env of settings) {
    for (const command of commands) {
      for (const level of ['debug', 'error']) {
        const all = { ...MEANT, MAX_RETRIES: '0', LOG_LEVEL: level, ...env };
        const { stdout, stderr } = await runToEnd([bundle, ...command], all);
        search([bad], `${command.join(' ')} with ${Object.keys(env).join(', ')}`, `${stdout}\n${stderr}`);
      }
    }
  }
}

function report(): void {
  const rows = [...lines].map(([{ place }, { sent, bytes, found: count }]) => {
    return [place, String(sent), bytes.toLocaleString('en-US'), String(count)];
  });
  const table = [['where the secret stands', 'sent upstream', 'bytes searched', 'found'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of table) {
    console.log(
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    );
  }
  for (const { canary: one, where, text } of findings.slice(0, 40)) {
    const at = Math.max(0, text.indexOf(one.core) - 120);
    console.log(`FOUND ${one.place} in ${where}: …${text.slice(at, at + 300)}…`);
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'canary-'));
let failed = '';
try {
  for (const scenario of SCENARIOS) {
    for (const level of ['debug', 'info', 'warn', 'error']) await run(scenario, level, 'pooled');
    await run(scenario, 'debug', 'fetch');
  }
  await runCommands();
} catch (thrown) {
  failed = String(thrown);
} finally {
  rmSync(scratch, { recursive: true });
}
report();
// A secret that never reached the upstream was not put to the test.
const idle = [...lines].filter(([{ place }, { sent }]) => sent === 0 && !place.startsWith('settings'));
for (const [{ place }] of idle) console.log(`UNUSED ${place}`);
if (failed !== '') console.log(`FAILED ${failed}`);
const problems = findings.length + idle.length + (failed === '' ? 0 : 1);
console.log(`${findings.length} outputs hold a secret`);
process.exit(problems === 0 ? 0 : 1);
