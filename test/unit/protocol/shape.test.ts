import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REVISIONS } from '../../../src/protocol/revisions.ts';
import type { Revision } from '../../../src/protocol/revisions.ts';
import {
  callResult,
  discoverResult,
  initializeResult,
  listedItem,
  listedTool,
  stampFor,
} from '../../../src/protocol/shape.ts';

function revision(date: string): Revision {
  const found = REVISIONS.find((one) => one.date === date);
  assert.ok(found);
  return found;
}

const info = { name: 'any', version: '1', title: 'Any' };
const tool = {
  name: 't',
  title: 'T',
  description: 'd',
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
  meta: { k: 1 },
};

test('R-31: a listed tool has the members its revision knows', () => {
  const members = (date: string): string[] => Object.keys(listedTool(tool, revision(date)));
  assert.deepEqual(members('2024-11-05'), ['name', 'description', 'inputSchema']);
  assert.deepEqual(members('2025-03-26'), ['name', 'description', 'inputSchema', 'annotations']);
  const all = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations', '_meta'];
  for (const date of ['2025-06-18', '2025-11-25', '2026-07-28']) assert.deepEqual(members(date), all, date);
});

test('R-31: a tool without output schema and meta lists neither', () => {
  const { outputSchema: _, meta: __, ...bare } = tool;
  assert.deepEqual(Object.keys(listedTool(bare, revision('2025-11-25'))), [
    'name',
    'title',
    'description',
    'inputSchema',
    'annotations',
  ]);
});

test('R-31: structured content goes only to revisions that know it', () => {
  const result = { content: [], structuredContent: { a: 1 }, meta: { m: 1 } };
  for (const date of ['2024-11-05', '2025-03-26']) {
    assert.deepEqual(callResult(result, revision(date)), { content: [], _meta: { m: 1 } }, date);
  }
  for (const date of ['2025-06-18', '2025-11-25', '2026-07-28']) {
    assert.deepEqual(
      callResult(result, revision(date)),
      { content: [], structuredContent: { a: 1 }, _meta: { m: 1 } },
      date,
    );
  }
});

test('R-44, R-46: an error has content and no structured content', () => {
  assert.deepEqual(callResult({ content: [], structuredContent: {}, isError: true }, revision('2026-07-28')), {
    content: [],
    isError: true,
  });
});

const changes = { tools: false, prompts: false, resources: false };
const offered = { resources: false, prompts: false, tasks: false };

test('R-04, R-31: capabilities and server info in the words of each revision', () => {
  assert.deepEqual(initializeResult(revision('2024-11-05'), { info, changes, offered }), {
    protocolVersion: '2024-11-05',
    capabilities: { tools: {}, logging: {}, experimental: { 'anymodel/models': {} } },
    serverInfo: { name: 'any', version: '1' },
  });
  assert.deepEqual(initializeResult(revision('2025-03-26'), { info, instructions: 'Ask.', changes, offered }), {
    protocolVersion: '2025-03-26',
    capabilities: { tools: {}, logging: {}, completions: {}, experimental: { 'anymodel/models': {} } },
    serverInfo: { name: 'any', version: '1' },
    instructions: 'Ask.',
  });
  for (const date of ['2025-06-18', '2025-11-25']) {
    assert.deepEqual(initializeResult(revision(date), { info, changes, offered }), {
      protocolVersion: date,
      capabilities: { tools: {}, logging: {}, completions: {}, experimental: { 'anymodel/models': {} } },
      serverInfo: { name: 'any', title: 'Any', version: '1' },
    });
  }
  assert.deepEqual(discoverResult(revision('2026-07-28'), { info, instructions: 'Ask.', changes, offered }), {
    supportedVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
    capabilities: { tools: {}, logging: {}, completions: {}, extensions: { 'anymodel/models': {} } },
    instructions: 'Ask.',
  });
});

test('R-31: results of revisions with a handshake are not stamped at all', () => {
  const body = { tools: [] };
  for (const date of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    assert.equal(stampFor(info)(body, revision(date), true), body, date);
  }
});

test('R-06, R-33: the newest revision stamps every result, and cacheable ones with hints', () => {
  const stamp = stampFor(info);
  const serverInfo = { 'io.modelcontextprotocol/serverInfo': { name: 'any', title: 'Any', version: '1' } };
  assert.deepEqual(stamp({ content: [], _meta: { a: 1 } }, revision('2026-07-28'), false), {
    content: [],
    resultType: 'complete',
    _meta: { a: 1, ...serverInfo },
  });
  assert.deepEqual(stamp({ tools: [] }, revision('2026-07-28'), true), {
    tools: [],
    resultType: 'complete',
    _meta: serverInfo,
    ttlMs: 0,
    cacheScope: 'private',
  });
});

test('who is told of other tools is told so at the start', () => {
  const { capabilities } = initializeResult(revision('2025-11-25'), {
    info,
    changes: { tools: true, prompts: true, resources: false },
    offered: { resources: true, prompts: true, tasks: true },
  });
  assert.deepEqual(Object(capabilities).tools, { listChanged: true });
  assert.deepEqual(Object(capabilities).prompts, { listChanged: true });
  assert.deepEqual(Object(capabilities).resources, { subscribe: true });
  assert.deepEqual(Object(capabilities).tasks, { list: {}, cancel: {}, requests: { tools: { call: {} } } });
});

test('MCP 5.2: content that a revision does not know is told in words', () => {
  const audio = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' };
  const link = { type: 'resource_link', uri: 'x://y', name: 'y' };
  const shown = (date: string): unknown => callResult({ content: [audio, link] }, revision(date))['content'];
  const inWords = { type: 'text', text: '[audio, audio/wav]' };
  const address = { type: 'text', text: 'x://y' };
  assert.deepEqual(shown('2024-11-05'), [inWords, address]);
  assert.deepEqual(shown('2025-03-26'), [audio, address]);
  for (const date of ['2025-06-18', '2025-11-25', '2026-07-28']) assert.deepEqual(shown(date), [audio, link], date);
});

test('R-31: titles of what is listed begin with 2025-06-18', () => {
  const item = { uri: 'x://y', name: 'y', title: 'Why' };
  assert.deepEqual(listedItem(item, revision('2025-03-26')), { uri: 'x://y', name: 'y' });
  assert.deepEqual(listedItem(item, revision('2025-06-18')), item);
});

test('a result that is not complete says so and has no hints', () => {
  const body = stampFor(info)({ resultType: 'input_required', inputRequests: {} }, revision('2026-07-28'), true);
  assert.equal(body['resultType'], 'input_required');
  assert.equal('ttlMs' in body, false);
});
