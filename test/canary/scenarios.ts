// The places a secret can stand in, as settings of the program: each scenario is one way of configuring it with canaries
// for secrets, and the models that lead to where they are used.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canary } from './canaries.ts';
import type { Canary } from './canaries.ts';

export interface Scenario {
  readonly name: string;
  readonly canaries: readonly Canary[];
  /** `upstream`: host and port of the parrot. */
  readonly env: (upstream: string, folder: string) => Readonly<Record<string, string>>;
  /** Models to ask; each is asked for every echo. */
  readonly models: readonly string[];
  /** The canaries are no secrets: unless all writings of them are found, the search is blind. */
  readonly isPublic?: true;
}

const inUrl = (value: string): string => encodeURIComponent(value);

function fileWith(folder: string, text: string): string {
  const file = join(mkdtempSync(join(folder, 'f-')), 'file');
  writeFileSync(file, text);
  return file;
}

/** Of a plug-in: everything it knows it throws and sends. */
const PLUG_IN = `export default ({ openai }) => ({
  ...openai,
  name: 'parrot',
  encode(ask, endpoint, lessons) {
    const sending = openai.encode(ask, endpoint, lessons);
    if (JSON.stringify(ask).includes('throw')) throw new Error('I cannot encode with ' + endpoint.apiKey + process.env.PARROT_TOKEN);
    return { ...sending, headers: { ...sending.headers, 'x-parrot': process.env.PARROT_TOKEN, 'x-own-token': OWN } };
  },
});`;

function environment(): Scenario {
  const [key, second] = [canary('API_KEY'), canary('API_KEY, the second')];
  const header = canary('header of PROVIDER_CONFIG');
  const query = canary('query of PROVIDER_CONFIG');
  return {
    name: 'environment',
    canaries: [key, second, header, query],
    env: (upstream) => ({
      API_BASE_URL: `http://${upstream}/v1`,
      API_KEY: `${key.value},${second.value}`,
      PROVIDER_CONFIG: JSON.stringify({ headers: { 'X-Secret': header.value }, query: { sig: query.value } }),
    }),
    models: ['m'],
  };
}

function urls(): Scenario {
  const password = canary('password of a base URL');
  const query = canary('query of a base URL');
  // A user without a password is a key; beside one it is a name.
  const user = canary('user of a base URL, without a password');
  return {
    name: 'base URL',
    canaries: [password, query, user],
    env: (upstream) => ({
      API_BASE_URL: `http://a-user:${inUrl(password.value)}@${upstream}/v1?sig=${inUrl(query.value)}`,
      VLLM_BASE_URL: `http://${inUrl(user.value)}@${upstream}/v1`,
    }),
    models: ['m', 'vllm/m'],
  };
}

function secretFiles(): Scenario {
  const main = canary('API_KEY_FILE');
  const settings = canary('PROVIDER_CONFIG_FILE');
  const [lmstudio, vllm] = [canary('LMSTUDIO_API_KEY_FILE'), canary('VLLM_API_KEY')];
  const anthropic = canary('ANTHROPIC_API_KEY_FILE');
  return {
    name: 'files',
    canaries: [main, settings, lmstudio, vllm, anthropic],
    env: (upstream, folder) => ({
      API_BASE_URL: `http://${upstream}/v1`,
      API_KEY_FILE: fileWith(folder, `${main.value}\n`),
      PROVIDER_CONFIG_FILE: fileWith(folder, JSON.stringify({ headers: { 'X-Secret': settings.value } })),
      LMSTUDIO_BASE_URL: `http://${upstream}/v1`,
      LMSTUDIO_API_KEY_FILE: fileWith(folder, lmstudio.value),
      VLLM_BASE_URL: `http://${upstream}/v1`,
      VLLM_API_KEY: vllm.value,
      ANTHROPIC_BASE_URL: `http://${upstream}`,
      ANTHROPIC_API_KEY_FILE: fileWith(folder, anthropic.value),
    }),
    models: ['m', 'lmstudio/m', 'vllm/m', 'anthropic/claude-x'],
  };
}

