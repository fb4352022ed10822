// Where a request goes, read from its URL once for both clients. User name and password of a URL become
// a Basic header here, so that nothing further on holds them in a form that could be logged; for the
// same reason `where` is all that an error message may say of the address.

import { Fault } from '../../../core/fault.ts';

export interface Destination {
  readonly secure: boolean;
  /** Without the brackets of an IPv6 literal. */
  readonly host: string;
  readonly port: number;
  /** The value of the Host header. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
  /** From the URL's user information; absent when it has none. */
  readonly authorization?: string;
  /** What a proxy that is handed the request wants to see. */
  readonly proxyAuthorization?: string;
  /** Host and port, fit for an error message. */
  readonly where: string;
}

/** Reads an http or https URL. Throws Fault CONFIG for anything else, without repeating the URL. */
export function destinationOf(text: string): Destination {
  const url = parse(text);
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') throw notAnAddress();
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const destination: Destination = {
    secure,
    host: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port,
    authority: url.host,
    path: url.pathname + url.search,
    where: `${url.hostname}:${port}`,
  };
  if (url.username === '' && url.password === '') return destination;
  return { ...destination, authorization: basic(url.username, url.password) };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The error of `new URL` holds the text, and the text may hold a key: it is not kept as the cause.
    throw notAnAddress();
  }
}

function basic(username: string, password: string): string {
  const pair = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notAnAddress(): Fault {
  return new Fault('CONFIG', 'The address of the provider is not an http or https URL.', {
    data: { next: 'Correct the base URL, for example https://api.openai.com/v1.' },
  });
}
