// Text of one setting -> its value, or what is wrong with the text. Pure; one parser for each type of setting.

import { normalOrigin, placeOf } from '../../core/host.ts';
import type { TransportName } from '../config.ts';

/** A value, or a clause that can follow the name of the setting: `is not a duration`. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

export type Parse<T> = (text: string) => Parsed<T>;

/** A bare number of seconds above this was probably meant as milliseconds. */
const MOST_BARE_SECONDS = 3600;
const MOST_DURATION_MS = 24 * 3600_000;

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3600_000 };
const SIZE_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `500ms`, `60s`, `5m`, `1h`; a bare number is seconds. Gives milliseconds. */
export const duration: Parse<number> = (text) => {
  const [, digits = '', unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(text) ?? [];
  if (digits === '') return { problem: 'is not a duration' };
  const amount = Number(digits);
  if (unit === undefined && amount > MOST_BARE_SECONDS) {
    return { problem: `is over an hour and probably in milliseconds: write ${digits}ms or ${digits}s` };
  }
  const ms = amount * (DURATION_UNITS[unit ?? 's'] ?? 1);
  if (ms <= 0) return { problem: 'is not more than zero' };
  return ms > MOST_DURATION_MS ? { problem: 'is more than a day' } : { value: ms };
};

/** The same, and `0` for never. */
export const durationOrNever: Parse<number> = (text) =>
  /^0+(?:ms|s|m|h)?$/.test(text) ? { value: 0 } : duration(text);

/** `65536`, `64KB`, `64MB`, `1 GiB`; a unit is a power of 1024, and B is one byte or character. */
export function size(least: number, most: number): Parse<number> {
  return (text) => {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmg]?)i?b?)$/i.exec(text) ?? [];
    if (digits === '') return { problem: 'is not a size' };
    return within(Math.floor(Number(digits) * (SIZE_UNITS[unit.toLowerCase()] ?? 1)), least, most);
  };
}

export function integer(least: number, most: number): Parse<number> {
  return (text) => (/^\d{1,15}$/.test(text) ? within(Number(text), least, most) : { problem: 'is not a whole number' });
}

export function decimal(least: number, most: number): Parse<number> {
  return (text) => (/^\d+(\.\d+)?$/.test(text) ? within(Number(text), least, most) : { problem: 'is not a number' });
}

/** One of the words, in any case. */
export function choice<T extends string>(...words: readonly T[]): Parse<T> {
  return (text) => {
    const value = words.find((word) => word === text.toLowerCase());
    return value === undefined ? { problem: 'is not known' } : { value };
  };
}

/** An empty value never comes here, so a bare flag is given as `1`. */
export const onOff: Parse<boolean> = (text) => {
  if (/^(1|true|yes|on)$/i.test(text)) return { value: true };
  return /^(0|false|no|off)$/i.test(text) ? { value: false } : { problem: 'is neither on nor off' };
};

export const plain: Parse<string> = (text) => ({ value: text });

/** An absolute http or https URL, kept as it was written but for blanks around it. */
export const httpUrl: Parse<string> = (text) => {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined) return { problem: 'is not a URL' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { problem: 'is neither http:// nor https://' };
  return url.hash === '' ? { value: trimmed } : { problem: 'has a part after #, which cannot be sent' };
};

/** An address others build addresses on: nothing but scheme, host, port and path, without a slash at its end. */
export const publicUrl: Parse<string> = (text) => {
  const parsed = httpUrl(text);
  if ('problem' in parsed) return parsed;
  const { username, password, search, origin, pathname } = new URL(parsed.value);
  if (username !== '' || password !== '') return { problem: 'has a user in it' };
  if (search !== '' || parsed.value.endsWith('?')) return { problem: 'has a part after ?' };
  return { value: `${origin}${pathname.replace(/\/+$/, '')}` };
};

/** Names separated by commas, in order, each once. */
export const names: Parse<readonly string[]> = (text) => {
  const found = text.split(',').map((name) => name.trim());
  const value = [...new Set(found.filter((name) => name !== ''))];
  return value.length === 0 ? { problem: 'names none' } : { value };
};

const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const V4_NETWORK = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}(?:/(?:3[0-2]|[12]?\\d))?$`);
const V6_NETWORK = /^(?=[^/]*:[^/]*:)[\da-f:]{2,39}(?:\/(?:12[0-8]|1[01]\d|[1-9]?\d))?$/i;
const HOST = /^(?:\*\.)?(?=[^/]*[a-z])[a-z\d](?:[a-z\d._-]*[a-z\d])?$/i;
const LINK_LOCAL = /^(?:169\.254\.|fe[89ab][\da-f]:)/i;

/** `images.corp.example`, `*.corp.example`, `10.20.0.0/16`, `fd12::/48`; an address is a network of one. */
export const hostOrNetwork: Parse<string> = (text) => {
  if (LINK_LOCAL.test(text)) return { problem: 'is link-local, and never asked' };
  const isOne = V4_NETWORK.test(text) || V6_NETWORK.test(text) || HOST.test(text);
  return isOne ? { value: text.toLowerCase() } : { problem: 'is neither a host nor a network' };
};

/** Separated by commas. */
export const hostsOrNetworks: Parse<readonly string[]> = (text) => {
  const all = names(text);
  if ('problem' in all) return all;
  const read = all.value.map((one) => ({ one, ...hostOrNetwork(one) }));
  const bad = read.find((one) => 'problem' in one);
  if (bad !== undefined && 'problem' in bad) return { problem: `names ${bad.one}, which ${bad.problem}` };
  return { value: all.value.map((one) => one.toLowerCase()) };
};
const TRANSPORTS = choice('stdio', 'http', 'streamable-http', 'sse');

/** All but stdio are one server. */
export const transport: Parse<TransportName> = (text) => {
  const parsed = TRANSPORTS(text);
  return 'problem' in parsed ? parsed : { value: parsed.value === 'stdio' ? 'stdio' : 'http' };
};

export const origins: Parse<readonly string[]> = (text) =>
  each(names(text), normalOrigin, (one) => `holds ${one}, which is no origin`);

export const hosts: Parse<readonly string[]> = (text) =>
  each(names(text), placeOf, (one) => `holds ${one}, which is no host`);

/** The names as they are, if all of them can be read. */
function each(
  parsed: Parsed<readonly string[]>,
  read: (name: string) => unknown,
  problem: (name: string) => string,
): Parsed<readonly string[]> {
  if ('problem' in parsed) return parsed;
  const bad = parsed.value.find((name) => read(name) === undefined);
  return bad === undefined ? parsed : { problem: problem(bad) };
}

/** A date, or a word such as `preview`: it goes into a header or a query. */
export const apiVersion: Parse<string> = (text) =>
  /^[\w.-]{1,40}$/.test(text) ? { value: text } : { problem: 'is not the version of an API' };

function within(value: number, least: number, most: number): Parsed<number> {
  if (value < least) return { problem: `is less than ${least}` };
  return value > most ? { problem: `is more than ${most}` } : { value };
}
