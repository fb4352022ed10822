// The single values a configuration holds: durations, sizes, counts, addresses, words. Those that variables have too
// are read by the same parsers (parse.ts).

import type { JsonValue } from '../../core/json.ts';
import { duration, httpUrl, onOff, plain, size } from '../settings/parse.ts';
import type { Parse } from '../settings/parse.ts';
import { RESERVED_ID, isId } from '../providers/provider-type.ts';
import { parseKeys } from '../settings/shape.ts';
import { living, scalar } from './rules.ts';
import type { Rule } from './rules.ts';
import type { Privacy, Resolved } from './reading.ts';

/** Any text but the empty one. */
export function text(accepts: string, privacy: Privacy = 'plain'): Rule<string> {
  return scalar({ ...TEXT, accepts, parse: plain, privacy });
}

/** Text that a parser judges. */
export function parsed<T>(accepts: string, parse: Parse<T>, privacy: Privacy = 'plain'): Rule<T> {
  return scalar({ ...TEXT, accepts, parse, privacy });
}

const TEXT = { kinds: ['string'], schema: { type: 'string', minLength: 1 } } as const;

/** As an environment variable has it: several keys may stand in one text. */
export const apiKey: Rule<Resolved> = living({
  ...TEXT,
  accepts: 'a key, best as a reference such as ${CORP_KEY} or ${file:/run/secrets/corp_key}',
  parse: parseKeys,
  privacy: 'secret',
});

export const url: Rule<string> = parsed('an address such as https://llm.corp.example/v1', httpUrl);

/** A provider's own proxy; empty: none, whatever the environment says. */
export const proxyUrl: Rule<string> = scalar({
  kinds: ['string'],
  schema: { type: 'string' },
  accepts: 'an address such as http://proxy:3128, or "" for none',
  parse: (value) => (value === '' ? { value } : httpUrl(value)),
  mayBeEmpty: true,
});

export const id: Rule<string> = scalar({
  kinds: ['string'],
  schema: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$', not: { const: RESERVED_ID } },
  accepts: 'at most 64 letters, digits, ".", "_" and "-"',
  parse(value) {
    if (value === RESERVED_ID) return { problem: 'is what aliases are listed under' };
    return isId(value) ? { value } : { problem: 'is no id' };
  },
});

export const flag: Rule<boolean> = scalar({
  kinds: ['boolean'],
  schema: { type: 'boolean' },
  accepts: 'true, false',
  parse: onOff,
});

/** Milliseconds. */
export const period: Rule<number> = scalar({
  kinds: ['string', 'number'],
  schema: {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: 3600 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|m|h)?$' },
    ],
  },
  accepts: 'seconds up to 3600, or a duration such as "500ms", "60s", "5m"',
  parse: (value) => (value.startsWith('-') ? { problem: 'is not more than zero' } : duration(value)),
});

/** Bytes. */
export function bytes(least: number, most: number, accepts: string): Rule<number> {
  return scalar({
    kinds: ['string', 'number'],
    schema: {
      anyOf: [
        { type: 'number', minimum: least, maximum: most },
        { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*([kKmMgG]?[iI]?[bB]?)$' },
      ],
    },
    accepts,
    parse: size(least, most),
  });
}

export function whole(least: number, most: number): Rule<number> {
  return quantity({ type: 'integer', minimum: least, maximum: most }, `a whole number from ${least} to ${most}`);
}

/** From `least` on, fractions too. */
export function amount(least: number, accepts: string): Rule<number> {
  return quantity({ type: 'number', minimum: least, maximum: MOST }, accepts);
}

/** More than zero, fractions too. */
export function share(accepts: string): Rule<number> {
  return quantity({ type: 'number', exclusiveMinimum: 0, maximum: MOST }, accepts);
}

const MOST = 1_000_000_000;

interface Bounds {
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum: number;
}

/** Keys of the product that this version does not serve: only an empty list is taken. */
export const notServed: Rule<undefined> = {
  schema: { type: 'array', maxItems: 0, description: 'Not served by this version.' },
  accepts: '[], or nothing',
  read(node, spot, reading) {
    const isEmpty = node.kind === 'array' && node.items.length === 0;
    if (!isEmpty) reading.say(spot, 'is not served by this version', notServed.accepts);
    return undefined;
  },
};

function quantity(schema: Bounds, accepts: string): Rule<number> {
  const { type, minimum = -Infinity, exclusiveMinimum = -Infinity, maximum } = schema;
  return scalar({
    kinds: ['number'],
    schema: { ...schema },
    accepts,
    parse(written) {
      const value = /^-?\d/.test(written.trim()) ? Number(written) : Number.NaN;
      if (Number.isNaN(value)) return { problem: 'is not a number' };
      if (type === 'integer' && !Number.isInteger(value)) return { problem: 'is not a whole number' };
      if (value <= exclusiveMinimum) return { problem: 'is not more than zero' };
      if (value < minimum) return { problem: `is less than ${minimum}` };
      return value > maximum ? { problem: `is more than ${maximum}` } : { value };
    },
  });
}

/** One of these words, as they are written. */
export function oneOf<T extends string>(...words: readonly T[]): Rule<T> {
  const known: JsonValue[] = [...words];
  return scalar({
    kinds: ['string'],
    schema: { enum: known },
    accepts: words.join(', '),
    parse(written) {
      const value = words.find((word) => word === written);
      return value === undefined ? { problem: 'is not known' } : { value };
    },
  });
}
