// However bytes are cut, the same comes out; whatever the bytes, values or a Fault come out.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decoder } from '../../src/core/decoder.ts';
import { Fault } from '../../src/core/fault.ts';
import { classify } from '../../src/wire/jsonrpc.ts';
import { NdjsonDecoder } from '../../src/wire/ndjson.ts';
import { SseDecoder } from '../../src/wire/sse.ts';
import { forSeeds, integer, oneOf, randomCuts } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

type Make = () => Decoder<Uint8Array, unknown>;

function run(decoder: Decoder<Uint8Array, unknown>, chunks: readonly Uint8Array[]): unknown[] {
  const out: unknown[] = [];
  try {
    for (const chunk of chunks) out.push(...decoder.push(chunk));
    out.push(...decoder.end());
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    out.push(thrown.kind);
  }
  return out;
}

function sameHoweverCut(make: Make, texts: readonly string[]): void {
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const whole = run(make(), [bytes]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(run(make(), [bytes.subarray(0, cut), bytes.subarray(cut)]), whole, `cut at ${cut}`);
    }
    assert.deepEqual(
      run(
        make(),
        [...bytes].map((byte) => Buffer.from([byte])),
      ),
      whole,
      'byte by byte',
    );
  }
}

/** Text of the pieces a grammar is made of, in any order, and now and then a byte of noise. */
function random(draw: Draw, pieces: readonly string[]): Buffer {
  const parts = Array.from({ length: integer(draw, 30) }, () =>
    draw() < 0.05 ? Buffer.from([integer(draw, 256)]) : Buffer.from(oneOf(draw, pieces)),
  );
  return Buffer.concat(parts);
}

const LINES = ['{"jsonrpc":"2.0","id":1,"method":"é"}', '\n', '\r\n', '\r', '\uFEFF', '日🙂', ' ', '0123456789', '[]'];
const EVENTS = [
  'data',
  'data:',
  'data: ',
  'event: x',
  ':',
  ': c',
  ' ',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  '\uFEFF',
  'é🙂',
  '{"a":1}',
  'id: 1',
  '\u2028',
];

describe('ndjson', () => {
  const make: Make = () => new NdjsonDecoder(40);

  test('every two-way cut gives the same', () => {
    sameHoweverCut(make, ['\uFEFF{"é":"🙂"}\r\n\r\n[1]\n日', `${'x'.repeat(41)}\n${'y'.repeat(40)}\nz`, '\r\r\n\n \n']);
  });

  test('any cut of anything gives the same', () => {
    forSeeds(3000, (draw) => {
      const bytes = random(draw, LINES);
      assert.deepEqual(run(make(), randomCuts(draw, bytes, 12)), run(make(), [bytes]));
    });
  });
});

describe('sse', () => {
  const make: Make = () => new SseDecoder(24);

  test('every two-way cut gives the same', () => {
    sameHoweverCut(make, [
      '\uFEFFevent: e\r\ndata: é🙂\r\ndata:2\r\n\r\n: c\rdata: 3\r\rdata: [DONE]',
      'data: a\n\ndata: {"a":',
      `data: ${'x'.repeat(18)}\n\ndata: ${'x'.repeat(19)}\n\n`,
    ]);
  });

  test('any cut of anything gives the same', () => {
    forSeeds(5000, (draw) => {
      const bytes = random(draw, EVENTS);
      assert.deepEqual(run(make(), randomCuts(draw, bytes, 8)), run(make(), [bytes]));
    });
  });
});

describe('random bytes', () => {
  test('give values or a Fault, and every line a message', () => {
    forSeeds(2000, (draw) => {
      const bytes = Buffer.from(Array.from({ length: integer(draw, 400) }, () => integer(draw, 256)));
      run(new SseDecoder(100), randomCuts(draw, bytes, 50));
      for (const line of run(new NdjsonDecoder(100), randomCuts(draw, bytes, 50))) {
        if (typeof line === 'string') assert.ok(classify(line).kind.length > 0);
      }
    });
  });
});
