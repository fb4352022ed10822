import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NdjsonDecoder, TOO_LONG } from '../../../src/wire/ndjson.ts';

type Out = string | typeof TOO_LONG;

/** What comes out of chunks given as text or bytes, the end included. */
function decoded(chunks: readonly (string | Uint8Array)[], maxLineBytes = 1000): Out[] {
  const decoder = new NdjsonDecoder(maxLineBytes);
  const lines = chunks.flatMap((chunk) => decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  return [...lines, ...decoder.end()];
}

describe('a line', () => {
  test('ends at a newline, several in one chunk', () => {
    assert.deepEqual(decoded(['{"a":1}\n{"b":2}\n']), ['{"a":1}', '{"b":2}']);
  });

  test('may come in many chunks', () => {
    assert.deepEqual(decoded(['{"a', '":', '1', '}\n{"b"', ':2}\n']), ['{"a":1}', '{"b":2}']);
  });

  test('is there as soon as its newline is', () => {
    const decoder = new NdjsonDecoder(1000);
    assert.deepEqual(decoder.push(Buffer.from('one\ntw')), ['one']);
    assert.deepEqual(decoder.push(Buffer.from('o')), []);
    assert.deepEqual(decoder.push(Buffer.from('\n')), ['two']);
  });

  test('loses one carriage return before its newline, and only one', () => {
    assert.deepEqual(decoded(['a\r\nb\r', '\nc\r\r\n']), ['a', 'b', 'c\r']);
  });

  test('that is blank is ignored', () => {
    assert.deepEqual(decoded(['\n\r\n   \n\t\r\na\n\n']), ['a']);
  });

  test('without a newline at the end of the stream counts', () => {
    assert.deepEqual(decoded(['a\nlast']), ['a', 'last']);
    assert.deepEqual(decoded(['a\n']), ['a']);
    assert.deepEqual(decoded([]), []);
  });
});

describe('bytes', () => {
  test('a BOM at the start of the stream is dropped, in one chunk or three', () => {
    assert.deepEqual(decoded(['\uFEFF{}\n']), ['{}']);
    assert.deepEqual(decoded([Buffer.from([0xef]), Buffer.from([0xbb]), Buffer.from([0xbf, 0x7b, 0x7d, 0x0a])]), [
      '{}',
    ]);
  });

  test('a BOM anywhere else stays', () => {
    assert.deepEqual(decoded(['a\n\uFEFFb\n']), ['a', '\uFEFFb']);
    assert.deepEqual(decoded(['\uFEFF\uFEFFa\n']), ['\uFEFFa']);
  });

  test('a character split over chunks is whole', () => {
    const bytes = Buffer.from('é日🙂\n');
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(decoded([bytes.subarray(0, cut), bytes.subarray(cut)]), ['é日🙂']);
    }
  });

  test('invalid UTF-8 becomes U+FFFD and harms no other line', () => {
    assert.deepEqual(decoded([Buffer.from([0x22, 0xff, 0x22, 0x0a, 0xc3]), 'a\nb\n']), ['"\uFFFD"', '\uFFFDa', 'b']);
  });

  test('U+2028 and U+0085 end no line', () => {
    assert.deepEqual(decoded(['a\u2028b\u0085c\n']), ['a\u2028b\u0085c']);
  });

  test('may be a plain Uint8Array that is part of a larger buffer', () => {
    const bytes = new Uint8Array(Buffer.from('xx{}\nxx')).subarray(2, 5);
    assert.deepEqual(decoded([bytes]), ['{}']);
  });
});

describe('a line over the cap', () => {
  test('yields one marker, and the next line is read', () => {
    assert.deepEqual(decoded(['12345\n123456\n1234\n'], 5), ['12345', TOO_LONG, '1234']);
  });

  test('is reported once however many chunks it comes in', () => {
    assert.deepEqual(decoded(['1234', '56', '78901234567890', '12\nok\n'], 5), [TOO_LONG, 'ok']);
  });

  test('is reported before its end comes', () => {
    const decoder = new NdjsonDecoder(5);
    assert.deepEqual(decoder.push(Buffer.from('123456')), [TOO_LONG]);
    assert.deepEqual(decoder.push(Buffer.from('789')), []);
    assert.deepEqual(decoder.end(), []);
  });

  test('two in a row are two', () => {
    assert.deepEqual(decoded(['123456\n123456\n'], 5), [TOO_LONG, TOO_LONG]);
  });

  test('is not held in memory', () => {
    const decoder = new NdjsonDecoder(1024);
    const chunk = Buffer.alloc(64 * 1024, 0x78);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1600; i++) decoder.push(chunk);
    assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
    assert.deepEqual(decoder.push(Buffer.from('\nok\n')), ['ok']);
  });
});

describe('cost', () => {
  test('a long line that comes byte by byte takes memory of its own size', () => {
    const decoder = new NdjsonDecoder(10_000_000);
    const byte = Buffer.from('x');
    const before = process.memoryUsage();
    for (let i = 0; i < 2_000_000; i++) decoder.push(byte);
    const after = process.memoryUsage();
    assert.ok(after.arrayBuffers - before.arrayBuffers < 8_000_000);
    const [line] = decoder.push(Buffer.from('\n'));
    assert.equal(typeof line === 'string' ? line.length : 0, 2_000_000);
  });
});
