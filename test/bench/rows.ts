// What is printed: one row a comparison, with the floor and the goal it is held to. A floor missed is
// marked, never a failure: the machine is shared and noisy.

/** A limit that is the same everywhere, or one for Node before 22 and one from there on. */
export type Bound = number | { readonly before22: number; readonly from22: number };

export interface Wish {
  readonly better: 'lower' | 'higher';
  readonly floor?: Bound;
  readonly goal?: Bound;
}

export interface Row {
  readonly what: string;
  readonly metric: string;
  readonly ours: string;
  /** What the ratio is taken to; without it the wish is about our own figure. */
  readonly other: string | undefined;
  readonly wish: Wish;
}

function row(what: string, metric: string, [ours, other]: readonly [string, string?], wish: Wish): Row {
  return { what, metric, ours, other, wish };
}
const atMost = (floor: Bound, goal: Bound): Wish => ({ better: 'lower', floor, goal });
const atLeast = (floor: Bound, goal: Bound): Wish => ({ better: 'higher', floor, goal });
const least = (floor: Bound): Wish => ({ better: 'higher', floor });
const LOWER: Wish = { better: 'lower' };
const HIGHER: Wish = { better: 'higher' };
const byNode = (before22: number, from22: number): Bound => ({ before22, from22 });

const OURS = 'ours';
/** Like for like: asks the upstream for a stream only where the others do. */
const PLAIN = 'ours, plain';
/** From a configuration file, with everything between a call and its upstream switched on. */
const ROUTED = 'ours, routed';
/** Our program with nothing between a call and the one attempt at its provider. */
const ALONE = 'engine alone';
const FIFTY = '50 providers';

