// Where an Anthropic request goes and under which headers (WIRE.md section 1). What does not change between requests
// to one endpoint is worked out once for each endpoint object.

import { anthropicBase, endpointUrl } from '../../base-url.ts';
import type { Endpoint } from '../../dialect.ts';

export interface Route {
  readonly messages: string;
  /** The list of models from its beginning, or after the row a page ended with. */
  readonly models: (after: string | undefined) => string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Taken by every server that speaks this; the newer one takes no sampling parameters, whatever the model. */
const VERSION = '2023-06-01';

/** The longest page there is. */
const PAGE_ROWS = '1000';

const routes = new WeakMap<Endpoint, Route>();

export function routeOf(endpoint: Endpoint): Route {
  const known = routes.get(endpoint);
  if (known !== undefined) return known;
  const base = anthropicBase(endpoint.baseUrl);
  const route: Route = {
    messages: endpointUrl(base, '/v1/messages', endpoint.query),
    models: (after) =>
      endpointUrl(base, '/v1/models', {
        ...endpoint.query,
        limit: PAGE_ROWS,
        ...(after === undefined ? {} : { after_id: after }),
      }),
    headers: headersOf(endpoint),
  };
  routes.set(endpoint, route);
  return route;
}

/** The user's own headers win, those with the key included. */
function headersOf({ apiKey, apiVersion, headers: own }: Endpoint): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': 'anymodel-mcp',
    'anthropic-version': apiVersion ?? VERSION,
    ...credential(apiKey),
  };
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value;
  return headers;
}

/** OAuth tokens are known by their beginning; the API takes them as a bearer only, and under a beta's name. */
function credential(key: string): Record<string, string> {
  if (key === '') return {};
  if (!key.startsWith('sk-ant-oat')) return { 'x-api-key': key };
  return { authorization: `Bearer ${key}`, 'anthropic-beta': 'oauth-2025-04-20' };
}
