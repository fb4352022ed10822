// The status of every kind of refusal, as literals: clients and proxies go by it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KINDS } from '../../../src/core/fault.ts';
import type { FaultKind } from '../../../src/core/fault.ts';
import { httpStatus } from '../../../src/protocol/http-status.ts';

const NOT_200: Readonly<Record<string, readonly [number, number]>> = {
  parse: [400, 400],
  'invalid-request': [400, 400],
  'unknown-method': [200, 404],
  'unsupported-revision': [400, 400],
  'invalid-envelope': [400, 400],
  'header-mismatch': [400, 400],
  'missing-capability': [400, 400],
  'too-large': [413, 413],
};

test('every kind has its status in both eras', () => {
  const kinds = Object.keys(KINDS) as FaultKind[];
  assert.ok(kinds.length > 20);
  for (const kind of kinds) {
    const statuses = [httpStatus(kind, 'initialize'), httpStatus(kind, 'per request')];
    assert.deepEqual(statuses, NOT_200[kind] ?? [200, 200], kind);
  }
  assert.equal(httpStatus(undefined, 'per request'), 200);
});
