// Who may use the HTTP server, as it is set: the keys of the variable and of the file, and whose tokens are taken. A
// key is known by its SHA-256 from here on; of the variable's own text nothing is kept but what scrubbing needs.

import { sha256Hex } from '../core/digest.ts';
import { isLoopbackAddress } from '../core/host.ts';
import { present } from '../core/json.ts';
import type { AccessSettings, ClientKey, Config, GivenKey, JwtSettings, KeySource } from './config.ts';
import type { FileRead } from './file/read-file.ts';
import type { JwtEntry, KeyEntry } from './file/auth-keys.ts';
import type { Spot } from './file/reading.ts';
import { show } from './reader.ts';
import type { Reader } from './reader.ts';
import { keysFrom } from './providers/keys.ts';
import { SETTINGS } from './settings/shape.ts';

/** Shorter keys can be guessed. */
const LEAST_CHARACTERS = 16;

/** What would let everybody in who reaches an HTTP server, where others than this machine do. */
export function sayUnprotected(reader: Reader, { listen: { host }, access }: Pick<Config, 'listen' | 'access'>): void {
  if (isLoopbackAddress(host)) return;
  if (access.auth === 'off') {
    reader.problem(
      `MCP_AUTH=off serves everybody who reaches this machine at HOST=${show(host)}, and is for loopback only. Accepted: MCP_AUTH=key, or HOST=127.0.0.1.`,
    );
  }
  if (access.givenKeys().some((key) => key.isWeak)) {
    reader.problem(
      `MCP_API_KEY holds a key of under ${LEAST_CHARACTERS} characters, which whoever reaches HOST=${show(host)} could guess. Accepted: a longer one, such as openssl rand -hex 32 prints, or HOST=127.0.0.1.`,
    );
  }
}

type Said = Pick<FileRead, 'entry' | 'reading'>;

/** Those of the file, no two of one name or for one key. */
export function clientKeysOf({ entry, reading }: Said): readonly ClientKey[] {
  const seen = new Map<string, string>();
  const sayTwice = (spot: Spot, what: string, value: string | undefined): void => {
    const before = seen.get(`${what} ${value}`);
    if (value !== undefined && before !== undefined) {
      reading.say({ ...spot, path: `${spot.path}.${what}` }, `is that of ${before} as well`, 'one of its own');
    } else seen.set(`${what} ${value}`, spot.path);
  };
  return (entry.auth?.value.keys ?? []).flatMap(({ value, spot }) => {
    sayTwice(spot, 'name', value.name);
    sayTwice(spot, 'sha256', value.sha256);
    return whole(value);
  });
}

function whole(key: KeyEntry): readonly ClientKey[] {
  const { name, sha256 } = key;
  return name === undefined || sha256 === undefined ? [] : [{ ...key, name, sha256 }];
}

export function accessOf(reader: Reader, file: Said): AccessSettings {
  const keyOut = reader.value(SETTINGS.clientKeyOut);
  const publicUrl = reader.value(SETTINGS.publicUrl);
  const { jwt } = file.entry.auth?.value ?? {};
  return {
    auth: reader.value(SETTINGS.auth, 'key'),
    givenKeys: givenKeys(reader),
    ...present({ keyOut, publicUrl, jwt: jwt === undefined ? undefined : jwtOf(jwt.value, file) }),
  };
}

/** Hashed when they are asked for: on stdio nobody does. */
function givenKeys(reader: Reader): () => readonly GivenKey[] {
  const [given] = reader.given(SETTINGS.clientKey);
  const keys: KeySource = keysFrom(reader, given);
  if (keys().some(isWeak)) {
    reader.notes.push(`${given?.name} holds a key of under ${LEAST_CHARACTERS} characters, which can be guessed.`);
  }
  let last: readonly string[] = [];
  let hashed: readonly GivenKey[] = [];
  return () => {
    const now = keys();
    if (now === last) return hashed;
    last = now;
    hashed = now.map((key, i) => ({
      name: i === 0 ? 'MCP_API_KEY' : `MCP_API_KEY ${i + 1}`,
      sha256: sha256Hex(key),
      isWeak: isWeak(key),
    }));
    return hashed;
  };
}

function isWeak(key: string): boolean {
  return key.length < LEAST_CHARACTERS;
}

function jwtOf(entry: JwtEntry, file: Said): JwtSettings | undefined {
  const { issuer, audience, jwks: place, clockSkew = 60_000, ...rest } = entry;
  const jwks = place === undefined ? undefined : keySetAt(place.value, place.spot, file);
  if (issuer === undefined || audience === undefined || jwks === undefined) return undefined;
  return {
    algorithms: ['RS256', 'ES256'],
    clientClaim: 'sub',
    requiredScopes: [],
    ...rest,
    issuer,
    audience,
    jwks,
    clockSkewMs: clockSkew,
  };
}

function keySetAt(place: string, spot: Spot, { reading }: Said): JwtSettings['jwks'] | undefined {
  if (/^https?:/i.test(place)) return { url: place };
  const path = reading.beside(place, spot);
  if (path === undefined) return undefined;
  const opened = reading.reader.openSecret(path);
  if ('value' in opened) return { file: path, read: () => opened.value.read() };
  reading.say(spot, `=${show(place)} ${opened.problem}`, 'a file that this user may read, or an https address');
  return undefined;
}
