// The rules of framing, one row each: what is read, what is refused, and after what a connection may go on.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { ANSWER_END, AnswerDecoder } from '../../../src/wire/http1.ts';
import { AnswerHead } from '../../../src/wire/http1-head.ts';

interface Read {
  readonly status: number | undefined;
  readonly body: string;
  readonly hasEnded: boolean;
  readonly isReusable: boolean;
  readonly fault: Fault | undefined;
}

/** Feeds the pieces, then, if `closes`, the end of the connection. */
function read(pieces: readonly string[], closes = false): Read {
  const decoder = new AnswerDecoder('h:1');
  let status: number | undefined;
  let body = '';
  let hasEnded = false;
  let fault: Fault | undefined;
  const steps = pieces.map((piece) => () => decoder.push(Buffer.from(piece, 'latin1')));
  if (closes) steps.push(() => decoder.end());
  else steps.push(() => decoder.push(new Uint8Array(0)));
  for (const step of steps) {
    try {
      for (const part of step()) {
        if (part === ANSWER_END) hasEnded = true;
        else if (part instanceof AnswerHead) status = part.status;
        else body += part.toString('latin1');
      }
    } catch (thrown) {
      assert.ok(thrown instanceof Fault, String(thrown));
      fault ??= thrown;
    }
  }
  return { status, body, hasEnded, isReusable: decoder.reusable !== undefined, fault };
}

function headOf(fields: string): AnswerHead {
  return new AnswerHead(`HTTP/1.1 200 OK\r\n${fields}`, 'h:1');
}

const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