export const ROWS: readonly Row[] = [
  row('start: to the initialize answer, ms', 'start ms', [OURS, 'empty file'], atMost(1.25, 1.1)),
  row('start: the same', 'start ms', [OURS, 'sdk'], atMost(byNode(0.6, 0.4), byNode(0.55, 0.33))),

  row('call: added to a bare HTTP call, p50 ms', 'added p50 ms', [PLAIN], atMost(0.3, 0.1)),
  row('call: the same', 'added p50 ms', [PLAIN, 'sdk'], LOWER),
  row('call: the same, p99 ms', 'added p99 ms', [PLAIN, 'sdk'], LOWER),
  row('call: CPU with 16 in flight, µs', 'call CPU µs 16', [PLAIN, 'limit'], atMost(1.5, 0.6)),
  row('call: CPU with 64 in flight, µs', 'call CPU µs 64', [PLAIN, 'limit'], atMost(1.5, 0.6)),
  row('call: 1 in flight, calls/s', 'calls/s 1', [PLAIN, 'sdk'], HIGHER),
  row('call: 16 in flight, calls/s', 'calls/s 16', [PLAIN, 'sdk'], HIGHER),
  row('call: 64 in flight, calls/s', 'calls/s 64', [PLAIN, 'sdk'], atLeast(byNode(5, 3), byNode(10, 6))),

  row('call as shipped: added, p50 ms', 'added p50 ms', [OURS, 'sdk'], LOWER),
  row('call as shipped: added, p99 ms', 'added p99 ms', [OURS, 'sdk'], LOWER),
  row('call as shipped: CPU with 16 in flight, µs', 'call CPU µs 16', [OURS, 'limit'], atMost(2.5, 1.2)),
  row('call as shipped: CPU with 64 in flight, µs', 'call CPU µs 64', [OURS, 'limit'], atMost(2.5, 1.2)),
  row('call as shipped: 64 in flight, calls/s', 'calls/s 64', [OURS, 'sdk'], HIGHER),

  row('stream: first progress after first chunk, ms', 'first progress ms', [OURS, 'limit'], atMost(1.3, 1)),
  row('stream: 2,000 chunks, chunks/s', 'chunks/s 2000', [OURS, 'sdk'], atLeast(2.5, 5)),
  row('stream: 200,000 chunks, chunks/s', 'chunks/s 200000', [OURS, 'sdk'], atLeast(2, 4)),

  row('request: ping/s', 'ping/s', [OURS, 'sdk'], atLeast(2.5, 3)),
  row('request: tools/list, CPU µs', 'tools/list CPU µs', [OURS, 'sdk'], atMost(0.15, 0.07)),

  row('routing, limits, cache: CPU with 16 in flight, µs', 'engine CPU µs 16', [PLAIN, ALONE], atMost(1.1, 1.05)),
  row('routing, limits, cache: CPU with 64 in flight, µs', 'engine CPU µs 64', [PLAIN, ALONE], atMost(1.1, 1.05)),
  row('the same, all of it configured: 16 in flight, µs', 'engine CPU µs 16', [ROUTED, ALONE], LOWER),
  row('the same, all of it configured: 64 in flight, µs', 'engine CPU µs 64', [ROUTED, ALONE], LOWER),
  row('failover: from the cut to the next first token, ms', 'failover ms', [ROUTED], atMost(5, 2)),
  row('cache: a hit, 100 characters asked and answered, µs', 'cache hit µs 100', [OURS], atMost(20, 10)),
  row('cache: a hit, 20,000 characters each, µs', 'cache hit µs 20000', [OURS], atMost(20, 10)),
  row('reload: 50 providers that all changed, ms', 'reload ms', [FIFTY], atMost(50, 25)),
  row('reload: longest wait of a ping beside it, ms', 'reload stall ms', [FIFTY], atMost(50, 25)),
  row('memory: 10,000 idle keys, heap added, MB', 'idle heap MB', ['10,000 keys'], atMost(50, 10)),
  row('memory: the same, resident, MB', 'idle rss MB', ['10,000 keys'], atMost(50, 10)),
  row('memory: 10,000 idle targets, heap added, MB', 'idle heap MB', ['10,000 targets'], atMost(50, 10)),
  row('memory: the same, resident, MB', 'idle rss MB', ['10,000 targets'], atMost(50, 10)),

  row('/v1: whole answers, added p50 ms', '/v1 added p50 ms', [PLAIN], atMost(0.4, 0.25)),
  row('/v1: the same as shipped', '/v1 added p50 ms', [OURS], LOWER),
  row('/v1: streams, added to the last byte, p50 ms', '/v1 stream added p50 ms', [OURS], atMost(0.4, 0.25)),
  row('/v1: the same to the first byte', '/v1 first byte added p50 ms', [OURS], LOWER),
  row("/v1: a long stream, of the upstream's own pace", '/v1 of the pace', [OURS], HIGHER),

  row('http, 64 connections: ping, requests/s', 'http ping/s', [PLAIN, 'sdk'], atLeast(5, 7)),
  row('http: the same', 'http ping/s', [PLAIN, 'bare node:http'], least(0.7)),
  row('http: the same, CPU of each, µs', 'http ping CPU µs', [PLAIN, 'bare node:http'], LOWER),
  row('http: the same', 'http ping CPU µs', [PLAIN, 'sdk'], LOWER),
  row('http: the same with a key, µs', 'http ping CPU µs', ['ours, with a key', PLAIN], LOWER),
  row('http, 64 connections: tools/list, 2026-07-28, requests/s', 'http tools/list/s', [PLAIN, 'sdk'], atLeast(5, 7)),
  row('http: the same', 'http tools/list/s', [PLAIN, 'bare node:http'], least(0.7)),
  row('http: the same, CPU of each, µs', 'http tools/list CPU µs', [PLAIN, 'bare node:http'], LOWER),
  row('http: the same', 'http tools/list CPU µs', [PLAIN, 'sdk'], LOWER),
  row('http, 64 connections: tools/call, 2026-07-28, requests/s', 'http call/s', [PLAIN, 'sdk'], atLeast(4, 8)),
  row('http: the same', 'http call/s', [PLAIN, 'bare node:http'], least(0.7)),
  row('http: the same, CPU of each, µs', 'http call CPU µs', [PLAIN, 'bare node:http'], LOWER),
  row('http: the same', 'http call CPU µs', [PLAIN, 'sdk'], LOWER),
  row('http, 64 connections: tools/call, 2025-11-25, requests/s', 'http legacy call/s', [PLAIN, 'sdk'], atLeast(4, 8)),
  row('http: the same', 'http legacy call/s', [PLAIN, 'bare node:http'], least(0.7)),
  row('http: the same, CPU of each, µs', 'http legacy call CPU µs', [PLAIN, 'bare node:http'], LOWER),
  row('http: the same', 'http legacy call CPU µs', [PLAIN, 'sdk'], LOWER),
  row('session: idle, heap added, kB', 'session heap kB', [OURS], atMost(20, 10)),
  row('session: the same, resident, kB', 'session rss kB', [OURS], atMost(20, 10)),
  row('session: with its stream open, heap, kB', 'session with stream heap kB', [OURS], LOWER),
  row('session: the same, resident, kB', 'session with stream rss kB', [OURS], LOWER),
  row('1,000 streams over /mcp, none lost or out of order, s', 'streams /mcp s', [OURS], LOWER),
  row('1,000 streams over /v1, none lost or out of order, s', 'streams /v1 s', [OURS], LOWER),

  row('memory: at rest, MiB', 'idle MiB', [OURS, 'bare node'], atMost(1.25, 1.1)),
  row('memory: peak of 256 streams, MiB', 'streams MiB', [OURS, 'sdk'], atMost(0.6, 0.47)),
  row('memory: grown while 100 MB are not read, MiB', 'grown MiB', [OURS], atMost(8, 3)),
  row('memory: at the end of the 100 MB, MiB', 'end MiB', [OURS, 'limit'], atMost(1, 0.5)),
];
