// However a secret is written, by two encoders one within the other, and whatever stands around it: it is found, and
// where it is not, not a byte is changed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from '../../src/core/secrets.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';

const MARKS = ['+', '/', '=', '&', '"', "'", '<', '>', '%', '\\', '~', '?', '#', ' ', ';', 'é', '😀', '-', '.'];
const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'.split('');
const AROUND = [
  '',
  ' ',
  'key=',
  '"',
  '\\',
  '%',
  '%2',
  '&',
  '&#',
  '\\u00',
  'user:',
  '=',
  '+',
  '\n',
  '€',
  'ab',
  '}',
  '41',
];

type Encode = (text: string) => string;

const hex = (text: string, digits: number): string => text.codePointAt(0)?.toString(16).padStart(digits, '0') ?? '';
const each = (text: string, of: RegExp, write: Encode): string => text.replace(of, write);
const bytes: Encode = (char) => [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const units: Encode = (char) => Array.from({ length: char.length }, (_, i) => `\\u${hex(char.charAt(i), 4)}`).join('');
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Those that change single characters. */
const ESCAPES: Readonly<Record<string, Encode>> = {
  'as it is': (text) => text,
  'a component of a URL': encodeURIComponent,
  'in small digits': (text) => each(encodeURIComponent(text), /%../g, (escape) => escape.toLowerCase()),
  'a URL': encodeURI,
  'a form': (text) => new URLSearchParams({ k: text }).toString().slice(2),
  'every byte': (text) => each(text, /./gsu, bytes),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON with slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'careful JSON': (text) => each(text, /[<>&'"+/=\\]|[^ -~]/gu, units),
  'careful JSON in capitals': (text) =>
    each(each(text, /[<>&'"+/=\\]/g, units), /\\u..../g, (escape) => `\\u${escape.slice(2).toUpperCase()}`),
  'every unit': (text) => each(text, /./gsu, units),
  HTML: (text) => each(text, /[&<>"']/g, (mark) => ENTITIES[mark] ?? mark),
  'HTML numbers': (text) => each(text, /[&<>"'/=+%]/g, (mark) => `&#${mark.charCodeAt(0)};`),
  'every character in HTML': (text) => each(text, /./gsu, (char) => `&#x${hex(char, 2)};`),
};

const PACKINGS: Readonly<Record<string, Encode>> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
};

/** What is packed is written as the field writes it: who escapes every letter does not pack it as well. */
const PACKED = ['as it is', 'a component of a URL', 'in small digits', 'a form', 'JSON', 'JSON with slashes'] as const;

function secret(draw: () => number): string {
  const length = 12 + integer(draw, 30);
  const share = draw() < 0.3 ? 0.9 : 0.3;
  return `k-${Array.from({ length }, () => oneOf(draw, draw() < share ? MARKS : LETTERS)).join('')}z9`;
}

/** Each eight characters in a row of the secret, and of what base64 makes of it. */
function runsOf(value: string): string[] {
  const packed = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]).toString('base64');
    return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')].map((text) => text.slice(4, -4));
  });
  return [value, ...packed].flatMap((text) =>
    Array.from({ length: Math.max(0, text.length - 7) }, (_, at) => text.slice(at, at + 8)),
  );
}

interface Written {
  readonly how: string;
  readonly text: string;
}

/** By two encoders, with something around it at each step. */
function written(draw: () => number, value: string): Written {
  const around = (text: string): string => `${oneOf(draw, AROUND)}${text}${oneOf(draw, AROUND)}`;
  const [escape, second] = [oneOf(draw, Object.keys(ESCAPES)), oneOf(draw, Object.keys(ESCAPES))];
  const packing = oneOf(draw, Object.keys(PACKINGS));
  const by = (name: string, text: string): string => (ESCAPES[name] ?? PACKINGS[name] ?? String)(text);
  const orders: readonly (readonly [string, string])[] = [
    [escape, second],
    [packing, second],
    [oneOf(draw, PACKED), packing],
    [packing, oneOf(draw, Object.keys(PACKINGS))],
  ];
  const [inner, outer] = oneOf(draw, orders);
  return { how: `${inner}, ${outer}`, text: around(by(outer, around(by(inner, value)))) };
}

test('a secret written by two encoders is taken out, whatever is around it', () => {
  forSeeds(1000, (draw) => {
    const value = secret(draw);
    const secrets = new Secrets();
    secrets.add(value);
    const { how, text } = written(draw, value);
    const clean = secrets.scrubValues(text);
    assert.ok(clean.includes('[redacted]'), `${how}: ${JSON.stringify(value)} in ${text}`);
    // What is left is at most what stood around it: base64 keeps the bits that it shares with its neighbours.
    assert.ok(clean.length <= '[redacted]'.length + 90, `${how}: ${clean} of ${text}`);

    const stream = secrets.stream();
    let out = '';
    for (let at = 0; at < text.length;) {
      const end = at + 1 + integer(draw, 9);
      out += stream.push(text.slice(at, end)).join('');
      at = end;
    }
    out += stream.end().join('');
    // Three characters are no beginning yet of what a secret is packed in; each may be written in twelve. Where an escape
    // in front takes one of them, the whole shows that escape as a part of it.
    const [before = '', ...after] = clean.split('[redacted]');
    assert.ok(out.startsWith(before) && out.endsWith(after.join('[redacted]')), `${how}: ${out}, and whole ${clean}`);
    assert.ok(out.length <= clean.length + 5 * 12, `${how}: ${out}, and whole ${clean}`);
    for (const run of runsOf(value)) assert.ok(!out.includes(run) && !clean.includes(run), `${how}: ${run} in ${out}`);
  });
});

test('a text without the secret is left as it is, byte for byte', () => {
  forSeeds(500, (draw) => {
    const value = secret(draw);
    const secrets = new Secrets();
    secrets.add(value);
    // Another secret, and all but the end of this one: base64 of base64 shows a little less than the whole.
    const { text } = written(draw, draw() < 0.5 ? secret(draw) : value.slice(0, -4).toWellFormed());
    assert.equal(secrets.scrubValues(text), text);
    const stream = secrets.stream();
    const pieces = Array.from(text).flatMap((char) => stream.push(char));
    assert.equal([...pieces, ...stream.end()].join(''), text);
  });
});
