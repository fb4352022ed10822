// Whether a request whose head was read can be read in one way only. Pure. Node's parser refuses most of what cannot
// (two lengths, a length beside chunks, folded lines, bare line ends); this refuses what one of its versions lets by,
// measured on Node 20.16, 22, 24 and 26. RFC 9110, 7.2; RFC 9112, 2.3, 3.2, 5.1 and 6.1.

import type { Incoming } from './raw.ts';
import type { Limits } from './limits.ts';
import type { Problem } from './refusal.ts';

const SPACE = 0x20;

/** Why the request is refused, and its connection closed; nothing when it is sound. */
export function framingProblem(request: Incoming, limits: Limits): Problem | undefined {
  const { headers, httpVersion, rawHeaders } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return { status: 505, type: 'http_version', message: 'Only HTTP/1.1 and HTTP/1.0 are spoken here.' };
  }
  if (rawHeaders.length > 2 * limits.headerCount) {
    return { status: 431, type: 'too_many_headers', message: `More than ${limits.headerCount} headers.` };
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    if (httpVersion === '1.0') return malformed('HTTP/1.0 knows no Transfer-Encoding.');
    if (typeof coding !== 'string' || coding.toLowerCase() !== 'chunked') {
      return { status: 501, type: 'transfer_encoding', message: 'The only Transfer-Encoding taken here is chunked.' };
    }
  }
  const { host } = headers;
  if (
    host === '' ||
    (typeof host === 'string' && host.includes(',')) ||
    (host === undefined && httpVersion === '1.1')
  ) {
    return malformed('A request has one Host, and it is not empty.');
  }
  // Node 20 takes `Transfer-Encoding : chunked` for a header of another name.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.charCodeAt(name.length - 1) === SPACE) return malformed('A header has a blank before its colon.');
  }
  return undefined;
}

function malformed(message: string): Problem {
  return { status: 400, type: 'malformed_request', message };
}
