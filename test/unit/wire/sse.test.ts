// The numbers are the cases of the wire sheet, section 7; `⏎` there is \n, `␍` is \r, `|` a chunk's end.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { SseDecoder } from '../../../src/wire/sse.ts';
import type { SseEvent } from '../../../src/wire/sse.ts';

function events(...chunks: readonly (string | Uint8Array)[]): SseEvent[] {
  const decoder = new SseDecoder();
  const out = chunks.flatMap((chunk) => decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  return [...out, ...decoder.end()];
}

function byteByByte(text: string): SseEvent[] {
  return events(...[...Buffer.from(text)].map((byte) => Buffer.from([byte])));
}

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    return thrown instanceof Fault ? thrown.kind : 'not a fault';
  }
  return 'nothing thrown';
}

describe('framing', () => {
  test('1, 2: one event, whole or a byte a chunk', () => {
    assert.deepEqual(events('data: {"a":1}\n\n'), [{ data: '{"a":1}' }]);
    assert.deepEqual(byteByByte('data: {"a":1}\n\n'), [{ data: '{"a":1}' }]);
  });

  test('3, 4: lines may end in CRLF or in CR alone', () => {
    assert.deepEqual(events('data: x\r\n\r\n'), [{ data: 'x' }]);
    assert.deepEqual(events('data: x\r\r'), [{ data: 'x' }]);
  });

  test('5: a CRLF cut between two chunks is one line end', () => {
    assert.deepEqual(events('data: x\r', '\n\r', '\ndata: y\r\n\r\n'), [{ data: 'x' }, { data: 'y' }]);
    assert.deepEqual(byteByByte('data: x\r\n\r\ndata: y\r\n\r\n'), [{ data: 'x' }, { data: 'y' }]);
  });

  test('6: a BOM at the start is dropped, split too', () => {
    const rest = Buffer.from('data: x\n\n');
    assert.deepEqual(events(Buffer.from([0xef, 0xbb]), Buffer.concat([Buffer.from([0xbf]), rest])), [{ data: 'x' }]);
    assert.deepEqual(byteByByte('\uFEFFdata: x\n\n'), [{ data: 'x' }]);
  });

  test('7: a BOM in the middle of data stays', () => {
    assert.deepEqual(events('data: a\uFEFFb\n\ndata: \uFEFFc\n\n'), [{ data: 'a\uFEFFb' }, { data: '\uFEFFc' }]);
    assert.deepEqual(events('data: a\n\n', '\uFEFFdata: b\n\n'), [{ data: 'a' }]);
  });

  test('8: data lines of one event join with a newline', () => {
    assert.deepEqual(events('data: a\ndata: b\n\n'), [{ data: 'a\nb' }]);
    assert.deepEqual(byteByByte('data: a\ndata:\ndata: b\n\n'), [{ data: 'a\n\nb' }]);
  });

  test('9, 10: empty data is no event', () => {
    assert.deepEqual(events('data:\n\n'), []);
    assert.deepEqual(events('data\n\n'), []);
    assert.deepEqual(events('data: \n\n'), []);
  });

  test('11: one space after the colon is dropped, not two', () => {
    assert.deepEqual(events('data:  x\n\n'), [{ data: ' x' }]);
    assert.deepEqual(events('data:x\n\n'), [{ data: 'x' }]);
  });

  test('12: comments are nobody`s business', () => {
    assert.deepEqual(events(':\n', ': OPENROUTER PROCESSING\n\n'.repeat(1000), 'data: x\n:\n: data: y\n\n'), [
      { data: 'x' },
    ]);
  });

  test('13: characters split at each byte are whole', () => {
    const bytes = Buffer.from('data: é日🙂\n\n');
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(events(bytes.subarray(0, cut), bytes.subarray(cut)), [{ data: 'é日🙂' }]);
    }
  });

  test('14: half a character at the end of the body throws nothing by itself', () => {
    assert.deepEqual(events('data: x\n\n', Buffer.from([0xc3])), [{ data: 'x' }]);
    assert.deepEqual(events('data: "', Buffer.from([0xc3]), '"'), [{ data: '"\uFFFD"' }]);
  });

  test('15: only CR and LF end a line', () => {
    assert.deepEqual(events('data: a\u2028b\u0085c\u000bd\u000ce\n\n'), [{ data: 'a\u2028b\u0085c\u000bd\u000ce' }]);
  });

  test('16: an event name belongs to its own event only', () => {
    assert.deepEqual(events('event: x\n\ndata: y\n\n'), [{ data: 'y' }]);
    assert.deepEqual(events('event: x\ndata: y\n\ndata: z\n\n'), [{ event: 'x', data: 'y' }, { data: 'z' }]);
    assert.deepEqual(events('event: x\nevent\ndata: y\n\n'), [{ data: 'y' }]);
  });

  test('21: empty chunks change nothing', () => {
    assert.deepEqual(events('', 'da', '', 'ta: x\r', '', '\n', '', '\n', ''), [{ data: 'x' }]);
  });

  test('22: other fields say nothing', () => {
    const text = 'id: 1\nretry: 5\nfoo: bar\ndatum: no\ndata x: no\neventual: no\nevent\ndata: x\nid\n\n';
    assert.deepEqual(events(text), [{ data: 'x' }]);
  });
});

