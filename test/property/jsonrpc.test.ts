// What is encoded is decoded as the same; a message with anything changed in it is still told apart.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LongText, RawJson } from '../../src/core/json.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { encodeNotification, encodeResult } from '../../src/wire/encode.ts';
import type { Line } from '../../src/wire/encode.ts';
import { classify } from '../../src/wire/jsonrpc.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const TEXTS = ['', 'a', '\n', '"\\', 'é🙂', '\u0000\u2028', 'x'.repeat(40_000), '__proto__x'];

function text(draw: Draw): string {
  return Array.from({ length: integer(draw, 5) }, () => oneOf(draw, TEXTS)).join('');
}

/** The same value twice: as a handler may give it, and as plain JSON. */
function value(draw: Draw, depth: number): readonly [unknown, JsonValue] {
  switch (integer(draw, depth > 0 ? 8 : 5)) {
    case 0:
      return [null, null];
    case 1: {
      const number = oneOf(draw, [0, -1.5, 1e21, draw()]);
      return [number, number];
    }
    case 2: {
      const plain = text(draw);
      return [plain, plain];
    }
    case 3: {
      const plain = text(draw) + text(draw);
      const cut = integer(draw, plain.length + 1);
      return [new LongText([plain.slice(0, cut), '', plain.slice(cut)]), plain];
    }
    case 4: {
      const plain = [text(draw), 1];
      return [new RawJson(JSON.stringify(plain)), plain];
    }
    case 5: {
      const members = Array.from({ length: integer(draw, 4) }, () => value(draw, depth - 1));
      return [members.map(([given]) => given), members.map(([, plain]) => plain)];
    }
    default: {
      const members = Array.from(
        { length: integer(draw, 4) },
        (_, i) => [`${i}${text(draw)}`, value(draw, depth - 1)] as const,
      );
      const given = members.map(([name, [one]]) => [name, one] as const);
      return [
        Object.fromEntries([...given, ['absent', undefined]]),
        Object.fromEntries(members.map(([name, [, plain]]) => [name, plain])),
      ];
    }
  }
}

function whole(line: Line): string {
  return typeof line === 'string' ? line : [...line.pieces].join('');
}

describe('encoding', () => {
  test('any result is one line that parses to the same', () => {
    forSeeds(1500, (draw) => {
      const [given, plain] = value(draw, 3);
      const id = oneOf<string | number>(draw, [0, -7, 'a', '\n"', '']);
      const line = whole(encodeResult(id, given));
      assert.ok(!/[\n\r]/.test(line));
      assert.deepEqual(JSON.parse(line), { jsonrpc: '2.0', id, result: plain });
    });
  });

  test('any notification is told apart as itself', () => {
    forSeeds(300, (draw) => {
      const [given, plain] = value(draw, 2);
      const method = text(draw);
      const message = classify(whole(encodeNotification(method, { given })));
      assert.deepEqual(message, { kind: 'notification', method, params: { given: plain } });
    });
  });
});

describe('classifying', () => {
  test('a line with anything changed in it is a message of some kind', () => {
    const line =
      '[{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1,"é",null]}},{"jsonrpc":"2.0","id":"2","result":{}}]';
    forSeeds(5000, (draw) => {
      const at = integer(draw, line.length);
      const end = at + integer(draw, 6);
      const noise = oneOf(draw, ['', '{', '}', '[', ']', '"', ',', ':', 'null', '0', '-', '\\', '\u0000', '1e999']);
      const start = draw() < 0.5 ? 0 : 1;
      const changed = line.slice(start, at) + noise + line.slice(end, start === 0 ? undefined : -1);
      assert.ok(['request', 'notification', 'response', 'malformed', 'batch'].includes(classify(changed).kind));
    });
  });
});
