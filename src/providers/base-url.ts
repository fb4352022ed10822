// From the base URL as people write it to the one a request goes to: with or without `/v1`, with a slash
// at the end, with a query, or with a whole endpoint pasted in. Pure; it knows no dialect's endpoints but
// the OpenAI ones people paste. See WIRE.md section 1.

import { Fault } from '../core/fault.ts';

/** Where a dialect's endpoints hang. */
export interface BaseUrl {
  /** Scheme, authority and path, without a slash at the end. */
  readonly root: string;
  /** The query as written, without `?`; often empty. */
  readonly query: string;
  /** Lower case, without the port. */
  readonly host: string;
}

const PASTED_ENDPOINT = /\/(?:chat\/completions|completions|embeddings|responses|models)$/;

/**
 * The root of an OpenAI-compatible API. `/v1` is added to a bare origin only: any path the user wrote is
 * meant, be it `/openai/v1`, `/api/v1`, `/v4` or a gateway's own prefix.
 */
export function openAiBase(written: string): BaseUrl {
  const url = parseHttpUrl(written);
  const path = url.pathname.replace(/\/+$/, '');
  const prefix = path.replace(PASTED_ENDPOINT, '');
  return {
    root: originOf(url) + (prefix === path ? completed(path, url.hostname) : prefix),
    query: url.search.slice(1),
    host: url.hostname.toLowerCase(),
  };
}

/** An endpoint under `base`, with the base's own query first. */
export function endpointUrl(base: BaseUrl, path: string, query: Readonly<Record<string, string>>): string {
  const search = [base.query, new URLSearchParams(query).toString()].filter((part) => part !== '').join('&');
  return search === '' ? base.root + path : `${base.root}${path}?${search}`;
}

/** Whether the host is this machine, where a model may have to be loaded before it answers. */
export function isLocalHost(written: string): boolean {
  const host = parseHttpUrl(written).hostname;
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\]|host\.docker\.internal)$/i.test(host);
}

function completed(path: string, hostname: string): string {
  if (path === '') return '/v1';
  if (path === '/api' && hostname.toLowerCase() === 'openrouter.ai') return '/api/v1';
  return path;
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