describe('what is read', () => {
  const rows: readonly (readonly [name: string, bytes: string, status: number, body: string, isReusable: boolean])[] = [
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 200, 'ok', true],
    ['a length of nothing', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 200, '', true],
    ['a length without a space', 'HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nok', 200, 'ok', true],
    ['a length between blanks', 'HTTP/1.1 200 OK\r\ncontent-length: \t2 \t\r\n\r\nok', 200, 'ok', true],
    ['chunks', `${CHUNKED}2\r\nok\r\n3\r\n yo\r\n0\r\n\r\n`, 200, 'ok yo', true],
    [
      'chunks, however written',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding:  Chunked \r\n\r\n0A\r\n0123456789\r\n00\r\n\r\n',
      200,
      '0123456789',
      true,
    ],
    ['chunk extensions', `${CHUNKED}2;a="b;c"; d\r\nok\r\n0;\tx\r\n\r\n`, 200, 'ok', true],
    ['trailers', `${CHUNKED}2\r\nok\r\n0\r\nx: y\r\ncontent-length: 9\r\n\r\n`, 200, 'ok', true],
    ['a chunk that holds line ends', `${CHUNKED}6\r\n\r\n0\r\n\r\r\n0\r\n\r\n`, 200, '\r\n0\r\n\r', true],
    ['no content', 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n', 204, '', true],
    ['not modified', 'HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n', 304, '', true],
    [
      'an interim answer first',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: <x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      200,
      'ok',
      true,
    ],
    [
      'an interim answer that claims a body',
      'HTTP/1.1 102 X\r\ncontent-length: 9\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      200,
      'ok',
      true,
    ],
    ['no reason', 'HTTP/1.1 503\r\ncontent-length: 2\r\n\r\nok', 503, 'ok', true],
    ['an empty reason', 'HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok', 200, 'ok', true],
    ['a reason in Latin-1', 'HTTP/1.1 200 d\u00e9j\u00e0\r\ncontent-length: 2\r\n\r\nok', 200, 'ok', true],
    ['a status that nobody knows', 'HTTP/1.1 799 ?\r\ncontent-length: 2\r\n\r\nok', 799, 'ok', true],
    ['the old version', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok', 200, 'ok', false],
    [
      'the old version in chunks',
      'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      200,
      'ok',
      false,
    ],
    ['a last answer', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: Close\r\n\r\nok', 200, 'ok', false],
    [
      'a last answer, among other words',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: x-y\r\nconnection: te , close\r\n\r\nok',
      200,
      'ok',
      false,
    ],
    [
      'a word that only holds "close"',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: x-close\r\n\r\nok',
      200,
      'ok',
      true,
    ],
    ['bytes behind the end', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok\r\n', 200, 'ok', false],
    [
      'a second answer behind the end',
      `${CHUNKED}2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`,
      200,
      'ok',
      false,
    ],
    ['bytes behind no content', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok', 204, '', false],
  ];
  for (const [name, bytes, status, body, isReusable] of rows) {
    test(name, () => {
      for (const pieces of [[bytes], bytes.split('')]) {
        assert.deepEqual(read(pieces), { status, body, hasEnded: true, isReusable, fault: undefined });
      }
    });
  }

  test('bytes behind the end are noticed when they come later, too', () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    assert.equal(read([answer, 'HTTP/1.1 200 OK\r\n']).isReusable, false);
  });

  test('a body without a length, to the end of the connection', () => {
    const bytes = 'HTTP/1.1 200 OK\r\n\r\nok\r\n\r\nyo';
    const open = { status: 200, body: 'ok\r\n\r\nyo', isReusable: false, fault: undefined };
    assert.deepEqual(read([bytes]), { ...open, hasEnded: false });
    assert.deepEqual(read([bytes], true), { ...open, hasEnded: true });
  });

  test('the end of the connection behind the end of the answer', () => {
    const result = read(['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'], true);
    assert.deepEqual([result.body, result.hasEnded, result.fault], ['ok', true, undefined]);
  });

  test('one piece for all chunks of one read, in memory of its own', () => {
    const decoder = new AnswerDecoder('h:1');
    const bytes = Buffer.from(`${CHUNKED}1\r\na\r\n2\r\nbc\r\n1\r\nd\r\n`);
    const [, piece, ...rest] = decoder.push(bytes);
    bytes.fill('!');
    assert.ok(Buffer.isBuffer(piece));
    assert.equal(piece.toString(), 'abcd');
    assert.deepEqual(rest, []);
    const more = Buffer.from('1\r\ne\r\n0\r\n\r\n');
    const [last, end] = decoder.push(more);
    more.fill('!');
    assert.ok(Buffer.isBuffer(last));
    assert.equal(last.toString(), 'e');
    assert.equal(end, ANSWER_END);
  });
});

describe('what is refused as UPSTREAM', () => {
  const ok = '\r\ncontent-length: 2\r\n\r\nok';
  const heads: Readonly<Record<string, string>> = {
    'another protocol': 'SSH-2.0-OpenSSH_9.2\r\n\r\n',
    'an empty line first': `\r\nHTTP/1.1 200 OK${ok}`,
    'another version': `HTTP/2.0 200 OK${ok}`,
    'a later version': `HTTP/1.2 200 OK${ok}`,
    'a name in small letters': `http/1.1 200 OK${ok}`,
    'no status': `HTTP/1.1 OK${ok}`,
    'a short status': `HTTP/1.1 99 OK${ok}`,
    'a status that begins with nought': `HTTP/1.1 099 OK${ok}`,
    'a long status': `HTTP/1.1 2000 OK${ok}`,
    'two spaces before the status': `HTTP/1.1  200 OK${ok}`,
    'a tab behind the status': `HTTP/1.1 200\tOK${ok}`,
    'a control character in the reason': `HTTP/1.1 200 O\u0001K${ok}`,
    'a switch of protocols': `HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n`,
    'a bare line feed behind the first line': 'HTTP/1.1 200 OK\ncontent-length: 2\r\n\r\nok',
    'bare line feeds throughout': 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok',
    'a bare line feed behind a header': 'HTTP/1.1 200 OK\r\nx: y\ncontent-length: 2\r\n\r\nok',
    'a blank line that is a bare line feed': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\nok\r\n\r\n',
    'a bare return in a header': 'HTTP/1.1 200 OK\r\nx: a\rb\r\ncontent-length: 2\r\n\r\nok',
    'a folded header': `HTTP/1.1 200 OK\r\nx: a\r\n b${ok}`,
    'a blank before the first header': `HTTP/1.1 200 OK\r\n x: a${ok}`,
    'a blank before the colon': 'HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nok',
    'a header without a colon': `HTTP/1.1 200 OK\r\nxy${ok}`,
    'a header without a name': `HTTP/1.1 200 OK\r\n: y${ok}`,
    'a name that is none': `HTTP/1.1 200 OK\r\nx@y: z${ok}`,
    'a nought byte': `HTTP/1.1 200 OK\r\nx: a\0b${ok}`,
    'a control character': `HTTP/1.1 200 OK\r\nx: a\u0007b${ok}`,
    'the delete character': `HTTP/1.1 200 OK\r\nx: a\u007fb${ok}`,
    'more than 16 KiB of head': `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(16_384)}${ok}`,
    'more than 16 KiB of head in an endless line': `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}`,
    'more than 256 headers': `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(256)}content-length: 2\r\n\r\nok`,
    'length and chunks together': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'chunks and length together': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n0\r\n\r\n',
    'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok!',
    'the same length twice': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nContent-Length: 2\r\n\r\nok',
    'a list of lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok',
    'a length with a sign': 'HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nok',
    'a negative length': 'HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\nok',
    'an empty length': 'HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\nok',
    'a length in hexadecimal': 'HTTP/1.1 200 OK\r\ncontent-length: 0x2\r\n\r\nok',
    'a length with a fraction': 'HTTP/1.1 200 OK\r\ncontent-length: 2.0\r\n\r\nok',
    'a length beyond exact numbers': 'HTTP/1.1 200 OK\r\ncontent-length: 9007199254740993\r\n\r\nok',
    'a length with a blank that is not HTTP’s': 'HTTP/1.1 200 OK\r\ncontent-length: 2\u00a0\r\n\r\nok',
    'another coding': 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'chunked twice': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'almost chunked': 'HTTP/1.1 200 OK\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n',
    'a coding by the name of identity': 'HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\n\r\nok',
    'two framings of no content': 'HTTP/1.1 204 No\r\ntransfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n',
    'a bad interim answer': `HTTP/1.1 100 Continue\nx: y\r\n\r\nHTTP/1.1 200 OK${ok}`,
  };
  for (const [name, bytes] of Object.entries(heads)) {
    test(name, () => {
      for (const pieces of [[bytes], bytes.split('')]) {
        const { status, hasEnded, isReusable, fault } = read(pieces);
        assert.equal(fault?.kind, 'UPSTREAM');
        assert.match(fault?.message ?? '', /^h:1 did not answer in HTTP \(.+\)\.$/);
        assert.deepEqual([status, hasEnded, isReusable], [undefined, false, false]);
      }
    });
  }

  const bodies: readonly (readonly [name: string, body: string, before: string])[] = [
    ['no chunk size', '\r\nok\r\n0\r\n\r\n', ''],
    ['a chunk size that is none', 'x\r\nok\r\n', ''],
    ['a chunk size with a prefix', '0x2\r\nok\r\n', ''],
    ['a negative chunk size', '-2\r\nok\r\n', ''],
    ['a blank before the chunk size', ' 2\r\nok\r\n', ''],
    ['a blank behind the chunk size', '2 \r\nok\r\n', ''],
    ['a chunk size beyond exact numbers', '100000000000000\r\nok\r\n', ''],
    ['a chunk size of many noughts', '00000000000002\r\nok\r\n', ''],
    ['a bare line feed behind the chunk size', '2\nok\r\n', ''],
    ['a bare return behind the chunk size', '2\rok\r\n', ''],
    ['a chunk that is longer than its size', '2\r\nokay\r\n', 'ok'],
    ['a chunk that ends in a bare line feed', '2\r\nok\n0\r\n\r\n', 'ok'],
    ['a chunk that ends in a bare return', '2\r\nok\r0\r\n\r\n', 'ok'],
    ['a chunk that is shorter than its size', '4\r\nok\r\n0\r\n\r\n', 'ok\r\n'],
    ['a line feed in an extension', '2;a\nb\r\nok\r\n', ''],
    ['a nought byte in an extension', '2;a\0b\r\nok\r\n', ''],
    ['an endless extension', `2;${'a'.repeat(5000)}\r\nok\r\n`, ''],
    ['a folded trailer', '2\r\nok\r\n0\r\nx: y\r\n z\r\n\r\n', 'ok'],
    ['a trailer without a colon', '2\r\nok\r\n0\r\nHTTP/1.1 200 OK\r\n\r\n', 'ok'],
    ['a bare line feed in the trailers', '2\r\nok\r\n0\r\nx: y\n\r\n', 'ok'],
    ['endless trailers', `2\r\nok\r\n0\r\n${'x: y\r\n'.repeat(3000)}`, 'ok'],
  ];
  for (const [name, body, before] of bodies) {
    test(`${name}, after what was good`, () => {
      for (const pieces of [[CHUNKED + body], (CHUNKED + body).split('')]) {
        const result = read(pieces);
        assert.equal(result.fault?.kind, 'UPSTREAM');
        assert.deepEqual([result.status, result.body, result.hasEnded, result.isReusable], [200, before, false, false]);
      }
    });
  }

  test('and nothing is read after it', () => {
    const decoder = new AnswerDecoder('h:1');
    assert.throws(() => decoder.push(Buffer.from('nonsense')), Fault);
    assert.throws(() => decoder.push(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')), Fault);
    assert.throws(() => decoder.end(), Fault);
  });

  test('the message repeats nothing of what was sent', () => {
    const { fault } = read(['HTTP/1.1 200 OK\r\nset-cookie: sk-secret\u0001\r\n\r\n']);
    assert.equal(fault?.message, 'h:1 did not answer in HTTP (header line).');
  });
});

describe('what is cut short is INCOMPLETE', () => {
  for (const [name, bytes] of Object.entries({
    nothing: '',
    'half a head': 'HTTP/1.1 200 OK\r\nx-half',
    'an interim answer alone': 'HTTP/1.1 100 Continue\r\n\r\n',
    'a counted body': 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok',
    'no counted body at all': 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n',
    'a chunk': `${CHUNKED}5\r\nok`,
    'between two chunks': `${CHUNKED}2\r\nok\r\n`,
    'the size of the last chunk': `${CHUNKED}2\r\nok\r\n0`,
    'the blank line behind the last chunk': `${CHUNKED}2\r\nok\r\n0\r\n`,
    'half a trailer': `${CHUNKED}2\r\nok\r\n0\r\nx: y\r\n`,
  })) {
    test(name, () => {
      const { hasEnded, isReusable, fault } = read([bytes], true);
      assert.equal(fault?.kind, 'INCOMPLETE');
      assert.equal(fault?.message, 'h:1 closed the connection in the middle of its answer.');
      assert.deepEqual([hasEnded, isReusable], [false, false]);
    });
  }
});

describe('headers', () => {
  test('are found by any case of their name, and by nothing else', () => {
    const head = headOf('Content-Type: text/x\r\nX-A:  one \t\r\nx-a:two\r\nX-Empty:\r\nx-b: x-c: d\r\n');
    assert.equal(head.get('content-type'), 'text/x');
    assert.equal(head.get('CONTENT-TYPE'), 'text/x');
    assert.equal(head.get('X-a'), 'one, two');
    assert.equal(head.get('x-empty'), '');
    assert.equal(head.get('x-c'), null);
    assert.equal(head.get('type'), null);
    assert.equal(head.get(''), null);
    assert.equal(head.get('constructor'), null);
  });

  test('keep the letters of Latin-1 as they are', () => {
    assert.equal(headOf('x-\u0041: \u00c4\u00e9\u00df\r\nx-z: last\r\n').get('x-a'), '\u00c4\u00e9\u00df');
    assert.equal(headOf('x: \u00b5\u00ff\u00c0\r\nx-z: last\r\n').get('x-z'), 'last');
  });

  test('256 are not too many', () => {
    assert.equal(headOf('a: b\r\n'.repeat(256)).get('a')?.length, 256 * 3 - 2);
  });

  test('16 KiB are not too many', () => {
    const rest = 'HTTP/1.1 204 No\r\nx: \r\n\r\n'.length;
    const [head] = new AnswerDecoder('h').push(
      Buffer.from(`HTTP/1.1 204 No\r\nx: ${'a'.repeat(16_384 - rest)}\r\n\r\n`),
    );
    assert.ok(head instanceof AnswerHead);
  });

  test('tell for how long the connection is kept', () => {
    const unlimited = { timeoutMs: Infinity, max: Infinity };
    const rows: readonly (readonly [string, { timeoutMs: number; max: number }])[] = [
      ['', unlimited],
      ['keep-alive: timeout=5, max=100\r\n', { timeoutMs: 5000, max: 100 }],
      ['Keep-Alive: Max=0\r\n', { timeoutMs: Infinity, max: 0 }],
      ['keep-alive: timeout=0\r\n', { timeoutMs: 0, max: Infinity }],
      ['keep-alive: timeout=-5, max=many, nomax=3\r\n', unlimited],
    ];
    for (const [fields, expected] of rows) assert.deepEqual(headOf(fields).keepAlive, expected, fields);
  });
});
