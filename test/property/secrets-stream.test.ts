// However a text is cut, the scrubbing stream gives what scrubbing the whole gives, and no secret comes out of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from '../../src/core/secrets.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';

/** Few letters, so that secrets overlap, repeat and begin one another. */
const LETTERS = ['a', 'b', 'c', '/', '"', '😀'];

function word(draw: () => number, length: number): string {
  return Array.from({ length }, () => oneOf(draw, LETTERS)).join('');
}

test('any chunking equals the whole, and lets no secret through', () => {
  forSeeds(4000, (draw) => {
    const values = Array.from({ length: 1 + integer(draw, 3) }, () => `-${word(draw, 7 + integer(draw, 5))}`);
    // One that begins with another is the hard case.
    if (draw() < 0.5) values.push(`${oneOf(draw, values)}${word(draw, 3)}`);
    const secrets = new Secrets();
    for (const value of values) secrets.add(value);
    const parts = Array.from({ length: integer(draw, 12) }, () =>
      draw() < 0.5 ? oneOf(draw, values).slice(0, 1 + integer(draw, 14)) : word(draw, integer(draw, 6)),
    );
    const text = parts.join('');

    const stream = secrets.stream();
    let out = '';
    for (let at = 0; at < text.length;) {
      const end = at + integer(draw, 5);
      out += stream.push(text.slice(at, end)).join('');
      at = end;
    }
    out += stream.end().join('');

    assert.equal(out, secrets.scrubValues(text));
    for (const value of values) assert.ok(!out.includes(value), `${value} in ${out}`);
  });
});

test('every two-way cut of a text with a secret gives the same, but up to three letters of base64', () => {
  const secrets = new Secrets();
  secrets.add('s3cret/key');
  secrets.add('s3cret/key+more');
  const text = 'x s3cret/key+more s3cret%2Fkey czNjcmV0L2tleQ== s3cret/key+mor s3cret';
  const whole = secrets.scrubValues(text);
  // What any word may begin with is not held back.
  const packed = text.indexOf('czNj');
  for (let cut = 0; cut <= text.length; cut++) {
    const stream = secrets.stream();
    const out = [...stream.push(text.slice(0, cut)), ...stream.push(text.slice(cut)), ...stream.end()].join('');
    const shown = cut > packed && cut < packed + 4 ? text.slice(packed, cut) : '';
    assert.equal(out, whole.replace('[redacted]Q==', `${shown}[redacted]Q==`), `cut at ${cut}`);
  }
});