describe('the end of the body', () => {
  test('17: a last event without its blank line is kept when it is whole', () => {
    assert.deepEqual(events('data: {"a":1}'), [{ data: '{"a":1}' }]);
    assert.deepEqual(events('data: {"a":1}\n'), [{ data: '{"a":1}' }]);
    assert.deepEqual(events('event: e\ndata: [DONE]'), [{ event: 'e', data: '[DONE]' }]);
  });

  test('18: a last event that is cut is a fault', () => {
    assert.equal(
      kindOf(() => events('data: {"a":')),
      'INCOMPLETE',
    );
    assert.equal(
      kindOf(() => events('data: hello')),
      'INCOMPLETE',
    );
  });

  test('an unfinished line that is not data is no event', () => {
    assert.deepEqual(events('data: {"a":1}\n\n: comm'), [{ data: '{"a":1}' }]);
    assert.deepEqual(events('data: {"a":1}\n\nda'), [{ data: '{"a":1}' }]);
    assert.deepEqual(events('event: x'), []);
  });
});

describe('limits', () => {
  test('19: a line of 10 MiB is refused before all of it is held', () => {
    const decoder = new SseDecoder();
    const chunk = Buffer.alloc(64 * 1024, 0x78);
    let taken = 0;
    const feed = (): void => {
      for (; taken < 160; taken++) decoder.push(chunk);
    };
    assert.throws(feed, (thrown) => thrown instanceof Fault && thrown.kind === 'UPSTREAM');
    assert.equal(taken, 128);
  });

  test('the limit is the same however the line is cut, and its message holds nothing of it', () => {
    const line = `data: ${'é'.repeat(20)}\n\n`;
    const whole = (max: number): string => kindOf(() => new SseDecoder(max).push(Buffer.from(line)));
    const cut = (max: number): string =>
      kindOf(() => {
        const decoder = new SseDecoder(max);
        for (const byte of Buffer.from(line)) decoder.push(Buffer.from([byte]));
      });
    assert.deepEqual([whole(45), cut(45)], ['UPSTREAM', 'UPSTREAM']);
    assert.deepEqual([whole(46), cut(46)], ['nothing thrown', 'nothing thrown']);
    assert.throws(() => new SseDecoder(45).push(Buffer.from(line)), {
      message: 'The upstream sent an event of more than 45 bytes.',
    });
  });

  test('an event of many short lines is limited too', () => {
    const text = 'data: 0123456789\n'.repeat(10);
    assert.equal(
      kindOf(() => new SseDecoder(100).push(Buffer.from(text))),
      'UPSTREAM',
    );
    assert.equal(
      kindOf(() => new SseDecoder(109).push(Buffer.from(text))),
      'nothing thrown',
    );
  });

  test('20: many tiny events in one chunk', () => {
    const out = events('data: 1\n\n'.repeat(100_000));
    assert.equal(out.length, 100_000);
  });
});
