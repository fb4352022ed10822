// HTTP/1.1 answers under random input: any cut gives the same, what was written is read, and noise is a Fault.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import { ANSWER_END, AnswerDecoder } from '../../src/wire/http1.ts';
import { AnswerHead } from '../../src/wire/http1-head.ts';
import { forSeeds, integer, oneOf, randomCuts } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

interface Outcome {
  readonly status: number | undefined;
  readonly type: string | null | undefined;
  readonly body: string;
  readonly hasEnded: boolean;
  readonly isReusable: boolean;
  readonly fault: string | undefined;
}

/** Everything a reader of the answer would see; anything thrown but a Fault fails the test. */
function outcome(chunks: readonly Uint8Array[]): Outcome {
  const decoder = new AnswerDecoder('h:1');
  const body: Buffer[] = [];
  let head: AnswerHead | undefined;
  let hasEnded = false;
  let isReusable = false;
  let fault: string | undefined;
  try {
    for (const chunk of [...chunks, undefined]) {
      if (chunk === undefined) isReusable = decoder.reusable !== undefined;
      for (const part of chunk === undefined ? decoder.end() : decoder.push(chunk)) {
        assert.ok(!hasEnded, 'something came behind the end');
        if (part === ANSWER_END) hasEnded = true;
        else if (part instanceof AnswerHead) head = part;
        else {
          assert.ok(part.length > 0, 'an empty piece');
          body.push(part);
        }
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    fault = thrown.kind;
  }
  const text = Buffer.concat(body).toString('latin1');
  return { status: head?.status, type: head?.get('content-type'), body: text, hasEnded, isReusable, fault };
}

function noise(draw: Draw, length: number): Buffer {
  return Buffer.from(Array.from({ length: integer(draw, length) }, () => integer(draw, 256)));
}

interface Written {
  readonly bytes: Buffer;
  readonly expected: Outcome;
}

/** A random answer, and what must be read of it. */
function answer(draw: Draw): Written {
  const body = noise(draw, 200);
  const framing = oneOf(draw, ['length', 'chunked', 'close'] as const);
  const status = oneOf(draw, [200, 404, 503]);
  const interim = oneOf(draw, ['', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early\r\nlink: <a>\r\n\r\n']);
  const fields = ['Content-Type: text/x', ...Array.from({ length: integer(draw, 5) }, (_, i) => `x-${i}: \u00e9 ${i}`)];
  if (framing === 'length') fields.push(`content-length: ${body.length}`);
  if (framing === 'chunked') fields.push('Transfer-Encoding: chunked');
  const head = Buffer.from(`${interim}HTTP/1.1 ${status} x\r\n${fields.join('\r\n')}\r\n\r\n`, 'latin1');
  const bytes = Buffer.concat([head, framing === 'chunked' ? inChunks(draw, body) : body]);
  const text = body.toString('latin1');
  const isReusable = framing !== 'close';
  return { bytes, expected: { status, type: 'text/x', body: text, hasEnded: true, isReusable, fault: undefined } };
}

function inChunks(draw: Draw, body: Buffer): Buffer {
  const parts = randomCuts(draw, body, 30).filter((part) => part.length > 0);
  const coded = parts.map((part) => {
    const extension = oneOf(draw, ['', '', ';a', ';b="c"']);
    return Buffer.concat([Buffer.from(`${part.length.toString(16)}${extension}\r\n`), part, Buffer.from('\r\n')]);
  });
  return Buffer.concat([...coded, Buffer.from(`0\r\n${oneOf(draw, ['', '', 'x-t: 1\r\n'])}\r\n`)]);
}

/** The answer with some bytes changed, dropped or put in. */
function damaged(draw: Draw, bytes: Buffer): Buffer {
  const at = integer(draw, bytes.length);
  const dropped = integer(draw, 3);
  const inserted = oneOf(draw, ['', '\n', '\r', '\r\n', '0', ' ', '\0', ':', 'content-length: 3\r\n', '\r\n\r\n']);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at + dropped)]);
}

test('what was written is read, whole and in every two-way cut', () => {
  forSeeds(60, (draw) => {
    const { bytes, expected } = answer(draw);
    assert.deepEqual(outcome([bytes]), expected);
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual(outcome([bytes.subarray(0, at), bytes.subarray(at)]), expected);
    }
  });
});

test('any chunking equals the whole, of damaged answers as well', () => {
  forSeeds(3000, (draw) => {
    const { bytes } = answer(draw);
    const tried = draw() < 0.2 ? bytes : damaged(draw, damaged(draw, bytes));
    const whole = outcome([tried]);
    assert.deepEqual(outcome(randomCuts(draw, tried, 40)), whole);
    assert.deepEqual(outcome(randomCuts(draw, tried, 2)), whole);
  });
});

test('every cut end of an answer is INCOMPLETE, unless the end of the connection is its end', () => {
  forSeeds(60, (draw) => {
    const { bytes, expected } = answer(draw);
    if (!expected.isReusable) return;
    for (let to = 0; to < bytes.length; to++) {
      const { fault, hasEnded } = outcome([bytes.subarray(0, to)]);
      assert.deepEqual([fault, hasEnded], ['INCOMPLETE', false]);
    }
  });
});

test('noise gives a Fault, or parts, and nothing else', () => {
  forSeeds(3000, (draw) => {
    const begin = oneOf(draw, [
      '',
      'HTTP/1.1 ',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    ]);
    const bytes = Buffer.concat([Buffer.from(begin), noise(draw, 300)]);
    assert.deepEqual(outcome(randomCuts(draw, bytes, 50)), outcome([bytes]));
  });
});

test('a head, an extension or trailers without an end are given up early', () => {
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
  for (const begin of ['HTTP/1.1 200 OK\r\nx: ', `${chunked}5;`, `${chunked}0\r\nx: `]) {
    const decoder = new AnswerDecoder('h:1');
    decoder.push(Buffer.from(begin));
    let taken = 0;
    assert.throws(() => {
      for (; taken < 1024 * 1024; taken += 100) decoder.push(Buffer.alloc(100, 'a'));
    }, Fault);
    assert.ok(taken <= 16 * 1024, `${taken} bytes were taken`);
  }
});
