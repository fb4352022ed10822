// The head of a request as text. Checks what HTTP can carry (RFC 9110, 5.1 and 5.5), because a line break in
// a key would begin a header, or a request, of its own. A value may be a key, and is never repeated here.

import { Fault } from '../../core/fault.ts';
import type { FetchRequest } from '../fetch.ts';
import type { Destination } from './way/destination.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** How the body is framed is decided here alone. */
const FRAMING = /^(?:content-length|transfer-encoding)$/i;

/** Fault CONFIG for the first header that cannot be sent; `undefined` when all can. */
export function headerFault(headers: Readonly<Record<string, string>>): Fault | undefined {
  const bad = Object.entries(headers).find(([name, value]) => !isSendable(name, value));
  return bad === undefined ? undefined : unsendable(bad[0]);
}

/** Request line, headers and the blank line; Latin-1. Throws Fault CONFIG for a header that cannot be sent. */
export function requestHead(destination: Destination, request: FetchRequest): string {
  const { method, headers, body } = request;
  let head = `${method} ${destination.path} HTTP/1.1\r\n`;
  if (headers['host'] === undefined) head += `host: ${destination.authority}\r\n`;
  head += 'connection: keep-alive\r\n';
  if (headers['accept-encoding'] === undefined) head += 'accept-encoding: identity\r\n';
  if (destination.authorization !== undefined && headers['authorization'] === undefined) {
    head += `authorization: ${destination.authorization}\r\n`;
  }
  if (destination.proxyAuthorization !== undefined)
    head += `proxy-authorization: ${destination.proxyAuthorization}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!isSendable(name, value)) throw unsendable(name);
    if (!FRAMING.test(name)) head += `${name}: ${value}\r\n`;
  }
  if (body !== undefined) head += `content-length: ${Buffer.byteLength(body)}\r\n`;
  else if (method === 'POST') head += 'content-length: 0\r\n';
  return `${head}\r\n`;
}

function isSendable(name: string, value: string): boolean {
  return NAME.test(name) && VALUE.test(value);
}

function unsendable(name: string): Fault {
  return new Fault('CONFIG', `The header ${JSON.stringify(name)} holds a character that HTTP does not allow.`, {
    data: { next: 'Look for a line break or a character outside Latin-1 in the key or in the configured headers.' },
  });
}
