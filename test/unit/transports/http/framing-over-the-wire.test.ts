// Requests that could be read in two ways, over a real socket: none of them may be served, and nothing that hides in
// one may be taken for a request of its own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rawClient } from '../../../support/raw-client.ts';
import { echo, openStand } from './stand.ts';

const HOST = 'host: localhost\r\n';
const SMUGGLED = 'GET /echo/smuggled HTTP/1.1\r\nhost: localhost\r\n\r\n';
const post = (headers: string, body = ''): string => `POST /echo HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
const chunks = (body: string): string => post('transfer-encoding: chunked\r\n', body);

/** What is sent, and what may come back; the connection ends with it. Parsers of several Nodes see things their own way. */
const REFUSED: Readonly<Record<string, readonly [bytes: string, ...statuses: number[]]>> = {
  'a length and chunks': [post('content-length: 4\r\ntransfer-encoding: chunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'chunks and a length': [post('transfer-encoding: chunked\r\ncontent-length: 4\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'two equal lengths': [post('content-length: 2\r\ncontent-length: 2\r\n', 'ab'), 400],
  'two lengths': [post('content-length: 2\r\ncontent-length: 50\r\n', `ab${SMUGGLED}`), 400],
  'a list of lengths': [post('content-length: 2, 2\r\n', 'ab'), 400],
  'a length with a sign': [post('content-length: +2\r\n', 'ab'), 400],
  'a hexadecimal length': [post('content-length: 0x2\r\n', 'ab'), 400],
  'an empty length': [post('content-length:\r\n', SMUGGLED), 400],
  'a blank before the colon of a length': [post('content-length : 60\r\n', SMUGGLED), 400],
  'a blank before the colon of a coding': [post('transfer-encoding : chunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'a tab before a colon': [post('transfer-encoding\t: chunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'a length beyond any number': [post('content-length: 99999999999999999999999\r\n', 'ab'), 400],
  'a folded line': [post('x: a\r\n b\r\n'), 400],
  'a folded coding': [post('transfer-encoding:\r\n chunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'bare line feeds': [`GET /echo HTTP/1.1\nhost: localhost\n\n`, 400],
  'one bare line feed': [`GET /echo HTTP/1.1\r\nhost: localhost\nx: b\r\n\r\n`, 400],
  'a bare carriage return': [`GET /echo HTTP/1.1\r\nhost: localhost\rx: b\r\n\r\n`, 400],
  'a NUL in a header': [post('x: a\0b\r\n'), 400],
  'identity as a coding': [post('transfer-encoding: identity\r\n', SMUGGLED), 400, 501],
  'gzip before chunked': [post('transfer-encoding: gzip, chunked\r\n', `0\r\n\r\n${SMUGGLED}`), 501],
  'chunked twice': [post('transfer-encoding: chunked, chunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'chunked before gzip': [post('transfer-encoding: chunked, gzip\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'a word that ends in chunked': [post('transfer-encoding: xchunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400, 501],
  'a vertical tab before chunked': [post('transfer-encoding: \x0bchunked\r\n', `0\r\n\r\n${SMUGGLED}`), 400],
  'two codings, the odd one first': [
    post('transfer-encoding: identity\r\ntransfer-encoding: chunked\r\n', `0\r\n\r\n${SMUGGLED}`),
    501,
  ],
  'two codings, the odd one last': [
    post('transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n', `0\r\n\r\n${SMUGGLED}`),
    400,
  ],
  'chunks in HTTP/1.0': [`POST /echo HTTP/1.0\r\n${HOST}transfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400],
  'a line feed in a chunk extension': [chunks(`2;a\nab\r\n0\r\n\r\n${SMUGGLED}`), 400],
  'line feeds between chunks': [chunks(`2\nab\n0\n\n${SMUGGLED}`), 400],
  'a chunk that is longer than it says': [chunks(`2\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  'a hexadecimal chunk with its prefix': [chunks(`0x2\r\nab\r\n0\r\n\r\n${SMUGGLED}`), 400],
  'a negative chunk': [chunks(`-2\r\nab\r\n0\r\n\r\n${SMUGGLED}`), 400],
  'a chunk size that overflows': [chunks(`10000000000000002\r\nab\r\n0\r\n\r\n${SMUGGLED}`), 400],
  'chunk extensions without end': [chunks(`2;${'a'.repeat(20_000)}\r\nab\r\n0\r\n\r\n`), 413],
  'two Hosts': [`GET /echo HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
  'no Host': ['GET /echo HTTP/1.1\r\n\r\n', 400],
  'an empty Host': ['GET /echo HTTP/1.1\r\nhost:\r\n\r\n', 400],
  'HTTP/0.9': ['GET /echo\r\n\r\n', 505],
  'HTTP/0.9 by name': [`GET /echo HTTP/0.9\r\n${HOST}\r\n`, 505],
  'HTTP/1.2': [`GET /echo HTTP/1.2\r\n${HOST}\r\n`, 400],
  'HTTP/2.0 by name': [`GET /echo HTTP/2.0\r\n${HOST}\r\n`, 505],
  'the preface of HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  'a blank before the method': [` GET /echo HTTP/1.1\r\n${HOST}\r\n`, 400],
  'a header without a colon': [`GET /echo HTTP/1.1\r\n${HOST}foo\r\n\r\n`, 400],
  'a fold where the first header belongs': [`GET /echo HTTP/1.1\r\n host: localhost\r\n\r\n`, 400],
  'a blank in the target': [`GET /ec ho HTTP/1.1\r\n${HOST}\r\n`, 400],
  'a fragment in the target': [`GET /echo#x HTTP/1.1\r\n${HOST}\r\n`, 400],
  'a backslash in the target': [`GET /echo\\x HTTP/1.1\r\n${HOST}\r\n`, 400],
  'an encoded slash': [`GET /echo%2fx HTTP/1.1\r\n${HOST}\r\n`, 400],
  'an encoded backslash': [`GET /echo%5cx HTTP/1.1\r\n${HOST}\r\n`, 400],
  'an encoded NUL': [`GET /echo/%00 HTTP/1.1\r\n${HOST}\r\n`, 400],
  'dot segments': [`GET /x/../echo HTTP/1.1\r\n${HOST}\r\n`, 400],
  'encoded dot segments': [`GET /x/%2e%2E/echo HTTP/1.1\r\n${HOST}\r\n`, 400],
  'half a character': [`GET /echo/%c3 HTTP/1.1\r\n${HOST}\r\n`, 400],
  'a byte beyond ASCII': [`GET /echo/\xe9 HTTP/1.1\r\n${HOST}\r\n`, 400],
  'another scheme': [`GET ftp://localhost/echo HTTP/1.1\r\n${HOST}\r\n`, 400],
  'a user in the target': [`GET http://me@localhost/echo HTTP/1.1\r\n${HOST}\r\n`, 400],
  'a method that nobody knows': [`BREW /echo HTTP/1.1\r\n${HOST}\r\n`, 501],
  'TLS on a plain port': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  'more headers than allowed': [`GET /echo HTTP/1.1\r\n${HOST}${'x: y\r\n'.repeat(100)}\r\n`, 431],
  'headers that are too large': [`GET /echo HTTP/1.1\r\n${HOST}x: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  'a target that is too large': [`GET /echo/${'y'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
};

describe('requests that are refused', () => {
  for (const [what, [bytes, ...statuses]] of Object.entries(REFUSED)) {
    test(what, async (t) => {
      const { port } = await openStand(t, { faces: [echo] });
      const client = await rawClient(t, port);
      client.send(bytes);
      const text = await client.closed();
      assert.equal(client.statuses.length, 1, text);
      assert.ok(statuses.includes(client.statuses[0] ?? 0), text);
      assert.ok(!text.includes('smuggled'), text);
    });
  }
});

/** What is sent, and what comes back. */
const SERVED: Readonly<Record<string, readonly [bytes: string, answer: string]>> = {
  chunks: [chunks('2\r\nab\r\n1\r\nc\r\n0\r\n\r\n'), '["POST","/echo","","abc"]'],
  'chunks in capitals': [post('Transfer-Encoding: Chunked\r\n', '2\r\nab\r\n0\r\n\r\n'), '["POST","/echo","","ab"]'],
  'a chunk extension': [chunks('2;a=b\r\nab\r\n0\r\n\r\n'), '["POST","/echo","","ab"]'],
  'empty lines before a request': [`\r\n\r\nGET /echo HTTP/1.1\r\n${HOST}\r\n`, '["GET","/echo","",""]'],
  'an absolute target': [`GET http://127.0.0.1:8000/echo/x?y=z HTTP/1.1\r\n${HOST}\r\n`, '["GET","/echo/x","y=z",""]'],
  'a query': [`GET /echo?a=%2F&b=c%20d HTTP/1.1\r\n${HOST}\r\n`, '["GET","/echo","a=%2F&b=c+d",""]'],
  'an encoded letter': [`GET /%65cho/%C3%A9 HTTP/1.1\r\n${HOST}\r\n`, '["GET","/echo/\xc3\xa9","",""]'],
  'a slash at the end': [`GET /echo/ HTTP/1.1\r\n${HOST}\r\n`, '["GET","/echo","",""]'],
  'an upgrade that is not made': [
    `GET /echo HTTP/1.1\r\n${HOST}connection: upgrade\r\nupgrade: h2c\r\n\r\n`,
    '["GET","/echo","",""]',
  ],
  'a body of GET': [`GET /echo HTTP/1.1\r\n${HOST}content-length: 2\r\n\r\nab`, '["GET","/echo","","ab"]'],
};

describe('requests that are served', () => {
  for (const [what, [bytes, answer]] of Object.entries(SERVED)) {
    test(what, async (t) => {
      const { port } = await openStand(t, { faces: [echo] });
      const client = await rawClient(t, port);
      client.send(bytes);
      const text = await client.until((come) => come.includes('\r\n\r\n') && come.endsWith(']'));
      assert.ok(text.endsWith(`\r\n\r\n${answer}`), text);
      assert.deepEqual(client.statuses, [200]);
    });
  }

  test('bytes after the last request are not another', async (t) => {
    const { port } = await openStand(t, { faces: [echo] });
    const client = await rawClient(t, port);
    client.send(`GET /echo/first HTTP/1.1\r\n${HOST}connection: close\r\n\r\n${SMUGGLED}`);
    const text = await client.closed();
    assert.deepEqual(client.statuses, [200], text);
    assert.ok(text.includes('/echo/first'));
  });
});
