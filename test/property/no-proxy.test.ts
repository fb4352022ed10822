// NO_PROXY against a naive model: names are compared label by label from the end, addresses bit by bit as text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExempt } from '../../src/providers/http/way/no-proxy.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

interface Name {
  readonly labels: readonly string[];
}

interface Address {
  /** 32 or 128 characters, each 0 or 1. */
  readonly bits: string;
}

type Host = Name | Address;

interface Entry {
  readonly host: Host;
  /** Of an address: how many bits count. */
  readonly prefix: number;
  readonly port: number | undefined;
}

const LABELS = ['a', 'b', 'aa', 'corp', 'test'];
const PORTS = [80, 443, 8443];

function drawName(draw: Draw): Name {
  return { labels: Array.from({ length: 1 + integer(draw, 3) }, () => oneOf(draw, LABELS)) };
}

/** Mostly zeros, so that they often share a prefix. None is loopback, and none of 128 bits an IPv4 one in disguise. */
function drawAddress(draw: Draw): Address {
  const bit = (): string => (draw() < 0.15 ? '1' : '0');
  const length = oneOf(draw, [32, 128]);
  const first = length === 32 ? '00001010' : '0010000000000001';
  return { bits: first + Array.from({ length: length - first.length }, bit).join('') };
}

function drawHost(draw: Draw): Host {
  return draw() < 0.5 ? drawName(draw) : drawAddress(draw);
}

function written(host: Host): string {
  if ('labels' in host) return host.labels.join('.');
  const size = host.bits.length === 32 ? 8 : 16;
  const parts = host.bits.match(new RegExp(`.{${size}}`, 'g')) ?? [];
  return size === 8
    ? parts.map((part) => parseInt(part, 2)).join('.')
    : parts.map((part) => parseInt(part, 2).toString(16)).join(':');
}

function drawEntry(draw: Draw): Entry {
  const host = drawHost(draw);
  const isRange = 'bits' in host && draw() < 0.6;
  const prefix = 'bits' in host ? (isRange ? integer(draw, host.bits.length + 1) : host.bits.length) : 0;
  return { host, prefix, port: !isRange && draw() < 0.3 ? oneOf(draw, PORTS) : undefined };
}

function entryText(draw: Draw, { host, prefix, port }: Entry): string {
  const text = written(host);
  if ('labels' in host) return `${oneOf(draw, ['', '.', '*.'])}${text}${port === undefined ? '' : `:${port}`}`;
  const isWide = host.bits.length === 128;
  if (prefix < host.bits.length) return `${text}/${prefix}`;
  if (port !== undefined) return `${isWide ? `[${text}]` : text}:${port}`;
  return isWide ? oneOf(draw, [text, `[${text}]`, text.toUpperCase()]) : text;
}

/** What should come out, the slow and plain way. */
function modelled(host: Host, port: number, entries: readonly Entry[]): boolean {
  return entries.some((entry) => {
    if (entry.port !== undefined && entry.port !== port) return false;
    if ('labels' in host && 'labels' in entry.host) {
      const tail = host.labels.slice(-entry.host.labels.length);
      return JSON.stringify(tail) === JSON.stringify(entry.host.labels);
    }
    if ('labels' in host || 'labels' in entry.host || host.bits.length !== entry.host.bits.length) return false;
    return host.bits.slice(0, entry.prefix) === entry.host.bits.slice(0, entry.prefix);
  });
}

test('NO_PROXY is what the model says', () => {
  const counts = { exempt: 0, proxied: 0 };
  forSeeds(20_000, (draw) => {
    const entries = Array.from({ length: integer(draw, 5) }, () => drawEntry(draw));
    const host = drawHost(draw);
    const port = oneOf(draw, PORTS);
    const text = entries.map((entry) => entryText(draw, entry)).join(oneOf(draw, [',', ' ', ', ']));
    const expected = modelled(host, port, entries);
    counts[expected ? 'exempt' : 'proxied']++;
    assert.equal(isExempt({ host: written(host), port }, text), expected, `${written(host)}:${port} in "${text}"`);
  });
  // Else nothing was tried.
  assert.ok(counts.exempt > 1000 && counts.proxied > 1000, JSON.stringify(counts));
});

test('any text is an answer, and no throw', () => {
  const CHARACTERS = ['*', '.', ':', '/', '[', ']', ',', ' ', '1', '0', 'f', '%', '\u0000', 'é', '::', '/8'];
  forSeeds(5000, (draw) => {
    const text = Array.from({ length: integer(draw, 20) }, () => oneOf(draw, CHARACTERS)).join('');
    for (const host of ['a.test', '10.0.0.1', '2001:db8::1']) {
      assert.equal(typeof isExempt({ host, port: 443 }, text), 'boolean');
    }
  });
});
