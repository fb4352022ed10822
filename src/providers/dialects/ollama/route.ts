// Where a question to an Ollama server goes and under which headers (WIRE.md section 1). What does not change
// between requests to one endpoint is worked out once for each endpoint object.

import { endpointUrl, ollamaBase } from '../../base-url.ts';
import type { Ask, Endpoint } from '../../dialect.ts';
import { bearer, headersOf } from '../openai/sent/request.ts';

export interface Route {
  readonly url: Readonly<Record<Ask['op'], string>>;
  readonly headers: Readonly<Record<string, string>>;
}

const routes = new WeakMap<Endpoint, Route>();

export function routeOf(endpoint: Endpoint): Route {
  const known = routes.get(endpoint);
  if (known !== undefined) return known;
  const base = ollamaBase(endpoint.baseUrl);
  const urlOf = (path: string): string => endpointUrl(base, path, endpoint.query);
  const route = {
    url: {
      chat: urlOf('/api/chat'),
      complete: urlOf('/api/generate'),
      embed: urlOf('/api/embed'),
      models: urlOf('/api/tags'),
      describe: urlOf('/api/show'),
    },
    // A server on one's own machine takes no key; the hosted service does.
    headers: headersOf(endpoint, bearer(endpoint.apiKey)),
  };
  routes.set(endpoint, route);
  return route;
}
