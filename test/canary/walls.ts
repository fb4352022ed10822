// Secrets that stand where calls do not always come through: passwords of a provider's own proxy, keys behind a TLS handshake
// that fails, a client certificate's key; and a crash.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../support/bundle.ts';
import { canary, WRITINGS } from './canaries.ts';
import type { Canary } from './canaries.ts';
import { order, Parrot } from './parrot.ts';
import { Session } from './session.ts';
import { fixture, Tunnel } from './tunnel.ts';

interface Told {
  readonly search: (
    canaries: readonly Canary[],
    asked: { readonly what: string; readonly where: string },
    output: string,
  ) => void;
  readonly wasSent: (canary: Canary, count: number) => void;
}

const MEANT: Environment = { MAX_RETRIES: '0', TIMEOUT: '5', TOOLS: 'all', LOG_LEVEL: 'debug' };
const ECHOES = ['an answer by characters', 'the message of a 400', 'the page of a 502', 'no HTTP at all'];

const [key, password, refused] = [
  canary('apiKey through CONNECT'),
  canary('password of a provider’s own proxy'),
  canary('password that a proxy refuses'),
];
/** It is never sent; each line of it has letters that nothing else has. */
const clientKey = readFileSync(fixture('corp-client.key.pem'), 'utf8');
const pieces = clientKey.split('\n').flatMap((line, i): Canary[] => {
  const [core = ''] = line.includes('-----') ? [] : (/[A-Za-z0-9]{12,}/.exec(line) ?? []);
  return core === '' ? [] : [{ place: `settings: the key of a client certificate, line ${i}`, value: line, core }];
});
const unsent = canary('settings: apiKey behind a handshake that fails');
const token = canary('settings: environment of a plug-in that crashes');

export async function runWalls(folder: string, told: Told): Promise<void> {
  const parrot = await Parrot.listen([key]);
  const tunnel = await Tunnel.listen(parrot.address, [password, refused], (one) => sent.push(one));
  const sent: Canary[] = [];
  const all = [key, password, refused, unsent, ...pieces];
  for (const client of ['pooled', 'fetch']) {
    const session = new Session({ ...MEANT, UPSTREAM_CLIENT: client, CONFIG_PATH: providers(folder, tunnel) });
    await session.begin();
    for (const writing of Object.keys(WRITINGS)) {
      for (const model of ['through/m', 'refused/m', 'untrusted/m', 'mismatched/m']) {
        for (const echo of model === 'through/m' ? ECHOES : ['an answer']) {
          const params = { name: 'chat', arguments: { prompt: order(echo, writing), model, detail: 'full' } };
          const asked = { what: `${model}, ${echo}, ${writing}`, where: client };
          told.search(all, asked, await session.ask('tools/call', { ...params, _meta: { progressToken: 1 } }));
        }
      }
    }
    told.search(all, { what: 'stderr behind walls', where: client }, await session.end());
  }
  for (const one of sent) told.wasSent(one, 1);
  for (const [one, count] of parrot.seen) told.wasSent(one, count);
  await tunnel.close();
  await parrot.close();
  for (const how of ['thrown', 'rejected']) await crash(folder, how, told);
}

function providers(folder: string, { proxy, secure }: Tunnel): string {
  const through = (user: string, { value }: Canary): string => `http://${user}:${encodeURIComponent(value)}@${proxy}`;
  const tls = {
    ca: fixture('corp-ca.cert.pem'),
    cert: fixture('corp-client.cert.pem'),
    key: fixture('corp-client.key.pem'),
  };
  const common = { type: 'openai', baseUrl: `https://${secure}/v1`, apiKey: key.value, tls };
  return fileWith(
    folder,
    'providers.json',
    JSON.stringify({
      providers: [
        { ...common, id: 'through', proxy: through('known', password) },
        { ...common, id: 'refused', proxy: through('unknown', refused) },
        { ...common, id: 'untrusted', apiKey: unsent.value, tls: { ...tls, ca: fixture('untrusted.cert.pem') } },
        { ...common, id: 'mismatched', apiKey: unsent.value, tls: { ...tls, cert: fixture('untrusted.cert.pem') } },
      ],
    }),
  );
}

/** What nobody catches in a plug-in ends the program, whose last words show it. It is tried out while it is loaded. */
async function crash(folder: string, how: string, { search }: Told): Promise<void> {
  const failing = how === 'thrown' ? `setTimeout(() => { throw why; })` : `void Promise.reject(why)`;
  const plugIn = `export default ({ openai }) => ({ ...openai, name: 'crashing', encode() {
    if (!JSON.stringify(arguments[0]).includes('crash')) return openai.encode(...arguments);
    const why = new Error('cannot use ' + process.env.PARROT_TOKEN, { cause: process.env.PARROT_TOKEN });
    ${failing};
    return openai.encode(...arguments);
  } });`;
  const env = { API_BASE_URL: 'http://127.0.0.1:9/v1', PROVIDER_TYPE: 'crashing', PARROT_TOKEN: token.value };
  const session = new Session({ ...MEANT, ...env, PLUGINS: fileWith(folder, 'crashing.mjs', plugIn) });
  await session.begin();
  const said = await session.lastWords('tools/call', { name: 'generate', arguments: { prompt: 'crash', model: 'm' } });
  if (!said.includes('cannot use [redacted]')) throw new Error(`no crash: ${said}`);
  search([token], { what: `a crash, ${how}`, where: 'debug' }, said);
}

function fileWith(folder: string, name: string, text: string): string {
  const file = join(mkdtempSync(join(folder, 'w-')), name);
  writeFileSync(file, text);
  return file;
}
