// Azure OpenAI: the OpenAI dialect at other addresses. Without an api-version, or with the v1 path, it is OpenAI's own
// form below `/openai/v1`; with a dated version the deployment stands in the path, and the body names no model.
// WIRE.md 1, 3.3 and 4.2, case 97.

import type { Dialect, Endpoint } from '../dialect.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import { azureBase, endpointUrl } from '../base-url.ts';
import type { AzureBase } from '../base-url.ts';
import { openai } from './openai.ts';
import { profileOf } from './openai/profiles.ts';
import { bearer, headersOf, PATHS, routeCache } from './openai/sent/request.ts';
import type { Operation } from './openai/sent/request.ts';
import { openAiSending } from './openai/sent/sending.ts';

/** A token of Entra ID is a JWT; a key of the resource is not. */
const TOKEN = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/** The first dated version that knows `max_completion_tokens` and `stream_options`. */
const MODERN = '2024-09-01';

const routeOf = routeCache((endpoint) => {
  const base = azureBase(endpoint.baseUrl, endpoint.query['api-version'] ?? endpoint.apiVersion);
  const profile = profileOf(endpoint.type, base.host);
  const isModern = !base.isDated || base.apiVersion >= MODERN;
  return {
    profile: isModern ? profile : { ...profile, newTokenCap: 'by-name', streamOptions: false },
    headers: headersOf(endpoint, credentials(endpoint)),
    urlOf: (op, model) =>
      endpointUrl(base, base.isDated ? datedPath(op, model, endpoint) : PATHS[op], queryOf(endpoint, base)),
    isInAddress: (op) => base.isDated && op !== 'responses',
    ...present({ onlyModel: base.deployment }),
  };
});

export const azure: Dialect = {
  ...openai,
  name: 'azure',
  encode: (ask, endpoint, lessons) => openAiSending(ask, endpoint, lessons, routeOf(endpoint)),
};

function datedPath(op: Operation, deployment: string, { provider }: Endpoint): string {
  if (op === 'models') throw notListed(provider);
  return op === 'responses' ? PATHS[op] : `/deployments/${encodeURIComponent(deployment)}${PATHS[op]}`;
}

function queryOf(endpoint: Endpoint, base: AzureBase): Record<string, string> {
  const { 'api-version': _, ...others } = endpoint.query;
  return base.apiVersion === '' ? others : { ...others, 'api-version': base.apiVersion };
}

/** A header of the user's that is a credential is the credential. */
function credentials({ apiKey, headers }: Endpoint): Record<string, string> {
  const isGiven = Object.keys(headers).some((name) => /^(?:authorization|api-key)$/i.test(name));
  if (isGiven || apiKey === '') return {};
  return TOKEN.test(apiKey) ? bearer(apiKey) : { 'api-key': apiKey };
}

/** What it would list are the models one could deploy, none of which can be asked by that name. */
function notListed(provider: string): Fault {
  return new Fault('INVALID_INPUT', `The API of ${provider} does not list its deployments.`, {
    data: { provider, retry: 'elsewhere', next: `Name the deployments in the setting "models" of ${provider}.` },
  });
}
