// Commands that end by themselves: settings that are wrong around a secret, upstreams that cannot be reached, and a
// configuration file that breaks while the program runs.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, runToEnd } from '../support/bundle.ts';
import { Program, within } from '../support/program.ts';
import { canary } from './canaries.ts';
import type { Canary } from './canaries.ts';

type Environment = Readonly<Record<string, string>>;
type Search = (
  canaries: readonly Canary[],
  asked: { readonly what: string; readonly where: string },
  output: string,
) => void;

const COMMANDS = [
  ['models'],
  ['chat', 'Hello'],
  ['config', 'show'],
  ['config', 'check'],
  ['explain', 'm'],
  ['doctor'],
  ['doctor', '--json'],
  ['no-such-command'],
];
const COMMON: Environment = { MAX_RETRIES: '0', TIMEOUT: '5', TOOLS: 'all' };
const AT_ONCE = 4;

const bad = canary('settings that are wrong');
const encoded = encodeURIComponent(bad.value);
const url = `http://user:${encoded}@127.0.0.1:9/v1?sig=${encoded}`;
const HOST = 'http://llm.corp.test/v1';

const SETTINGS: readonly Environment[] = [
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
  { HTTP_PROXY: url, API_BASE_URL: HOST, API_KEY: bad.value },
  { HTTP_PROXY: bad.value, API_BASE_URL: HOST, API_KEY: bad.value },
  { LMSTUDIO_BASE_URL: url, VLLM_BASE_URL: url, OLLAMA_HOST: url },
];

const provider = (more: object): string =>
  JSON.stringify({
    providers: [{ id: 'a', type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: bad.value, ...more }],
  });

/** Files that are wrong beside the secret, in it, and because of it. */
const FILES: readonly string[] = [
  provider({ apikey: bad.value, keys: [bad.value] }),
  provider({ apiKeys: [bad.value] }),
  provider({ headers: { 'X-Number': 5, 'X-Secret': bad.value } }),
  provider({ proxy: url, baseUrl: url.replace('127.0.0.1', 'no host') }),
  provider({ apiKey: '${file:/nowhere/key}', query: { sig: [bad.value] } }),
  provider({ apiKeyCommand: ['/nowhere/program', bad.value], apiKey: undefined }),
  provider({ tls: { key: `-----BEGIN PRIVATE KEY-----\n${bad.core}\n-----END PRIVATE KEY-----`, cert: 'x' } }),
  provider({}).replace('"apiKey":', '"apiKey" '),
  provider({}).replace(bad.core, `${bad.core}"`),
  provider({}).slice(0, -20),
];

export async function runCommands(folder: string, search: Search): Promise<void> {
  const files = FILES.map((text): Environment => ({ CONFIG_PATH: fileWith(folder, text) }));
  const runs = [...SETTINGS, ...files].flatMap((env) =>
    COMMANDS.map((command, i) => ({ env, command, level: i % 2 === 0 ? 'debug' : 'error' })),
  );
  const work = async (): Promise<void> => {
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
      const { env, command, level } = run;
      const words =
        command[0] === 'config' && env['CONFIG_PATH'] !== undefined ? [...command, env['CONFIG_PATH']] : command;
      const { stdout, stderr } = await runToEnd([bundle, ...words], { ...COMMON, LOG_LEVEL: level, ...env });
      search([bad], { what: `${command.join(' ')} with ${JSON.stringify(env)}`, where: level }, `${stdout}\n${stderr}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const text of FILES.slice(0, 4)) await reload(folder, text, search);
}

/** The file is broken while the program runs on the one before. */
async function reload(folder: string, text: string, search: Search): Promise<void> {
  const file = fileWith(folder, provider({}));
  const program = new Program({ ...COMMON, LOG_LEVEL: 'debug', CONFIG_PATH: file }, false);
  program.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`);
  await program.line();
  writeFileSync(file, text);
  program.signal('SIGHUP');
  program.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' })}\n`);
  const said = await program.line();
  program.closeStdin();
  await within(program.exited, 'the end');
  search([bad], { what: 'a reload', where: 'debug' }, [said, program.stderr, ...program.unsaid()].join('\n'));
}

function fileWith(folder: string, text: string): string {
  const file = join(mkdtempSync(join(folder, 'c-')), 'config.json');
  writeFileSync(file, text);
  return file;
}
