// Lists of what a caller has here, through the real tools: bounded in number, and by what its client shows.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCatalog } from '../../../src/catalog/catalog.ts';
import { CancelSource } from '../../../src/core/context.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { Histories } from '../../../src/jobs/histories.ts';
import { at, McpClient } from '../../support/mcp.ts';
import { scripted } from '../../support/models.ts';
import { nothingOffered } from '../../support/sources-of.ts';

interface Scene {
  readonly mcp: McpClient;
  /** Leaves so many jobs, a second after each other; those named stay under way. */
  jobs(count: number, running?: readonly number[]): void;
  /** Leaves so many, in each of which so much was said. */
  conversations(count: number, said?: readonly string[]): Promise<void>;
  call(name: string, args: object): Promise<unknown>;
}

async function sceneOf(name: string, { maxOutputChars = 10_000_000, revision = '2025-11-25' } = {}): Promise<Scene> {
  const histories: { made?: Histories<JsonObject> } = {};
  const mcp = new McpClient({
    catalog: () => {
      histories.made ??= new Histories<JsonObject>(mcp.clock);
      return createCatalog({
        ...nothingOffered(),
        models: scripted({}).models,
        providers: [],
        maxOutputChars,
        generateTemperature: 0.2,
        tools: ['job'],
        virtualTools: [],
        conversations: histories.made,
      });
    },
  });
  await mcp.shake(revision, {}, name);
  const call = async (tool: string, args: object): Promise<unknown> =>
    at(await mcp.ask('tools/call', { name: tool, arguments: args }), 'result');
  await call('job', { action: 'list' });
  return {
    mcp,
    jobs(count, running = []) {
      for (let i = 1; i <= count; i++) {
        const job = mcp.jobs.open({ owner: 'process', about: 'chat', isTask: false, cancel: new CancelSource() });
        if (!running.includes(i)) job.finish({});
        mcp.clock.advance(1000);
      }
    },
    async conversations(count, said = ['hi']) {
      for (let i = 1; i <= count; i++) {
        const ctx = { cancel: new CancelSource(), deadline: Infinity };
        const turn = await histories.made?.enter('process', `s-${i}`, ctx);
        turn?.keep(said.map((content) => ({ role: 'user', content })));
        turn?.end();
      }
    },
    call,
  };
}

const textOf = (result: unknown, block = 0): string => String(at(result, 'content', block, 'text'));

function idsOf(list: unknown, member: string): string[] {
  assert.ok(Array.isArray(list));
  return list.map((one: unknown) => String(at(one, member)));
}

const jobIds = (result: unknown): string[] => idsOf(at(result, '_meta', 'anymodel/jobs'), 'id');
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => (to > from ? from + i : from - i));

