// From the base URL as people write it to the one a request goes to: with or without `/v1`, with a slash
// at the end, with a query, or with a whole endpoint pasted in. Pure; it knows no dialect's endpoints but
// the OpenAI ones people paste. See WIRE.md section 1.

import { Fault } from '../core/fault.ts';
import { isLoopbackHost, isOpenAiHost } from '../core/host.ts';

/** Where a dialect's endpoints hang. */
export interface BaseUrl {
  /** Scheme, authority and path, without a slash at the end. */
  readonly root: string;
  /** The query as written, without `?`; often empty. */
  readonly query: string;
  /** Lower case, without the port. */
  readonly host: string;
}

const PASTED_ENDPOINT = /\/(?:chat\/completions|completions|embeddings|responses|messages|models)$/;

/**
 * The root of an OpenAI-compatible API. `/v1` is added to a bare origin only: any path the user wrote is
 * meant, be it `/openai/v1`, `/api/v1`, `/v4` or a gateway's own prefix.
 */
export function openAiBase(written: string): BaseUrl {
  const url = parseHttpUrl(written);
  const path = pathOf(url).replace(/(\/v1)+(?=\/|$)/, '/v1');
  const prefix = path.replace(PASTED_ENDPOINT, '');
  return {
    root: originOf(url) + (prefix === path ? completed(path, url) : prefix),
    query: url.search.slice(1),
    host: url.hostname.toLowerCase(),
  };
}

/** Where Azure's endpoints hang: `root` ends in `/openai`, or in `/openai/v1` when there is no dated version. */
export interface AzureBase extends BaseUrl {
  /** Whether deployments stand in the path. */
  readonly isDated: boolean;
  /** Empty when none is to be sent. */
  readonly apiVersion: string;
  /** The deployment the address names, decoded. */
  readonly deployment: string | undefined;
}

/**
 * The root of an Azure OpenAI resource, out of its address, any path below it, or a whole pasted deployment. The
 * version in the address wins over `configured`; one that is no date, and the path `/openai/v1`, mean the v1 form.
 */
export function azureBase(written: string, configured: string | undefined): AzureBase {
  const url = parseHttpUrl(written);
  const { 'api-version': inAddress, ...others } = Object.fromEntries(url.searchParams);
  const pasted = /^(.*?)\/deployments(?:\/([^/]+)|$)/.exec(pathOf(url));
  const path = (pasted?.[1] ?? pathOf(url)).replace(PASTED_ENDPOINT, '');
  const version = inAddress ?? configured ?? '';
  const isV1 = /\/openai(?:\/v1)+$/.test(path);
  const isDated = !isV1 && /^\d{4}-/.test(version);
  const root = path.replace(/(?:\/openai)?(?:\/v1)*$/, '/openai');
  return {
    root: originOf(url) + root + (isDated ? '' : '/v1'),
    query: new URLSearchParams(others).toString(),
    host: url.hostname.toLowerCase(),
    isDated,
    apiVersion: isDated || version === 'preview' || version === 'latest' ? version : '',
    deployment: pasted?.[2] === undefined ? undefined : decoded(pasted[2]),
  };
}

const PASTED_ANTHROPIC = /(?:\/v1)*(?:\/messages(?:\/count_tokens)?|\/models)?$/;

/** The root of an Anthropic API, under which `/v1` stands: one written already, or a pasted endpoint, is taken off. */
export function anthropicBase(written: string): BaseUrl {
  const url = parseHttpUrl(written);
  const root = originOf(url) + url.pathname.replace(/\/+$/, '').replace(PASTED_ANTHROPIC, '');
  return { root, query: url.search.slice(1), host: url.hostname.toLowerCase() };
}

const PASTED_OLLAMA =
  /\/(?:api(?:\/(?:chat|generate|embed|embeddings|tags|show|ps|version))?|v1(?:\/(?:chat\/completions|completions|embeddings|models|responses|messages))?)$/;

/** The root of an Ollama server, under which `/api` stands: `/api`, `/v1` or a pasted endpoint at the end is taken off. */
export function ollamaBase(written: string): BaseUrl {
  const url = parseHttpUrl(written);
  const path = url.pathname.replace(/\/+$/, '').replace(PASTED_OLLAMA, '').replace(/\/+$/, '');
  return { root: originOf(url) + path, query: url.search.slice(1), host: url.hostname.toLowerCase() };
}

/** An endpoint under `base`, with the base's own query first. */
export function endpointUrl(base: BaseUrl, path: string, query: Readonly<Record<string, string>>): string {
  const search = [base.query, new URLSearchParams(query).toString()].filter((part) => part !== '').join('&');
  return search === '' ? base.root + path : `${base.root}${path}?${search}`;
}

/** Whether it is OpenAI itself, whose models we know by name. */
export function isOpenAiUrl(written: string): boolean {
  return isOpenAiHost(parseHttpUrl(written).hostname);
}

/** Whether the host is this machine, where a model may have to be loaded before it answers. */
export function isLocalHost(written: string): boolean {
  return isLoopbackHost(parseHttpUrl(written).hostname);
}

/** By host or by port: paths that are not where OpenAI's endpoints are, and where those are. */
const ELSEWHERE: readonly { readonly at: RegExp; readonly path: RegExp; readonly to: string }[] = [
  { at: /^openrouter\.ai$/i, path: /^(?:\/api|\/v1)?$/, to: '/api/v1' },
  // LM Studio's and Ollama's own APIs stand beside the one that is spoken here.
  { at: /:1234$/, path: /^\/api(?:\/v[01])?$/, to: '/v1' },
  { at: /:11434$/, path: /^\/api$/, to: '/v1' },
];

function completed(path: string, { host }: URL): string {
  const row = ELSEWHERE.find(({ at, path: wrong }) => at.test(host) && wrong.test(path));
  return row?.to ?? (path === '' ? '/v1' : path);
}

/** The path without a slash at the end, and without empty steps in it. */
function pathOf(url: URL): string {
  return url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function originOf(url: URL): string {
  const user = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
  return `${url.protocol}//${user}${url.host}`;
}

function parseHttpUrl(written: string): URL {
  const url = URL.canParse(written.trim()) ? new URL(written.trim()) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Fault('CONFIG', 'The base URL of the upstream is not an http:// or https:// address.', {
    data: { next: 'Set API_BASE_URL to a full address, such as https://llm.example.com/v1.' },
  });
}
