import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodRow } from '../../../src/protocol/methods.ts';
import { REVISIONS } from '../../../src/protocol/revisions.ts';

/** The revisions in which a method exists. */
function datesOf(method: string): string[] {
  return REVISIONS.filter((revision) => methodRow(revision, method) !== undefined).map((revision) => revision.date);
}

const legacy = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
const all = [...legacy, '2026-07-28'];

test('R-13: initialize, ping and logging/setLevel end with the handshake', () => {
  for (const method of ['initialize', 'ping', 'logging/setLevel']) assert.deepEqual(datesOf(method), legacy, method);
});

test('server/discover begins after the handshake', () => {
  assert.deepEqual(datesOf('server/discover'), ['2026-07-28']);
});

test('tools, completion and the methods beyond the specification exist everywhere, aliases too', () => {
  const methods = [
    'tools/list',
    'tools/call',
    'completion/complete',
    'models/list',
    'listModels',
    'createCompletion',
    'callTool',
  ];
  for (const method of methods) assert.deepEqual(datesOf(method), all, method);
});

test('R-76: what is not offered is not in the table', () => {
  const methods = ['resources/list', 'prompts/list', 'tasks/get', 'subscriptions/listen', 'toString', ''];
  for (const method of methods) assert.deepEqual(datesOf(method), [], method);
});

test('R-33: of the methods served, tools/list and server/discover may be cached', () => {
  const [newest] = REVISIONS.slice(-1);
  assert.ok(newest);
  const cacheable = ['server/discover', 'tools/list', 'tools/call', 'completion/complete', 'models/list'].filter(
    (method) => methodRow(newest, method)?.cacheable,
  );
  assert.deepEqual(cacheable, ['server/discover', 'tools/list']);
});
