import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { clientInfoOf, isClaim, metaOf, progressTokenOf, readEnvelope } from '../../../src/protocol/envelope.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT = 'io.modelcontextprotocol/clientInfo';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
const good = { [VERSION]: '2026-07-28', [CAPABILITIES]: {} };

function faultOf(meta: Record<string, unknown>): Fault {
  try {
    readEnvelope(meta);
  } catch (thrown) {
    return Fault.from(thrown);
  }
  return assert.fail('no fault');
}

test('metaOf finds an object and nothing else', () => {
  assert.deepEqual(metaOf({ _meta: { a: 1 } }), { a: 1 });
  for (const params of [undefined, null, 3, [], {}, { _meta: null }, { _meta: [] }, { _meta: 'x' }]) {
    assert.equal(metaOf(params), undefined);
  }
});

test('the claim is the version key alone, whatever its value', () => {
  assert.equal(isClaim({ [VERSION]: '2026-07-28' }), true);
  assert.equal(isClaim({ [VERSION]: null }), true);
  assert.equal(isClaim({ [CAPABILITIES]: {}, [CLIENT]: {}, progressToken: 1, traceparent: 'x' }), false);
  assert.equal(isClaim(undefined), false);
});

test('R-10: an envelope without clientInfo is a peer', () => {
  const peer = readEnvelope(good);
  assert.equal(peer.revision.date, '2026-07-28');
  assert.equal(peer.client, undefined);
  assert.equal(peer.logLevel, undefined);
  assert.equal(peer.introduced, true);
});

test('R-100: keys nobody knows are let through', () => {
  const peer = readEnvelope({ ...good, traceparent: '00-a-b-01', 'vendor.example/x': { deep: [1] }, tracestate: 5 });
  assert.equal(peer.revision.date, '2026-07-28');
});

test('client and log level are read', () => {
  const peer = readEnvelope({ ...good, [CLIENT]: { name: 'c', version: '1', title: 'C' }, [LOG_LEVEL]: 'info' });
  assert.deepEqual(peer.client, { name: 'c', version: '1' });
  assert.equal(peer.logLevel, 'info');
});

test('R-09, R-58: what is malformed is invalid params, and the key is named in message and data', () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ [VERSION]: 20260728, [CAPABILITIES]: {} }, VERSION],
    [{ [VERSION]: '2026-07-28' }, CAPABILITIES],
    [{ ...good, [CAPABILITIES]: null }, CAPABILITIES],
    [{ ...good, [CAPABILITIES]: [] }, CAPABILITIES],
    [{ ...good, [CLIENT]: null }, CLIENT],
    [{ ...good, [CLIENT]: { name: 'c' } }, CLIENT],
    [{ ...good, [CLIENT]: { name: 'c', version: 1 } }, CLIENT],
    [{ ...good, [LOG_LEVEL]: 'loud' }, LOG_LEVEL],
    [{ ...good, [LOG_LEVEL]: 3 }, LOG_LEVEL],
    [{ ...good, progressToken: {} }, 'progressToken'],
    [{ ...good, progressToken: 1.5 }, 'progressToken'],
  ];
  for (const [meta, key] of cases) {
    const fault = faultOf(meta);
    assert.equal(fault.kind, 'invalid-envelope', key);
    assert.match(fault.message, new RegExp(key.replaceAll('.', '\\.')));
    assert.deepEqual(fault.data.wire, { key });
  }
});

test('R-11, R-12: a version not served this way is named with all that are', () => {
  for (const requested of ['2099-01-01', '2025-11-25', '']) {
    const fault = faultOf({ ...good, [VERSION]: requested });
    assert.equal(fault.kind, 'unsupported-revision');
    assert.deepEqual(fault.data.wire, {
      supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      requested,
    });
  }
});

test('a malformed envelope comes before a version that is not served', () => {
  assert.equal(faultOf({ [VERSION]: '2099-01-01' }).kind, 'invalid-envelope');
});

test('R-59: 0 and "" are tokens; null, fractions and objects are none', () => {
  assert.equal(progressTokenOf({ progressToken: 0 }), 0);
  assert.equal(progressTokenOf({ progressToken: '' }), '');
  assert.equal(progressTokenOf({ progressToken: 'abc' }), 'abc');
  for (const progressToken of [null, undefined, 1.5, {}, true]) {
    assert.equal(progressTokenOf({ progressToken }), undefined);
  }
  assert.equal(progressTokenOf(undefined), undefined);
  assert.equal(readEnvelope({ ...good, progressToken: null }).revision.date, '2026-07-28');
});

test('clientInfoOf takes name and version as strings or nothing', () => {
  assert.deepEqual(clientInfoOf({ name: 'a', version: 'b', icons: [] }), { name: 'a', version: 'b' });
  assert.equal(clientInfoOf({ name: 'a' }), undefined);
  assert.equal(clientInfoOf('a'), undefined);
});
