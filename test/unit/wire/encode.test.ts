import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LongText, RawJson } from '../../../src/core/json.ts';
import { encodeBatch, encodeError, encodeNotification, encodeResult } from '../../../src/wire/encode.ts';
import type { Line } from '../../../src/wire/encode.ts';

function whole(line: Line): string {
  return typeof line === 'string' ? line : [...line.pieces].join('');
}

const LONG = 'x'.repeat(70_000);

describe('plain messages', () => {
  test('a result', () => {
    assert.equal(encodeResult(1, { a: [true] }), '{"jsonrpc":"2.0","id":1,"result":{"a":[true]}}');
    assert.equal(encodeResult('1', {}), '{"jsonrpc":"2.0","id":"1","result":{}}');
    assert.equal(encodeResult('a"b', {}), '{"jsonrpc":"2.0","id":"a\\"b","result":{}}');
  });

  test('no result is an empty object', () => {
    assert.equal(encodeResult(0, undefined), '{"jsonrpc":"2.0","id":0,"result":{}}');
  });

  test('an error', () => {
    assert.equal(
      encodeError(null, { code: -32700, message: 'no' }),
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}',
    );
    assert.equal(
      encodeError(1.5, { code: -32600, message: 'no', data: { a: 1 } }),
      '{"jsonrpc":"2.0","id":1.5,"error":{"code":-32600,"message":"no","data":{"a":1}}}',
    );
  });

  test('a notification, with params and without', () => {
    assert.equal(encodeNotification('n/m', { a: 1 }), '{"jsonrpc":"2.0","method":"n/m","params":{"a":1}}');
    assert.equal(encodeNotification('n/m', undefined), '{"jsonrpc":"2.0","method":"n/m"}');
  });

  test('no raw newline, whatever the text (R-18)', () => {
    const line = whole(encodeResult('a\nb', { 'c\r\nd': 'e\nf', g: new LongText([LONG, '\n', '\r\u2028']) }));
    assert.ok(!/[\n\r]/.test(line));
    assert.deepEqual(JSON.parse(line).result, { 'c\r\nd': 'e\nf', g: `${LONG}\n\r\u2028` });
  });
});

describe('text that is already encoded', () => {
  test('goes out as it is, anywhere in the result', () => {
    assert.equal(encodeResult(1, new RawJson('{"a": 1}')), '{"jsonrpc":"2.0","id":1,"result":{"a": 1}}');
    assert.equal(
      encodeResult(1, { list: [1, new RawJson('[ 2 ]')], gone: undefined, last: null }),
      '{"jsonrpc":"2.0","id":1,"result":{"list":[1,[ 2 ]],"last":null}}',
    );
    assert.equal(
      encodeNotification('n', { a: new RawJson('1.0') }),
      '{"jsonrpc":"2.0","method":"n","params":{"a":1.0}}',
    );
  });

  test('an array with a hole beside it stays valid', () => {
    assert.deepEqual(JSON.parse(whole(encodeResult(1, [undefined, new RawJson('1')]))).result, [null, 1]);
  });
});

describe('long text', () => {
  test('that is short after all is part of a plain line', () => {
    assert.equal(encodeResult(1, { t: new LongText(['a', '"b']) }), '{"jsonrpc":"2.0","id":1,"result":{"t":"a\\"b"}}');
  });

  test('is encoded as it is asked for', () => {
    let read = 0;
    const pieces = Array.from({ length: 100 }, () => LONG);
    const counted = new LongText(pieces);
    Object.defineProperty(counted, 'pieces', {
      value: (function* () {
        for (const piece of pieces) {
          read++;
          yield piece;
        }
      })(),
    });
    const line = encodeResult(1, { t: counted });
    assert.notEqual(typeof line, 'string');
    assert.equal(read, 0);
    if (typeof line === 'string') return;
    const iterator = line.pieces[Symbol.iterator]();
    for (let i = 0; i < 6; i++) iterator.next();
    assert.ok(read < 5, `${read} pieces were read for the first few of the line`);
    assert.ok(line.bytes >= 7_000_000 && line.bytes < 7_001_000);
  });

  test('cut anywhere gives the same text, between surrogates too', () => {
    const text = `${LONG}🙂é"\\\n${LONG}🙂`;
    const cuts = [1, 69_999, 70_000, 70_001, 70_002, 70_003, text.length - 1];
    for (const cut of cuts) {
      const line = whole(encodeResult(1, { t: new LongText([text.slice(0, cut), text.slice(cut)]), after: [1] }));
      assert.deepEqual(JSON.parse(line).result, { t: text, after: [1] });
    }
  });

  test('is cut inside no character when its pieces are large', () => {
    const text = '🙂'.repeat(100_001);
    const line = encodeResult(1, { t: new LongText(['a', text]) });
    assert.equal(JSON.parse(Buffer.from(whole(line)).toString()).result.t, `a${text}`);
    for (const piece of typeof line === 'string' ? [] : line.pieces) assert.ok(piece.isWellFormed());
  });

  test('cannot be confused with anything a caller writes', () => {
    const nasty = ['\u0000', '\u0000LongText\u0000', '{"pieces":["x"]}', '"},{"', '\\u0000', '[object Object]'];
    for (const text of nasty) {
      const result = { [text]: text, long: new LongText([LONG, text]), raw: new RawJson(JSON.stringify(text)), text };
      assert.deepEqual(JSON.parse(whole(encodeResult(text, result))), {
        jsonrpc: '2.0',
        id: text,
        result: { [text]: text, long: LONG + text, raw: text, text },
      });
    }
  });

  test('an object of the caller that looks like one is an object', () => {
    const result = { pieces: ['a'], length: 1, text: 'b' };
    assert.deepEqual(JSON.parse(whole(encodeResult(1, { result, raw: new RawJson('1') }))).result, { result, raw: 1 });
  });
});

describe('a batch', () => {
  test('is an array of its lines', () => {
    assert.equal(encodeBatch(['{"a":1}', '{"b":2}']), '[{"a":1},{"b":2}]');
  });

  test('may hold long lines', () => {
    const long = encodeResult(2, { t: new LongText([LONG]) });
    const line = encodeBatch([encodeResult(1, {}), long, encodeResult(3, {})]);
    assert.notEqual(typeof line, 'string');
    assert.deepEqual(JSON.parse(whole(line)), [
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 2, result: { t: LONG } },
      { jsonrpc: '2.0', id: 3, result: {} },
    ]);
  });
});
