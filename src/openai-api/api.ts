// Our OpenAI-compatible API: which endpoint a path means, over the same models as the tools. It is written against an
// exchange and knows neither socket nor MCP. Paths are read as clients write them: with the version once or twice, and
// a slash at the end.

import type { Exchange, Serve } from '../wire/exchange.ts';
import { Crowd, refuse, runCall } from './call.ts';
import type { Endpoint } from './call.ts';
import { chatCompletions } from './chat.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import { listModels, oneModel } from './models.ts';
import type { OpenAiSite } from './site.ts';

interface Route {
  readonly method: 'GET' | 'POST';
  readonly endpoint: Endpoint;
}

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/chat/completions', { method: 'POST', endpoint: chatCompletions }],
  ['/completions', { method: 'POST', endpoint: completions }],
  ['/embeddings', { method: 'POST', endpoint: embeddings }],
  ['/models', { method: 'GET', endpoint: listModels }],
]);

const ONE_MODEL = '/models/';

/** Serves every path under `/v1`. */
export function openAiApi(site: OpenAiSite): Serve {
  const crowd = new Crowd();
  return (exchange, caller) => {
    const path = exchange.path.replace(/^(?:\/+v1(?=\/|$))+/, '').replace(/\/+$/, '');
    const route = routeOf(path);
    if (route === undefined) return refuse(exchange, 404, unknownUrl(exchange));
    if (route.method !== exchange.method) return refuse(exchange, 405, wrongMethod(exchange), { allow: route.method });
    return runCall({ site, crowd }, { exchange, caller }, route.endpoint);
  };
}

function routeOf(path: string): Route | undefined {
  const known = ROUTES.get(path);
  if (known !== undefined || !path.startsWith(ONE_MODEL)) return known;
  const id = path.slice(ONE_MODEL.length);
  return { method: 'GET', endpoint: (call) => oneModel(call, id) };
}

const TYPE = 'invalid_request_error';

function unknownUrl({ method, path }: Exchange): Parameters<typeof refuse>[2] {
  const known = [...ROUTES.keys()].map((one) => `/v1${one}`).join(', ');
  const message = `Unknown request URL: ${method} ${path.slice(0, 200)}. Served are ${known}.`;
  return { message, type: TYPE, code: 'unknown_url' };
}

function wrongMethod({ method, path }: Exchange): Parameters<typeof refuse>[2] {
  const message = `Not allowed to ${method} on ${path.slice(0, 200)}.`;
  return { message, type: TYPE, code: 'method_not_supported' };
}
