// How this machine reaches others, by the variables that all programs read: proxies, and authorities to trust. None
// of them is a setting of ours, so what is wrong with one is a note, and no reason not to start.

import { present } from '../core/json.ts';
import type { Config } from './config.ts';
import { isAbsolute } from './settings/paths.ts';
import { show } from './reader.ts';
import type { Reader } from './reader.ts';
import { registerUrl } from './secrecy.ts';

export function readNetwork(reader: Reader): Pick<Config, 'proxies' | 'authorities'> {
  const { env } = reader.inputs;
  const variable = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const proxies = {
    http: variable('HTTP_PROXY'),
    https: variable('HTTPS_PROXY'),
    all: variable('ALL_PROXY'),
    no: variable('NO_PROXY'),
  };
  for (const proxy of [proxies.http, proxies.https, proxies.all]) {
    const url = proxy === undefined || proxy.includes('://') ? (proxy ?? '') : `http://${proxy}`;
    if (URL.canParse(url)) registerUrl(url, reader.secrets);
  }
  return { proxies: present(proxies), ...present({ authorities: authoritiesOf(reader) }) };
}

function authoritiesOf(reader: Reader): string | undefined {
  const path = reader.inputs.env['SSL_CERT_FILE'] ?? '';
  if (path === '') return undefined;
  const read = isAbsolute(path) ? reader.readText(path) : { problem: 'is not an absolute path' };
  if ('value' in read) return read.value;
  reader.notes.push(`SSL_CERT_FILE=${show(path)} ${read.problem}, and has no effect.`);
  return undefined;
}
