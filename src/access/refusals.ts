// The answers to requests that are not let in. None repeats anything the request gave. The body has OpenAI's form, which
// the clients of /v1 read; MCP clients go by the status and the challenge.
// Follows RFC 6750, 3; RFC 9728, 5.1; MCP.md 4.6.

import type { Answer } from './resource.ts';

/** What a challenge tells besides that a token is wanted. */
export interface ChallengeFacts {
  /** Where to find out whom to ask for a token; absent where only keys are taken. */
  readonly metadata?: string | undefined;
  /** What a token must allow. */
  readonly scopes: readonly string[];
}

export function noCredential(facts: ChallengeFacts): Answer {
  const message = 'A key is needed: send it as "Authorization: Bearer KEY", or as "X-API-Key: KEY".';
  return unauthorized('missing_api_key', message, challenge(facts));
}

/** `problem` is a sentence of ours, in plain ASCII without quotes. */
export function wrongCredential(facts: ChallengeFacts, problem?: string): Answer {
  const why = problem === undefined ? {} : { error_description: problem };
  const message = problem ?? 'The key is none of this server.';
  return unauthorized('invalid_api_key', message, challenge(facts, { error: 'invalid_token', ...why }));
}

export function lackingScope(facts: ChallengeFacts): Answer {
  const message = `The token does not allow this: it needs the scope ${facts.scopes.join(' ')}.`;
  const header = challenge(facts, { error: 'insufficient_scope' });
  return answer(403, { 'www-authenticate': header }, { code: 'insufficient_scope', message, type: 'permission_error' });
}

export function noKeysToCheck(): Answer {
  const message = 'The token cannot be checked now: the keys of its issuer cannot be had. Try again in a while.';
  return answer(503, { 'retry-after': '10' }, { code: 'issuer_unavailable', message, type: 'server_error' });
}

function unauthorized(code: string, message: string, header: string): Answer {
  return answer(401, { 'www-authenticate': header }, { code, message, type: 'authentication_error' });
}

function answer(status: number, more: Record<string, string>, error: Record<string, string>): Answer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...more };
  return { status, headers, body: JSON.stringify({ error }) };
}

function challenge({ metadata, scopes }: ChallengeFacts, error: Record<string, string> = {}): string {
  const said = {
    realm: 'anymodel-mcp',
    ...(metadata === undefined ? {} : { resource_metadata: metadata }),
    ...error,
    ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
  };
  const parameters = Object.entries(said).map(([name, value]: [string, string]) => `${name}="${value}"`);
  return `Bearer ${parameters.join(', ')}`;
}
