// Where an OpenAI request goes and under which headers. What does not change between requests to one endpoint
// is worked out once for each endpoint object, of which there is one per key for the life of the process.

import { endpointUrl, openAiBase } from '../../../base-url.ts';
import type { Endpoint } from '../../../dialect.ts';
import { profileOf } from '../profiles.ts';
import type { Profile } from '../profiles.ts';

export type Operation = 'chat' | 'responses' | 'complete' | 'embed' | 'models';

/** One endpoint as the dialects of the OpenAI family see it. */
export interface Route {
  readonly profile: Profile;
  readonly headers: Readonly<Record<string, string>>;
  readonly urlOf: (op: Operation, model: string) => string;
  /** Where the address names the one model there is, whatever is asked for: Azure's deployment. */
  readonly onlyModel?: string;
  /** Whether the model of this operation stands in its address and not in the body. */
  readonly isInAddress?: (op: Operation) => boolean;
}

/** Below the root of the API. */
export const PATHS: Readonly<Record<Operation, string>> = {
  chat: '/chat/completions',
  responses: '/responses',
  complete: '/completions',
  embed: '/embeddings',
  models: '/models',
};

/** Remembers what `make` answers for each endpoint. */
export function routeCache(make: (endpoint: Endpoint) => Route): (endpoint: Endpoint) => Route {
  const routes = new WeakMap<Endpoint, Route>();
  return (endpoint) => {
    const known = routes.get(endpoint);
    if (known !== undefined) return known;
    const route = make(endpoint);
    routes.set(endpoint, route);
    return route;
  };
}

/** `defaults` are headers the user may replace, by their lower-case names. */
export function openAiRoute(endpoint: Endpoint, defaults: Readonly<Record<string, string>> = {}): Route {
  const base = openAiBase(endpoint.baseUrl);
  const urls = new Map<Operation, string>();
  return {
    profile: profileOf(endpoint.type, base.host),
    headers: headersOf(endpoint, { ...bearer(endpoint.apiKey), ...defaults }),
    urlOf: (op) => {
      const known = urls.get(op) ?? endpointUrl(base, PATHS[op], endpoint.query);
      urls.set(op, known);
      return known;
    },
  };
}

/** The user's own headers win, the authorization included. */
export function headersOf(endpoint: Endpoint, own: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'anymodel-mcp', ...own };
  for (const [name, value] of Object.entries(endpoint.headers)) headers[name.toLowerCase()] = value;
  return headers;
}

export function bearer(key: string): Record<string, string> {
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}
