// Parts of the composition: who may use the HTTP server, of one configuration after another. Opened when that server
// starts, and only then: it makes a key where nothing says who may come in. Never open beyond loopback, whatever is set;
// config/access.ts says so before it comes to that.
// Follows product sheet, sections 3 and 9; MCP.md 4.6.

import { createAuthenticator } from '../../access/authenticator.ts';
import type { AccessRules, Authenticator } from '../../access/authenticator.ts';
import { newKey } from '../../access/crypto.ts';
import { FetchedKeys, fileKeys } from '../../access/jwt/key-source.ts';
import type { KeySource } from '../../access/jwt/key-source.ts';
import { tokenJudge } from '../../access/jwt/judge.ts';
import type { KnownKey } from '../../access/keyring.ts';
import type { Config, GivenKey, JwtSettings } from '../../config/config.ts';
import { writePrivateFile } from '../../config/files.ts';
import type { Clock } from '../../core/clock.ts';
import { sha256Hex } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { isLoopbackAddress } from '../../core/host.ts';
import { present } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import type { Secrets } from '../../core/secrets.ts';
import { openFetchText } from './fetch-text.ts';
import type { FetchText } from './fetch-text.ts';
import { Kept } from '../../resilience/kept.ts';

export interface AccessParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly secrets: Secrets;
  /** `https` where we serve TLS of our own. */
  readonly scheme: 'http' | 'https';
  /** Shows a line to whoever started us, as it is: the one place where a generated key appears. */
  readonly tell: (line: string) => void;
  /** Asks for the keys of a token issuer; absent: the client of model APIs, through the proxies of the start. */
  readonly fetchText?: FetchText;
}

export interface Access {
  readonly authenticator: Authenticator;
  /** Goes by another configuration from the next request on. Whoever calls it closes the sessions of clients that are known no more. */
  readonly reload: (config: Config) => void;
  /** Ends what was opened to ask for keys. */
  readonly close: () => void;
}

/** Throws `CONFIG` where a key that was made cannot be handed over. */
export function openAccess(config: Config, parts: AccessParts): Access {
  const isLocal = isLoopbackAddress(config.listen.host);
  const generated = needsKey(config) ? [generatedKey(config, parts)] : [];
  const client = openFetchText(config, parts.clock);
  const asking = { fetchText: client.fetchText, ...parts };
  let issuers = new Kept<KeySource>();
  const rulesOf = (now: Config): AccessRules => {
    issuers = new Kept(issuers);
    const { jwt, auth } = now.access;
    const tokens = jwt && { ...jwt, judge: tokenJudge({ rules: jwt, keys: keysAt(jwt, issuers, asking), ...parts }) };
    return { isOpen: auth === 'off' && isLocal, keys: keysOf(now, generated, isLocal), ...present({ tokens }) };
  };
  let rules = rulesOf(config);
  const { publicUrl } = config.access;
  const register = (secret: string): void => parts.secrets.add(secret);
  return {
    authenticator: createAuthenticator({ rules: () => rules, register, publicUrl, scheme: parts.scheme }),
    close: () => client.close(),
    reload(next) {
      rules = rulesOf(next);
      if (!rules.isOpen && rules.tokens === undefined && rules.keys().length === 0)
        parts.log.warn('the configuration lets nobody use the HTTP server any more');
    },
  };
}

/** Only where nothing says who may come in. */
function needsKey({ access, clientKeys }: Config): boolean {
  const { auth, givenKeys, jwt } = access;
  return auth === 'key' && clientKeys.length === 0 && jwt === undefined && givenKeys().length === 0;
}

function generatedKey({ access: { keyOut } }: Config, { secrets, log, tell, random }: AccessParts): KnownKey {
  const key = newKey();
  secrets.add(key);
  if (keyOut === undefined) tell(`MCP_API_KEY for this run: ${key}`);
  else {
    const problem = writePrivateFile(keyOut, `${key}\n`, random.id());
    if (problem !== undefined) throw new Fault('CONFIG', `MCP_API_KEY_OUT=${keyOut} ${problem}.`);
    log.info('a key for clients was generated', { file: keyOut });
  }
  return { name: 'MCP_API_KEY', sha256: sha256Hex(key) };
}

/** All keys there are, the file's first: where one is given twice, what the file says of it holds. */
function keysOf({ clientKeys, access }: Config, generated: readonly KnownKey[], isLocal: boolean): AccessRules['keys'] {
  let last: readonly GivenKey[] | undefined;
  let all: readonly KnownKey[] = [];
  return () => {
    const given = access.givenKeys();
    if (given === last) return all;
    last = given;
    // A key file may have changed since the start was refused to weak ones.
    all = [...clientKeys, ...given.filter(({ isWeak }) => isLocal || !isWeak), ...generated];
    return all;
  };
}

type Asking = Pick<AccessParts, 'clock' | 'log'> & { readonly fetchText: FetchText };

/** Keys that were asked for stay over a reload that leaves their address as it is. */
function keysAt({ jwks }: JwtSettings, issuers: Kept<KeySource>, { clock, log, fetchText }: Asking): KeySource {
  if ('read' in jwks) return fileKeys({ read: jwks.read, where: jwks.file, log });
  return issuers.of('jwks', jwks, () => {
    const keys = new FetchedKeys({ fetchText, url: jwks.url, clock, log });
    keys.freshen();
    return keys;
  });
}
