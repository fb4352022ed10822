import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { REVISIONS } from '../../../src/protocol/revisions.ts';
import type { Revision } from '../../../src/protocol/revisions.ts';
import { Peers } from '../../../src/server/peers.ts';
import type { Single } from '../../../src/wire/jsonrpc.ts';
import { MODERN } from '../../support/mcp.ts';

function settled(date: string): Peers {
  const revision: Revision | undefined = REVISIONS.find((one) => one.date === date);
  assert.ok(revision);
  const peers = new Peers();
  peers.settle({ revision, client: undefined, capabilities: {}, logLevel: 'warning', introduced: true });
  return peers;
}

const request = (method: string, params?: unknown): Single => ({ kind: 'request', id: 1, method, params });

test('without an envelope the handshake holds, and before it the newest revision that has one', () => {
  const stranger = new Peers().of('tools/list', undefined);
  assert.equal(stranger.revision.date, '2025-11-25');
  assert.equal(stranger.introduced, false);
  const peer = settled('2025-03-26').of('tools/list', { progressToken: 1 });
  assert.equal(peer.revision.date, '2025-03-26');
  assert.equal(peer.introduced, true);
});

test('R-07, R-15: an envelope decides for its own message only', () => {
  const peers = settled('2025-03-26');
  assert.equal(peers.of('tools/list', MODERN).revision.date, '2026-07-28');
  assert.equal(peers.of('tools/list', undefined).revision.date, '2025-03-26');
  assert.equal(new Peers().of('tools/list', MODERN).introduced, true);
});

test('R-13: initialize in a good envelope is of the newest revision, which has no such method', () => {
  assert.equal(new Peers().of('initialize', MODERN).revision.date, '2026-07-28');
});

test('MCP 2.2: initialize in a bad envelope is a handshake', () => {
  const key = 'io.modelcontextprotocol/protocolVersion';
  for (const meta of [{ [key]: '2026-07-28' }, { ...MODERN, [key]: '2025-11-25' }, { [key]: 5 }]) {
    assert.equal(new Peers().of('initialize', meta).revision.date, '2025-11-25');
  }
});

test('R-09: any other method in a bad envelope is refused', () => {
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  assert.throws(() => new Peers().of('tools/list', meta), { kind: 'invalid-envelope' });
});

test('R-15, R-56: a level set holds for the settled peer and nobody else', () => {
  const peers = settled('2025-11-25');
  peers.wantsLog('debug');
  assert.equal(peers.of('x', undefined).logLevel, 'debug');
  assert.equal(peers.of('x', MODERN).logLevel, undefined);
  const none = new Peers();
  none.wantsLog('debug');
  assert.equal(none.of('x', undefined).logLevel, undefined);
});

test('R-26, R-27: 2025-03-26 takes batches', () => {
  const peers = settled('2025-03-26');
  const initialized: Single = { kind: 'notification', method: 'notifications/initialized', params: undefined };
  assert.equal(peers.refuseBatch([request('ping'), initialized]), undefined);
  assert.equal(peers.refuseBatch([initialized]), undefined);
  const malformed: Single = { kind: 'malformed', id: null, fault: new Fault('invalid-request', 'x') };
  assert.equal(peers.refuseBatch([malformed, request('ping'), { kind: 'response', id: 4 }]), undefined);
});

test('R-28: nobody else does, and nobody before a handshake', () => {
  for (const date of ['2024-11-05', '2025-06-18', '2025-11-25']) {
    assert.equal(settled(date).refuseBatch([request('ping')])?.kind, 'invalid-request', date);
  }
  assert.equal(new Peers().refuseBatch([request('ping')])?.kind, 'invalid-request');
});

test('MCP 3.11: an empty array and an envelope in an array are refused whole', () => {
  const peers = settled('2025-03-26');
  assert.equal(peers.refuseBatch([])?.kind, 'invalid-request');
  assert.equal(peers.refuseBatch([request('ping'), request('tools/list', { _meta: MODERN })])?.kind, 'invalid-request');
  const notice: Single = { kind: 'notification', method: 'x', params: { _meta: MODERN } };
  assert.equal(peers.refuseBatch([notice])?.kind, 'invalid-request');
});
