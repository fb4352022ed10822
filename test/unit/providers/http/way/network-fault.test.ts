// The table of error codes, against what Node, OpenSSL and undici call them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyFault, connectTimeout, networkFault } from '../../../../../src/providers/http/way/network-fault.ts';

function failure(code: string): Error {
  return Object.assign(new Error('sk-secret'), { code });
}

const CASES: readonly (readonly [code: string, kind: string, upstreamCode: string | undefined, retry: string])[] = [
  ['ENOTFOUND', 'NETWORK', 'dns', 'again'],
  ['EAI_AGAIN', 'NETWORK', 'dns', 'again'],
  ['ECONNREFUSED', 'NETWORK', 'refused', 'again'],
  ['EHOSTUNREACH', 'NETWORK', 'refused', 'again'],
  ['ENETUNREACH', 'NETWORK', 'refused', 'again'],
  ['ECONNRESET', 'NETWORK', 'reset', 'again'],
  ['EPIPE', 'NETWORK', 'reset', 'again'],
  ['UND_ERR_SOCKET', 'NETWORK', 'reset', 'again'],
  ['EMFILE', 'NETWORK', 'reset', 'again'],
  ['ETIMEDOUT', 'TIMEOUT', undefined, 'again'],
  ['UND_ERR_CONNECT_TIMEOUT', 'TIMEOUT', undefined, 'again'],
  ['UND_ERR_HEADERS_TIMEOUT', 'TIMEOUT', undefined, 'again'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NETWORK', 'tls', 'elsewhere'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'NETWORK', 'tls', 'elsewhere'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NETWORK', 'tls', 'elsewhere'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'NETWORK', 'tls', 'elsewhere'],
  ['CERT_HAS_EXPIRED', 'NETWORK', 'tls', 'elsewhere'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'NETWORK', 'tls', 'elsewhere'],
  ['CERT_NOT_YET_VALID', 'NETWORK', 'tls', 'elsewhere'],
  ['CERT_REVOKED', 'NETWORK', 'tls', 'elsewhere'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'NETWORK', 'tls', 'elsewhere'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'NETWORK', 'tls', 'elsewhere'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'NETWORK', 'tls', 'elsewhere'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'NETWORK', 'tls', 'again'],
  ['ENOENT', 'NETWORK', 'refused', 'again'],
  ['EPROTO', 'NETWORK', 'tls', 'again'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'NETWORK', 'tls', 'again'],
  ['HPE_INVALID_CONSTANT', 'UPSTREAM', undefined, 'again'],
  ['HPE_HEADER_OVERFLOW', 'UPSTREAM', undefined, 'again'],
];

for (const [code, kind, upstreamCode, retry] of CASES) {
  test(`${code} is ${kind} ${upstreamCode ?? ''}`, () => {
    // As node:http throws it, and as the global fetch wraps it.
    for (const error of [failure(code), new TypeError('fetch failed', { cause: failure(code) })]) {
      const fault = networkFault(error, 'h.test:8080');
      assert.equal(fault.kind, kind);
      assert.equal(fault.data.upstreamCode, upstreamCode);
      assert.equal(fault.retry, retry);
      assert.equal(fault.cause, error);
      assert.match(fault.message, /h\.test:8080/);
      assert.doesNotMatch(fault.message, /secret/);
    }
  });
}

test('several addresses that fail are told by the first', () => {
  const both = Object.assign(new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]), {
    code: 'ECONNREFUSED',
  });
  assert.equal(networkFault(both, 'localhost:1').data.upstreamCode, 'refused');
});

test('an unknown failure names its code and nothing else', () => {
  assert.equal(networkFault(failure('EMFILE'), 'h:1').message, 'The connection to h:1 failed (EMFILE).');
  assert.equal(networkFault('odd', 'h:1').message, 'h:1 closed the connection before it answered.');
  assert.equal(networkFault(undefined, 'h:1').data.upstreamCode, 'reset');
});

test('after the head a failure is INCOMPLETE, unless it is silence or a bad archive', () => {
  assert.equal(bodyFault(failure('ECONNRESET'), 'h:1').kind, 'INCOMPLETE');
  assert.equal(bodyFault(failure('HPE_INVALID_CHUNK_SIZE'), 'h:1').kind, 'INCOMPLETE');
  assert.equal(bodyFault(failure('Z_BUF_ERROR'), 'h:1').kind, 'INCOMPLETE');
  assert.equal(bodyFault(undefined, 'h:1').kind, 'INCOMPLETE');
  assert.equal(bodyFault(failure('UND_ERR_BODY_TIMEOUT'), 'h:1').kind, 'TIMEOUT');
  assert.equal(bodyFault(failure('Z_DATA_ERROR'), 'h:1').kind, 'UPSTREAM');
  assert.equal(bodyFault(failure('ERR__ERROR_FORMAT_PADDING_1'), 'h:1').kind, 'UPSTREAM');
});

test('the connect clock says its length in seconds', () => {
  const fault = connectTimeout('h:1', 1500);
  assert.equal(fault.kind, 'TIMEOUT');
  assert.equal(fault.message, 'Connecting to h:1 took longer than 1.5 s.');
});
