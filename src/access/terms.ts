// What each client may do: what holds for everybody, and before that what is set for its key, or for the bearers of
// tokens. Clients are known by name: a key's own, `MCP_API_KEY…` for those of the variable, `jwt:…` for tokens.

import type { DailyBudget } from './budget.ts';
import type { InboundLimits } from './client-limits.ts';

export interface ClientTerms extends InboundLimits, DailyBudget {
  /** The names of models it may ask for; absent: all. */
  readonly models?: readonly string[];
}

export interface TermsOptions {
  readonly perClient: ClientTerms;
  readonly keys: readonly ({ readonly name: string } & ClientTerms)[];
  /** Absent: no token is taken. */
  readonly jwt?: ClientTerms;
}

/** Before the name of a client that came with a token, so that it is never taken for the owner of a key. */
export const JWT_PREFIX = 'jwt:';

/** What the names of keys that are not the file's begin with. */
const GIVEN = /^MCP_API_KEY(?: \d+)?$/;

/**
 * What the client may do; '' stands for whoever needs no key. One that is known no more, whose calls may still be under way, may
 * ask for no model.
 */
export function termsOf({ perClient, keys, jwt }: TermsOptions): (client: string) => ClientTerms {
  const own = new Map(keys.map((key) => [key.name, { ...perClient, ...key }]));
  const tokens: ClientTerms | undefined = jwt && { ...perClient, ...jwt };
  const nobody: ClientTerms = { ...perClient, models: [] };
  return (client) => {
    if (client === '' || GIVEN.test(client)) return perClient;
    return (client.startsWith(JWT_PREFIX) ? tokens : own.get(client)) ?? nobody;
  };
}