describe('the list of jobs', () => {
  test('has fifty: those under way first, then the newest, and says how to see more', async () => {
    const scene = await sceneOf('test');
    scene.jobs(122, [3, 7]);
    const first = await scene.call('job', { action: 'list' });
    assert.deepEqual(
      jobIds(first),
      [7, 3, ...range(122, 75)].map((n) => `job-${n}`),
    );
    assert.equal(textOf(first).split('\n').length, 50);
    assert.match(textOf(first), /^job-7 working chat 0 characters, since /);
    assert.equal(
      textOf(first, 1),
      '[1 to 50 of 122 jobs are above, those under way first, then the newest. More with the job tool: {"action":"list","offset":50}.]',
    );
    assert.deepEqual(at(first, '_meta', 'anymodel/job_list'), { offset: 0, next_offset: 50, total: 122 });
    const last = await scene.call('job', { action: 'list', offset: 100 });
    assert.deepEqual(
      jobIds(last),
      [...range(24, 8), 6, 5, 4, 2, 1].map((n) => `job-${n}`),
    );
    assert.equal(textOf(last, 1), '[101 to 122 of 122 jobs are above, those under way first, then the newest.]');
    assert.deepEqual(at(last, '_meta', 'anymodel/job_list'), { offset: 100, total: 122 });
    const behind = await scene.call('job', { action: 'list', offset: 500 });
    assert.deepEqual(jobIds(behind), []);
    assert.equal(textOf(behind), '[The list ends before that. Jobs in all: 122.]');
  });

  test('says nothing of more where all are there', async () => {
    const scene = await sceneOf('test');
    scene.jobs(50);
    const all = await scene.call('job', { action: 'list' });
    assert.equal(jobIds(all).length, 50);
    assert.equal(at(all, 'content', 1), undefined);
    assert.equal(at(all, '_meta', 'anymodel/job_list'), undefined);
  });

  for (const [name, most] of [
    ['codex-mcp-client', 11_000],
    ['@cline/core', 6000],
  ] as const) {
    test(`is as long as ${name} shows, data and all, and nothing is left out of its parts`, async () => {
      const scene = await sceneOf(name);
      scene.jobs(100);
      const seen: string[] = [];
      for (let offset: unknown = 0; offset !== undefined && seen.length < 200;) {
        const part = await scene.call('job', { action: 'list', offset });
        assert.ok(JSON.stringify(part).length <= most + 500, `${JSON.stringify(part).length}`);
        seen.push(...jobIds(part));
        offset = at(part, '_meta', 'anymodel/job_list', 'next_offset');
      }
      assert.deepEqual(
        seen,
        range(100, 1).map((n) => `job-${n}`),
      );
    });
  }

  test('has one at least, whatever the room', async () => {
    const scene = await sceneOf('test', { maxOutputChars: 10 });
    scene.jobs(3);
    const part = await scene.call('job', { action: 'list', offset: 1 });
    assert.deepEqual(jobIds(part), ['job-2']);
    assert.match(textOf(part, 1), /^\[2 to 2 of 3 jobs are above, .* \{"action":"list","offset":2\}\.\]$/);
  });
});

describe('the list of conversations', () => {
  test('has fifty, the latest used first, and says where more begin', async () => {
    const scene = await sceneOf('test');
    await scene.conversations(60);
    const first = at(await scene.call('conversations', {}), 'structuredContent');
    assert.deepEqual(
      idsOf(at(first, 'conversations'), 'session'),
      range(60, 11).map((n) => `s-${n}`),
    );
    assert.deepEqual([at(first, 'total'), at(first, 'next_offset')], [60, 50]);
    const last = at(await scene.call('conversations', { offset: 50 }), 'structuredContent');
    assert.deepEqual(
      idsOf(at(last, 'conversations'), 'session'),
      range(10, 1).map((n) => `s-${n}`),
    );
    assert.deepEqual([at(last, 'total'), at(last, 'next_offset')], [60, undefined]);
  });

  test('is as long as its client shows, as text and as structured content', async () => {
    for (const revision of ['2025-03-26', '2025-11-25']) {
      const scene = await sceneOf('@cline/core', { revision });
      await scene.conversations(100);
      const part = await scene.call('conversations', {});
      assert.ok(JSON.stringify(part).length <= 8000, `${JSON.stringify(part).length}`);
      const found: unknown = JSON.parse(textOf(part));
      assert.ok(idsOf(at(found, 'conversations'), 'session').length > 20);
      assert.equal(typeof at(found, 'next_offset'), 'number');
    }
  });

  test('what was said in one is given in parts that its client shows, by their bytes', async () => {
    const scene = await sceneOf('codex-mcp-client');
    const said = Array.from({ length: 30 }, (_, i) => `${i} ${'長い話'.repeat(200)}`);
    await scene.conversations(1, said);
    const heard: unknown[] = [];
    let offset: unknown = 0;
    for (let parts = 0; offset !== undefined; parts++) {
      assert.ok(parts < 30, 'it goes on for ever');
      const part = await scene.call('conversations', { action: 'get', session: 's-1', offset });
      assert.ok(Buffer.byteLength(JSON.stringify(part)) <= 12_000, `${Buffer.byteLength(JSON.stringify(part))}`);
      const found: unknown = JSON.parse(textOf(part));
      heard.push(...idsOf(at(found, 'messages'), 'content'));
      offset = at(found, 'next_offset');
    }
    assert.deepEqual(heard, said);
  });

  test('says nothing of more where all are there', async () => {
    const scene = await sceneOf('test');
    await scene.conversations(2);
    const all = at(await scene.call('conversations', {}), 'structuredContent');
    assert.deepEqual(Object.keys(all ?? {}), ['conversations']);
  });
});
