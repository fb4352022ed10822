// Decides of each request who asks, before anything of its body is read: the owner of a key, the bearer of a token, or
// nobody we let in. Goes by the rules of the moment, so that a key that was taken away stops working with the next
// request. Knows no HTTP but the names of two headers; what was given is neither kept, told nor handed on.
// Follows MCP.md 4.6.

import type { Soon } from '../core/store.ts';
import { credentialOf } from './credentials.ts';
import type { Credential, ReadHeader } from './credentials.ts';
import type { SameDigest } from './crypto.ts';
import type { Judged } from './jwt/claims.ts';
import type { Judge } from './jwt/judge.ts';
import { looksLikeToken } from './jwt/parts.ts';
import { Keyring } from './keyring.ts';
import type { KnownKey } from './keyring.ts';
import { lackingScope, noCredential, noKeysToCheck, wrongCredential } from './refusals.ts';
import type { ChallengeFacts } from './refusals.ts';
import { baseOf, metadataUrl, wellKnown } from './resource.ts';
import type { Answer, ResourceOptions, TokenIssuer } from './resource.ts';
import { JWT_PREFIX } from './terms.ts';

export interface AccessRules {
  /** Everybody is let in, and nobody has a name. */
  readonly isOpen: boolean;
  /** The keys there are; the same list as long as they are the same. */
  keys(): readonly KnownKey[];
  /** Whose tokens are taken; absent: none. */
  readonly tokens?: TokenIssuer & { readonly judge: Judge };
}

export interface AuthenticatorOptions extends ResourceOptions {
  /** As they are now. */
  readonly rules: () => AccessRules;
  /** Registers what must not be shown: a key, once it has proved to be one. */
  readonly register: (secret: string) => void;
  /** Compares digests; absent: in constant time. */
  readonly same?: SameDigest;
}

export type Verdict =
  /** `client` is absent where nobody needs a key. */
  { readonly caller: { readonly client?: string } } | { readonly refusal: Answer };

export interface Authenticator {
  /** Who asks, or the answer to send in place of one. Rejects never; a promise only where keys of an issuer are asked for. */
  readonly authenticate: (header: ReadHeader) => Soon<Verdict>;
  /** Whether a client that was let in would have a key still: the sessions of one that has not are to be closed. */
  readonly isKnown: (client: string | undefined) => boolean;
  /** The answer to a GET of OAuth's well-known paths, which needs no key; undefined for all other paths. */
  readonly wellKnown: (path: string, header: ReadHeader) => Answer | undefined;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { rules, register } = options;
  const ringNow = ringOf(options);
  const factsOf = (header: ReadHeader): ChallengeFacts => {
    const { tokens } = rules();
    const base = tokens === undefined ? undefined : baseOf(options, header);
    return { metadata: base === undefined ? undefined : metadataUrl(base), scopes: tokens?.requiredScopes ?? [] };
  };
  return {
    authenticate(header) {
      const { isOpen, tokens } = rules();
      if (isOpen) return { caller: {} };
      const given = credentialOf(header);
      const credential = typeof given === 'object' ? given : undefined;
      // Asked with nothing given too, so that all refusals take the same steps.
      const client = ringNow().ownerOf(credential?.text ?? '');
      if (client !== undefined && credential !== undefined) {
        register(credential.text);
        return { caller: { client } };
      }
      const facts = factsOf(header);
      if (given === undefined) return { refusal: noCredential(facts) };
      if (tokens === undefined || credential === undefined || !isToken(credential)) {
        return { refusal: wrongCredential(facts) };
      }
      const judged = tokens.judge(credential.text);
      return judged instanceof Promise ? judged.then((one) => verdictOn(one, facts)) : verdictOn(judged, facts);
    },
    isKnown(client) {
      const { isOpen, tokens } = rules();
      if (client === undefined || isOpen) return client === undefined && isOpen;
      if (client.startsWith(JWT_PREFIX)) return tokens !== undefined;
      return rules()
        .keys()
        .some(({ name }) => name === client);
    },
    wellKnown: (path, header) => wellKnown(path, baseOf(options, header), rules().tokens),
  };
}

/** The keys of the moment, prepared to be looked up. */
function ringOf({ rules, same }: AuthenticatorOptions): () => Keyring {
  let keys: readonly KnownKey[] | undefined;
  let ring = new Keyring([], same);
  return () => {
    const now = rules().keys();
    if (now !== keys) ring = new Keyring(now, same);
    keys = now;
    return ring;
  };
}

function isToken({ text, isBearer }: Credential): boolean {
  return isBearer && looksLikeToken(text);
}

function verdictOn(judged: Judged, facts: ChallengeFacts): Verdict {
  if ('client' in judged) return { caller: { client: `${JWT_PREFIX}${judged.client}` } };
  if ('unavailable' in judged) return { refusal: noKeysToCheck() };
  return { refusal: 'lacksScope' in judged ? lackingScope(facts) : wrongCredential(facts, judged.problem) };
}
