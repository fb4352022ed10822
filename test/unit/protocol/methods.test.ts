import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodRow } from '../../../src/protocol/methods.ts';
import { REVISIONS } from '../../../src/protocol/revisions.ts';

const EVERYTHING = { resources: true, prompts: true, tasks: true };
const NOTHING = { resources: false, prompts: false, tasks: false };

/** The revisions in which a method exists. */
function datesOf(method: string): string[] {
  return REVISIONS.filter((revision) => methodRow(revision, method, EVERYTHING) !== undefined).map(
    (revision) => revision.date,
  );
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

test('resources and prompts exist everywhere; following one needs a handshake, listening none', () => {
  const methods = ['resources/list', 'resources/templates/list', 'resources/read', 'prompts/list', 'prompts/get'];
  for (const method of methods) assert.deepEqual(datesOf(method), all, method);
  for (const method of ['resources/subscribe', 'resources/unsubscribe'])
    assert.deepEqual(datesOf(method), legacy, method);
  assert.deepEqual(datesOf('subscriptions/listen'), ['2026-07-28']);
});

test('R-13: tasks are there from 2025-11-25 on, and lost two methods with the handshake', () => {
  for (const method of ['tasks/get', 'tasks/cancel']) assert.deepEqual(datesOf(method), ['2025-11-25', '2026-07-28']);
  for (const method of ['tasks/result', 'tasks/list']) assert.deepEqual(datesOf(method), ['2025-11-25']);
  assert.deepEqual(datesOf('tasks/update'), ['2026-07-28']);
});

test('R-76: what is not offered is not in the table', () => {
  for (const method of ['toString', '']) assert.deepEqual(datesOf(method), [], method);
  const [newest] = REVISIONS.slice(-1);
  assert.ok(newest);
  for (const method of ['resources/list', 'resources/read', 'prompts/list', 'prompts/get', 'tasks/get']) {
    assert.equal(methodRow(newest, method, NOTHING), undefined, method);
  }
});

test('R-33: lists, what is read and server/discover may be cached', () => {
  const [newest] = REVISIONS.slice(-1);
  assert.ok(newest);
  const methods = [
    'server/discover',
    'tools/list',
    'tools/call',
    'prompts/list',
    'prompts/get',
    'resources/list',
    'resources/templates/list',
    'resources/read',
    'subscriptions/listen',
    'completion/complete',
    'models/list',
  ];
  const cacheable = methods.filter((method) => methodRow(newest, method, EVERYTHING)?.cacheable);
  assert.deepEqual(cacheable, [
    'server/discover',
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'resources/read',
  ]);
});
