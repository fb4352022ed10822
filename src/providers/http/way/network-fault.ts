// What Node says when the network fails, as one table: error code -> what happened, for people and for
// the retry loop. Knows the codes of libuv, OpenSSL and undici (the global fetch, which hides its own as
// `cause`, and its parser's). Messages name host and port and nothing else of the address.

import { Fault } from '../../../core/fault.ts';
import type { FaultData, FaultKind } from '../../../core/fault.ts';
import { cutShort } from '../../../wire/http1-fault.ts';

interface Row {
  readonly codes: RegExp;
  readonly kind: FaultKind;
  /** The sentence, after `where` and the code are put in. */
  say(where: string, code: string): string;
  readonly data: FaultData;
}

/** The first row that matches counts. */
const TABLE: readonly Row[] = [
  {
    codes: /^(?:ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/,
    kind: 'NETWORK',
    say: (where, code) => `The name in ${where} was not found by DNS (${code}).`,
    data: {
      upstreamCode: 'dns',
      next: 'Check the spelling of the base URL, and that this machine can resolve names.',
    },
  },
  {
    codes: /^ECONNREFUSED$/,
    kind: 'NETWORK',
    say: (where) => `Nothing accepts connections at ${where} (connection refused).`,
    data: {
      upstreamCode: 'refused',
      next: 'Start the model server, or correct host and port in the base URL.',
    },
  },
  {
    codes: /^(?:ENOENT|ENOTSOCK)$/,
    kind: 'NETWORK',
    say: (where, code) => `There is no Unix socket for ${where} (${code}).`,
    data: { upstreamCode: 'refused', next: 'Start the model server, or correct socketPath of the provider.' },
  },
  {
    codes: /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/,
    kind: 'NETWORK',
    say: (where, code) => `There is no way from this machine to ${where} (${code}).`,
    data: {
      upstreamCode: 'refused',
      next: 'Check the network, its firewall and the base URL; of a Unix socket, its permissions.',
    },
  },
  {
    codes: /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    kind: 'TIMEOUT',
    say: (where) => `Connecting to ${where} timed out.`,
    data: { next: 'Check the network, its firewall and the base URL.' },
  },
  {
    codes: /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/,
    kind: 'TIMEOUT',
    say: (where) => `${where} was silent for longer than the built-in fetch waits.`,
    data: { next: 'Unset UPSTREAM_CLIENT: the default client has no such limit.' },
  },
  certificateRow(
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    'it is not valid today',
    'Renew the certificate on the server, or set the clock of this machine.',
  ),
  certificateRow(
    /^(?:ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/,
    'it is made out to another name',
    'Write the name it is made out to into the base URL, or into tls.serverName of the provider.',
  ),
  certificateRow(
    /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/,
    'nobody we trust has signed it',
    'If the server is to be trusted, name the file of its authority in tls.ca of the provider, or in NODE_EXTRA_CA_CERTS.',
  ),
  certificateRow(
    /^(?:CERT_|CRL_|ERROR_IN_|INVALID_|PATH_LENGTH)/,
    'it fails its check',
    'Have the certificate of the server, or of its authority, made anew.',
  ),
  {
    // Alerts of the server, which it may send long after it has agreed.
    codes: /^ERR_SSL_\w*ALERT_(?:CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERT|ACCESS_DENIED|NO_CERT)/,
    kind: 'NETWORK',
    say: (where, code) => `${where} wants a client certificate, or another one (${code}).`,
    data: {
      upstreamCode: 'tls',
      retry: 'elsewhere',
      next: 'Set tls.cert and tls.key of the provider to a certificate that the server accepts.',
    },
  },
  {
    codes: /^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/,
    kind: 'NETWORK',
    say: (where, code) => `No TLS connection could be agreed with ${where} (${code}).`,
    data: { upstreamCode: 'tls', next: 'If the server speaks plain HTTP, write http:// in the base URL.' },
  },
  {
    codes: /^(?:HPE_|HTTPParserError$)/,
    kind: 'UPSTREAM',
    say: (where, code) => `${where} did not answer in HTTP (${code}).`,
    data: { next: 'Check the port, and whether the base URL should begin with https://.' },
  },
];

/** The names are those of X509_V_ERR_*; another attempt would meet the same certificate. */
function certificateRow(codes: RegExp, why: string, next: string): Row {
  return {
    codes,
    kind: 'NETWORK',
    say: (where, code) => `The TLS certificate of ${where} is not accepted: ${why} (${code}).`,
    data: { upstreamCode: 'tls', retry: 'elsewhere', next },
  };
}

const RESET = /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/;

/** What stopped a request before the head of its answer was there. */
export function networkFault(error: unknown, where: string): Fault {
  // What a proxy did is told already.
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  const row = TABLE.find(({ codes }) => codes.test(code));
  if (row !== undefined) return new Fault(row.kind, row.say(where, code), { data: row.data, cause: error });
  const message =
    code === '' || RESET.test(code)
      ? `${where} closed the connection before it answered.`
      : `The connection to ${where} failed (${code}).`;
  return new Fault('NETWORK', message, { data: { upstreamCode: 'reset' }, cause: error });
}

/** What stopped an answer after its head. */
export function bodyFault(error: unknown, where: string): Fault {
  const code = codeOf(error);
  if (code === 'UND_ERR_BODY_TIMEOUT') return networkFault(error, where);
  if (/^(?:Z_(?!BUF_)|ERR__ERROR_)/.test(code)) {
    return new Fault('UPSTREAM', `The answer of ${where} is wrongly compressed (${code}).`, { cause: error });
  }
  return cutShort(where, error);
}

/** Whether the server gave up the connection. */
export function isReset(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** The connect clock ran out. */
export function connectTimeout(where: string, timeoutMs: number): Fault {
  return new Fault('TIMEOUT', `Connecting to ${where} took longer than ${timeoutMs / 1000} s.`, {
    data: { next: 'Check the network, its firewall and the base URL.' },
  });
}

/** The code of an error, or of the nearest cause that has one; empty when there is none. */
function codeOf(error: unknown): string {
  let at = error;
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    // undici of Node 24 and later gives this one no code.
    if (at.name === 'HTTPParserError') return at.name;
    at = at.cause;
  }
  return '';
}
