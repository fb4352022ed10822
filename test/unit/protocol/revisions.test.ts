import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NEWEST,
  NEWEST_WITH_HANDSHAKE,
  OLDEST,
  OLDEST_WITHOUT_HANDSHAKE,
  REVISIONS,
  revisionOf,
  SUPPORTED_DATES,
} from '../../../src/protocol/revisions.ts';
import type { Revision } from '../../../src/protocol/revisions.ts';

/** The dates of the revisions for which a column holds. */
function where(holds: (revision: Revision) => boolean): string[] {
  return REVISIONS.filter(holds).map((revision) => revision.date);
}

const since2506 = ['2025-06-18', '2025-11-25', '2026-07-28'];
const since2503 = ['2025-03-26', ...since2506];

test('the revisions are the five published ones, oldest first', () => {
  assert.deepEqual(
    where(() => true),
    ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'],
  );
});

test('SUPPORTED_DATES lists the newest first (MCP 2.4)', () => {
  assert.deepEqual(SUPPORTED_DATES, ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']);
});

test('each column holds where the feature table says', () => {
  assert.deepEqual(
    where((r) => r.opening === 'per request'),
    ['2026-07-28'],
  );
  assert.deepEqual(
    where((r) => r.batching),
    ['2025-03-26'],
  );
  assert.deepEqual(
    where((r) => r.structuredOutput),
    since2506,
  );
  assert.deepEqual(
    where((r) => r.progressMessage),
    since2503,
  );
  assert.deepEqual(
    where((r) => r.resultType),
    ['2026-07-28'],
  );
  assert.deepEqual(
    where((r) => r.cacheHints),
    ['2026-07-28'],
  );
  assert.deepEqual(
    where((r) => r.toolAnnotations),
    since2503,
  );
  assert.deepEqual(
    where((r) => r.titles),
    since2506,
  );
  assert.deepEqual(
    where((r) => r.itemMeta),
    since2506,
  );
  assert.deepEqual(
    where((r) => r.completionsCapability),
    since2503,
  );
  assert.deepEqual(
    where((r) => r.extensionsMember === 'extensions'),
    ['2026-07-28'],
  );
});

test('the named ends are where they say', () => {
  assert.deepEqual(
    [OLDEST, NEWEST_WITH_HANDSHAKE, OLDEST_WITHOUT_HANDSHAKE, NEWEST].map((r) => r.date),
    ['2024-11-05', '2025-11-25', '2026-07-28', '2026-07-28'],
  );
});

test('revisionOf finds a date only under the opening it has', () => {
  assert.equal(revisionOf('2025-06-18', 'initialize')?.date, '2025-06-18');
  assert.equal(revisionOf('2025-06-18', 'per request'), undefined);
  assert.equal(revisionOf('2026-07-28', 'per request')?.date, '2026-07-28');
  assert.equal(revisionOf('2026-07-28', 'initialize'), undefined);
  assert.equal(revisionOf('2024-10-07', 'initialize'), undefined);
});
