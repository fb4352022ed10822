// Where an OpenAI request goes and under which headers. What does not change between requests to one endpoint
// is worked out once for each endpoint object, of which there is one per key for the life of the process.

import { endpointUrl, openAiBase } from '../../base-url.ts';
import type { Ask, Endpoint } from '../../dialect.ts';

export interface Route {
  readonly host: string;
  readonly url: Readonly<Record<Operation, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

type Operation = Exclude<Ask['op'], 'describe'>;

const PATHS: Readonly<Record<Operation, string>> = {
  chat: '/chat/completions',
  complete: '/completions',
  embed: '/embeddings',
  models: '/models',
};

const routes = new WeakMap<Endpoint, Route>();

export function routeOf(endpoint: Endpoint): Route {
  const known = routes.get(endpoint);
  if (known !== undefined) return known;
  const base = openAiBase(endpoint.baseUrl);
  const urlOf = (op: Operation): string => endpointUrl(base, PATHS[op], endpoint.query);
  const route = {
    host: base.host,
    url: { chat: urlOf('chat'), complete: urlOf('complete'), embed: urlOf('embed'), models: urlOf('models') },
    headers: headersOf(endpoint),
  };
  routes.set(endpoint, route);
  return route;
}

/** The user's own headers win, the authorization included. */
function headersOf(endpoint: Endpoint): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'anymodel-mcp' };
  if (endpoint.apiKey !== '') headers['authorization'] = `Bearer ${endpoint.apiKey}`;
  for (const [name, value] of Object.entries(endpoint.headers)) headers[name.toLowerCase()] = value;
  return headers;
}
