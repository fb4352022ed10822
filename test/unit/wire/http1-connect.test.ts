// The answer to CONNECT: what is read of it, and what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { ConnectDecoder } from '../../../src/wire/http1-connect.ts';

/** Status and `proxy-authenticate` of what is decoded from these pieces. */
function decoded(...pieces: readonly string[]): unknown {
  const decoder = new ConnectDecoder('p:1');
  const heads = pieces.flatMap((piece) => decoder.push(Buffer.from(piece, 'latin1')));
  return heads.map((head) => [head.status, head.get('proxy-authenticate')]);
}

function refusedFor(what: string): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.message === `p:1 did not answer in HTTP (${what}).`;
}

test('is the same in every two-way cut', () => {
  const text = 'HTTP/1.1 103 Early\r\nx-a: b\r\n\r\nHTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n';
  assert.deepEqual(decoded(text), [[407, 'Basic']]);
  for (let at = 1; at < text.length; at++) {
    assert.deepEqual(decoded(text.slice(0, at), text.slice(at)), [[407, 'Basic']]);
  }
});

test('has no body when it is a 2xx, and one that is not looked at otherwise', () => {
  assert.deepEqual(decoded('HTTP/1.1 200 OK\r\ncontent-length: 7\r\ntransfer-encoding: x\r\n\r\n'), [[200, null]]);
  assert.deepEqual(decoded('HTTP/1.1 502 Bad\r\ncontent-length: x\r\n\r\n<html>', '<body>'), [[502, null]]);
});

test('is refused where something could hide in it', () => {
  const ok = 'HTTP/1.1 200 OK\r\n\r\n';
  assert.throws(() => decoded(`${ok}x`), refusedFor('bytes behind the answer to CONNECT'));
  assert.throws(() => decoded(ok.slice(0, 5), `${ok.slice(5)}\r\n`), refusedFor('bytes behind the answer to CONNECT'));
  assert.throws(() => decoded('HTTP/1.1 101 Up\r\n\r\n'), refusedFor('a switch of protocols'));
  assert.throws(() => decoded('HTTP/1.1 200 OK\n\n'), refusedFor('line end'));
  assert.throws(() => decoded('HTTP/1.1 200 OK\r\n x: y\r\n\r\n'), refusedFor('header line'));
  assert.throws(() => decoded('HTTP/2 200\r\n\r\n'), refusedFor('status line'));
  assert.throws(() => decoded('<html>'), refusedFor('status line'));
  assert.throws(
    () => decoded(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(16_384)}`),
    refusedFor('more than 16 KiB of headers'),
  );
});

test('that is not whole when the connection ends is INCOMPLETE', () => {
  const decoder = new ConnectDecoder('p:1');
  decoder.push(Buffer.from('HTTP/1.1 200 OK\r\n'));
  assert.throws(
    () => decoder.end(),
    (error) => error instanceof Fault && error.kind === 'INCOMPLETE',
  );
  assert.deepEqual(decoder.push(Buffer.from('\r\n')).length, 1);
  assert.deepEqual(decoder.end(), []);
});
