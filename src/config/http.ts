// The settings of the HTTP server -> where it listens, and for whom. Which of them matter is told by the transport.

import { present } from '../core/json.ts';
import type { HttpSettings } from './config.ts';
import { isAbsolute } from './settings/paths.ts';
import type { Reader } from './reader.ts';
import { SETTINGS } from './settings/shape.ts';

export function httpOf(reader: Reader): HttpSettings {
  return present({
    allowedOrigins: reader.value(SETTINGS.allowedOrigins),
    allowedHosts: reader.value(SETTINGS.allowedHosts),
    tls: tlsOf(reader),
  });
}

/** Both files or none; what is in them is looked at by whoever listens. */
function tlsOf(reader: Reader): HttpSettings['tls'] {
  const [cert, key] = [pathOf(reader, 'tlsCert'), pathOf(reader, 'tlsKey')];
  if (cert !== undefined && key !== undefined) return { cert, key };
  const given = [SETTINGS.tlsCert, SETTINGS.tlsKey].map((setting) => reader.given(setting).length > 0);
  if (given[0] !== given[1]) {
    const [there, missing] = given[0] === true ? ['TLS_CERT', 'TLS_KEY'] : ['TLS_KEY', 'TLS_CERT'];
    reader.problem(`${there} is set and ${missing} is not. Accepted: both, or neither.`);
  }
  return undefined;
}

function pathOf(reader: Reader, name: 'tlsCert' | 'tlsKey'): string | undefined {
  const setting = SETTINGS[name];
  const [given] = reader.given(setting);
  if (given === undefined) return undefined;
  const read = isAbsolute(given.text) ? reader.readText(given.text) : { problem: 'is not an absolute path' };
  if ('value' in read) return given.text;
  reader.problem(`${given.name}=${given.text} ${read.problem}. Accepted: ${setting.accepts}.`);
  return undefined;
}
