// What this server is to OAuth, where tokens are taken: a protected resource, with an address of its own and an issuer
// that clients are sent to. Where only keys are taken there is no such thing, and saying so keeps clients from a login.
// Follows RFC 9728; MCP.md 4.6.

import type { ReadHeader } from './credentials.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The path of the MCP endpoint. */
const ENDPOINT = '/mcp';

export interface ResourceOptions {
  /** Where clients reach the server, without a slash at its end; absent: where the request says it went. */
  readonly publicUrl?: string | undefined;
  /** Of the addresses that are made of what a request says. */
  readonly scheme: 'http' | 'https';
}

/** An answer to be sent as it is. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whom tokens are asked of, and what for. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly requiredScopes: readonly string[];
}

/** The address of this server; undefined where the request names none that could be one. */
export function baseOf({ publicUrl, scheme }: ResourceOptions, header: ReadHeader): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  const host = header('host') ?? '';
  const isHost = /^(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host);
  return isHost ? `${scheme}://${host.toLowerCase()}` : undefined;
}

/** Where a client that was refused finds out whom to ask for a token. */
export function metadataUrl(base: string): string {
  return `${base}${WELL_KNOWN}${ENDPOINT}`;
}

/** What OAuth would look for under this path; undefined for paths that are not OAuth's. */
export function wellKnown(path: string, base: string | undefined, issuer: TokenIssuer | undefined): Answer | undefined {
  if (!path.startsWith('/.well-known/oauth-')) return undefined;
  const endpoint = path.startsWith(WELL_KNOWN) ? path.slice(WELL_KNOWN.length) : undefined;
  if (issuer === undefined || base === undefined || (endpoint !== '' && endpoint !== ENDPOINT)) return NOT_FOUND;
  const { requiredScopes } = issuer;
  const document = {
    resource: `${base}${endpoint}`,
    authorization_servers: [issuer.issuer],
    bearer_methods_supported: ['header'],
    ...(requiredScopes.length > 0 ? { scopes_supported: requiredScopes } : {}),
    resource_name: 'anymodel-mcp',
  };
  return { status: 200, headers: PUBLIC, body: JSON.stringify(document) };
}

/** Pages in a browser read it before they have a token. */
const PUBLIC = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
};

const NOT_FOUND: Answer = {
  status: 404,
  headers: PUBLIC,
  body: JSON.stringify({ error: { message: 'There is no such OAuth metadata here.', type: 'not_found_error' } }),
};