function configuration(): Scenario {
  const written = canary('apiKey as it is written');
  const variable = canary('apiKey from ${NAME}');
  const file = canary('apiKey from ${file:}');
  const command = canary('apiKeyCommand', 'plain');
  const [header, query] = [canary('header from ${file:}'), canary('query from ${NAME}')];
  const word = canary('password of a file’s base URL');
  return {
    name: 'configuration file',
    canaries: [written, variable, file, command, header, query, word],
    env: (upstream, folder) => {
      const secret = fileWith(folder, `${file.value}\n`);
      const baseUrl = `http://${upstream}/v1`;
      const text = JSON.stringify({
        providers: [
          { id: 'written', type: 'openai', baseUrl, apiKey: written.value },
          { id: 'variable', type: 'openai', baseUrl, apiKeys: ['${CANARY_KEY}'], query: { sig: '${CANARY_SIG}' } },
          { id: 'file', type: 'openai', baseUrl, apiKey: `\${file:${secret}}` },
          { id: 'command', type: 'openai', baseUrl, apiKeyCommand: ['/bin/echo', command.value] },
          {
            id: 'headers',
            type: 'openai',
            baseUrl: `http://user:${inUrl(word.value)}@${upstream}/v1`,
            headers: { 'X-Team-Token': `\${file:${fileWith(folder, header.value)}}` },
          },
        ],
        models: { any: ['written/m', 'variable/m', 'file/m', 'headers/m'] },
      });
      return { CONFIG_PATH: fileWith(folder, text), CANARY_KEY: variable.value, CANARY_SIG: query.value };
    },
    models: ['written/m', 'variable/m', 'file/m', 'command/m', 'headers/m', 'any'],
  };
}

function proxies(variable: 'HTTP_PROXY' | 'ALL_PROXY'): Scenario {
  const password = canary(`password of ${variable}`);
  const key = canary(`API_KEY behind ${variable}`);
  return {
    name: variable,
    canaries: [password, key],
    env: (upstream) => ({
      API_BASE_URL: 'http://llm.corp.test/v1',
      API_KEY: key.value,
      [variable]: `http://a-user:${inUrl(password.value)}@${upstream}`,
    }),
    models: ['m'],
  };
}

function plugIn(): Scenario {
  const key = canary('API_KEY of a plug-in');
  const token = canary('environment of a plug-in');
  const own = canary('header of a plug-in');
  return {
    name: 'plug-in',
    canaries: [key, token, own],
    env: (upstream, folder) => {
      const file = `${fileWith(folder, '')}.mjs`;
      writeFileSync(
        file,
        PLUG_IN.replace('OWN', () => JSON.stringify(own.value)),
      );
      return {
        API_BASE_URL: `http://${upstream}/v1`,
        API_KEY: key.value,
        PROVIDER_TYPE: 'parrot',
        PLUGINS: file,
        PARROT_TOKEN: token.value,
      };
    },
    models: ['m', 'throw'],
  };
}

/** A name that everybody may know stands in the same headers, is repeated in the same ways, and has to be found. */
function proof(): Scenario {
  const agent = canary('User-Agent, which is public');
  return {
    name: 'proof',
    canaries: [agent],
    env: (upstream) => ({
      API_BASE_URL: `http://${upstream}/v1`,
      PROVIDER_CONFIG: JSON.stringify({ headers: { 'User-Agent': agent.value } }),
    }),
    models: ['m'],
    isPublic: true,
  };
}

export const SCENARIOS: readonly Scenario[] = [
  proof(),
  environment(),
  urls(),
  secretFiles(),
  configuration(),
  proxies('HTTP_PROXY'),
  proxies('ALL_PROXY'),
  plugIn(),
];
