import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import type { Cancel } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { Tool } from '../../../../src/catalog/tool.ts';
import { at, catalogOf, McpClient, toolOf } from '../../../support/mcp.ts';
import { settled } from '../../../support/slow-sink.ts';

const TASKS = 'io.modelcontextprotocol/tasks';
const DECLARED = {
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, extensions: { [TASKS]: {} } },
};

const where = { method: 'roots/list', params: {} } as const;
const who = { method: 'elicitation/create', params: { message: 'Who?' } } as const;

/** A client and a tool that ends when the test says. */
class Scene {
  cancels: Cancel[] = [];
  finish: (text: string) => void = () => {};
  fail: (thrown: Fault) => void = () => {};
  readonly mcp: McpClient;

  constructor() {
    const said = (text: string): { content: [{ type: 'text'; text: string }] } => ({
      content: [{ type: 'text', text }],
    });
    const waiting: Tool['run'] = (_, { cancel }) =>
      new Promise((resolve, reject) => {
        this.cancels.push(cancel);
        this.finish = (text) => resolve(said(text));
        this.fail = reject;
      });
    const catalog = catalogOf(
      toolOf('slow', waiting, { task: 'optional' }),
      toolOf('must', waiting, { task: 'required' }),
      toolOf('plain', async () => said('plain')),
      toolOf('asks', async (_, { asking }) => said(JSON.stringify(await asking?.ask({ who }))), { task: 'optional' }),
      toolOf('asks_both', async (_, { asking }) => said(JSON.stringify(await asking?.ask({ who, where }))), {
        task: 'optional',
      }),
      toolOf(
        'asks_first',
        async (_, { asking, detach }) => {
          const heard = await asking?.ask({ who });
          detach?.();
          await settled();
          return said(JSON.stringify(heard));
        },
        { task: 'required', detachesItself: true },
      ),
    );
    this.mcp = new McpClient({ catalog: () => catalog });
  }

  modern(method: string, params: object): Promise<Record<string, unknown>> {
    return this.mcp.modern(method, params, DECLARED);
  }

  async get(taskId: unknown): Promise<unknown> {
    return at(await this.modern('tasks/get', { taskId }), 'result');
  }
}

describe('the extension', () => {
  test('R-96: without it declared there are no tasks, and what must be one is refused', async () => {
    const scene = new Scene();
    const plain = scene.mcp.modern('tools/call', { name: 'slow' });
    await settled();
    scene.finish('done');
    assert.equal(at(await plain, 'result', 'resultType'), 'complete');
    assert.equal(at(await plain, 'result', 'taskId'), undefined);
    const requiredCapabilities = { extensions: { [TASKS]: {} } };
    for (const [method, params] of [
      ['tools/call', { name: 'must' }],
      ['tasks/get', { taskId: 'job-1' }],
      ['tasks/cancel', { taskId: 'job-1' }],
      ['tasks/update', { taskId: 'job-1', inputResponses: {} }],
      ['subscriptions/listen', { notifications: { taskIds: ['job-1'] } }],
    ] as const) {
      const reply = await scene.mcp.modern(method, params);
      assert.equal(at(reply, 'error', 'code'), -32021, method);
      assert.deepEqual(at(reply, 'error', 'data'), { requiredCapabilities }, method);
    }
  });

  test('a call is answered with its task at once, and the task with what came of it', async () => {
    const scene = new Scene();
    const task = at(await scene.modern('tools/call', { name: 'slow' }), 'result');
    const { _meta: _, ...shown } = Object(task);
    assert.deepEqual(shown, {
      resultType: 'task',
      taskId: 'job-1',
      status: 'working',
      createdAt: '2023-11-14T22:13:20.000Z',
      lastUpdatedAt: '2023-11-14T22:13:20.000Z',
      ttlMs: 3_600_000,
      pollIntervalMs: 1000,
    });
    const working = await scene.get('job-1');
    assert.equal(at(working, 'resultType'), 'complete');
    assert.equal(at(working, 'status'), 'working');
    assert.equal(at(working, 'result'), undefined);
    scene.finish('done');
    await settled();
    const done = await scene.get('job-1');
    assert.equal(at(done, 'status'), 'completed');
    assert.equal(at(done, 'result', 'content', 0, 'text'), 'done');
    assert.equal(at(done, 'result', 'resultType'), 'complete');
  });

  test('R-98: a failure of the tool is a result, one of the program an error', async () => {
    const scene = new Scene();
    await scene.modern('tools/call', { name: 'slow' });
    scene.fail(new Fault('UPSTREAM', 'It broke.'));
    await settled();
    assert.equal(at(await scene.get('job-1'), 'status'), 'completed');
    assert.equal(at(await scene.get('job-1'), 'result', 'isError'), true);
    await scene.modern('tools/call', { name: 'slow' });
    scene.fail(new Fault('internal', 'A bug.'));
    await settled();
    assert.equal(at(await scene.get('job-2'), 'status'), 'failed');
    assert.equal(at(await scene.get('job-2'), 'error', 'code'), -32603);
    assert.equal(at(await scene.get('job-2'), 'result'), undefined);
  });

  test('a task that is cancelled stays so, and its call ends; cancelling again is nothing', async () => {
    const scene = new Scene();
    await scene.modern('tools/call', { name: 'slow' });
    for (let i = 0; i < 2; i++) {
      const { _meta: _, ...shown } = Object(at(await scene.modern('tasks/cancel', { taskId: 'job-1' }), 'result'));
      assert.deepEqual(shown, { resultType: 'complete' });
    }
    assert.equal(scene.cancels[0]?.reason?.kind, 'cancelled');
    scene.finish('too late');
    await settled();
    assert.equal(at(await scene.get('job-1'), 'status'), 'cancelled');
    assert.equal(at(await scene.get('job-1'), 'result'), undefined);
  });

  test('R-97: an unknown task is invalid params', async () => {
    const scene = new Scene();
    for (const taskId of ['nope', '', 5, undefined]) {
      assert.equal(at(await scene.modern('tasks/get', { taskId }), 'error', 'code'), -32602);
    }
  });

  test('a task asks its client by waiting for tasks/update', async () => {
    const scene = new Scene();
    await scene.modern('tools/call', { name: 'asks' });
    await settled();
    const waiting = await scene.get('job-1');
    assert.equal(at(waiting, 'status'), 'input_required');
    assert.deepEqual(at(waiting, 'inputRequests'), { who });
    await scene.modern('tasks/update', { taskId: 'job-1', inputResponses: { nobody: {} } });
    assert.equal(at(await scene.get('job-1'), 'status'), 'input_required');
    await scene.modern('tasks/update', { taskId: 'job-1', inputResponses: { who: { action: 'accept' } } });
    await settled();
    const done = await scene.get('job-1');
    assert.equal(at(done, 'result', 'content', 0, 'text'), '{"who":{"action":"accept"}}');
    assert.equal(at(done, 'inputRequests'), undefined);
    assert.deepEqual(scene.mcp.asked, []);
  });

  test('a tool may ask before it becomes a task', async () => {
    const scene = new Scene();
    const first = at(await scene.modern('tools/call', { name: 'asks_first' }), 'result');
    assert.equal(at(first, 'resultType'), 'input_required');
    assert.equal(at(first, 'taskId'), undefined);
    const task = at(
      await scene.modern('tools/call', {
        name: 'asks_first',
        inputResponses: { who: { name: 'Alice' } },
        requestState: at(first, 'requestState'),
      }),
      'result',
    );
    assert.equal(at(task, 'resultType'), 'task');
    assert.equal(at(task, 'requestState'), undefined);
    await settled();
    assert.match(String(at(await scene.get(at(task, 'taskId')), 'result', 'content', 0, 'text')), /Alice/);
  });

  test('a stream hears of the tasks it asked for, whole, and of no others', async () => {
    const scene = new Scene();
    await scene.modern('tools/call', { name: 'slow' });
    void scene.modern('subscriptions/listen', { notifications: { taskIds: ['job-1', 'nope'] } });
    assert.deepEqual(at(scene.mcp.said[0], 'params', 'notifications'), { taskIds: ['job-1'] });
    const { finish } = scene;
    await scene.modern('tools/call', { name: 'slow' });
    scene.finish('other');
    finish('mine');
    await settled();
    const told = scene.mcp.said.slice(1);
    assert.equal(told.length, 1);
    assert.equal(at(told[0], 'method'), 'notifications/tasks');
    assert.equal(at(told[0], 'params', 'taskId'), 'job-1');
    assert.equal(at(told[0], 'params', 'result', 'content', 0, 'text'), 'mine');
  });
});

describe('the first form', () => {
  const shaken = async (): Promise<Scene> => {
    const scene = new Scene();
    await scene.mcp.shake('2025-11-25', { elicitation: {} });
    return scene;
  };

  test('R-94: a call that asks for it is answered with a task, and its result is what the call would have been', async () => {
    const scene = await shaken();
    const created = await scene.mcp.ask('tools/call', { name: 'slow', task: { ttl: 60000 } });
    assert.equal(at(created, 'result', 'task', 'taskId'), 'job-1');
    assert.equal(at(created, 'result', 'task', 'status'), 'working');
    assert.equal(at(created, 'result', 'task', 'ttl'), 60_000);
    const result = scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    scene.finish('done');
    assert.deepEqual(await result, {
      result: {
        content: [{ type: 'text', text: 'done' }],
        _meta: { 'io.modelcontextprotocol/related-task': { taskId: 'job-1' } },
      },
    });
    assert.equal(at(await scene.mcp.ask('tasks/get', { taskId: 'job-1' }), 'result', 'status'), 'completed');
  });

  test('is kept for as long as was asked for, within bounds, and says for how long', async () => {
    const cases: [task: object, ttl: number][] = [
      [{}, 3_600_000],
      [{ ttl: 90_000 }, 90_000],
      [{ ttl: 5000 }, 60_000],
      [{ ttl: 1e12 }, 86_400_000],
      // What is no number asks for nothing.
      [{ ttl: null }, 3_600_000],
      [{ ttl: '90000' }, 3_600_000],
    ];
    for (const [task, ttl] of cases) {
      const scene = await shaken();
      const created = await scene.mcp.ask('tools/call', { name: 'slow', task });
      assert.equal(at(created, 'result', 'task', 'ttl'), ttl, JSON.stringify(task));
      scene.finish('done');
      await settled();
      const get = (): Promise<unknown> => scene.mcp.ask('tasks/get', { taskId: 'job-1' });
      scene.mcp.clock.advance(ttl - 1);
      assert.equal(at(await get(), 'result', 'ttl'), ttl);
      scene.mcp.clock.advance(1);
      assert.equal(at(await get(), 'error', 'code'), -32602);
    }
  });

  test('nobody asks for a time in the extension: the member means nothing there', async () => {
    const created = await new Scene().modern('tools/call', { name: 'slow', task: { ttl: 90_000 } });
    assert.equal(at(created, 'result', 'ttlMs'), 3_600_000);
  });

  test('without asking for it a call is answered as ever; what must be a task, or cannot be one, is refused', async () => {
    const scene = await shaken();
    const plain = scene.mcp.ask('tools/call', { name: 'slow' });
    await settled();
    scene.finish('done');
    assert.equal(at(await plain, 'result', 'content', 0, 'text'), 'done');
    assert.equal(at(await scene.mcp.ask('tools/call', { name: 'must' }), 'error', 'code'), -32601);
    assert.equal(at(await scene.mcp.ask('tools/call', { name: 'plain', task: {} }), 'error', 'code'), -32601);
  });

  test('R-93: where tasks are not declared the member means nothing', async () => {
    const catalog = catalogOf(toolOf('plain', async () => ({ content: [] })));
    const mcp = await new McpClient({ catalog: () => catalog }).shake('2025-11-25');
    assert.deepEqual(at(await mcp.ask('tools/call', { name: 'plain', task: {} }), 'result', 'content'), []);
    const older = new Scene();
    await older.mcp.shake('2025-06-18');
    const reply = older.mcp.ask('tools/call', { name: 'slow', task: {} });
    await settled();
    older.finish('done');
    assert.equal(at(await reply, 'result', 'content', 0, 'text'), 'done');
  });

  test('R-95: cancelling a task that is over is refused; one that is cancelled stays so', async () => {
    const scene = await shaken();
    await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    const result = scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    assert.equal(at(await scene.mcp.ask('tasks/cancel', { taskId: 'job-1' }), 'result', 'status'), 'cancelled');
    scene.finish('late');
    await settled();
    assert.equal(at(await scene.mcp.ask('tasks/get', { taskId: 'job-1' }), 'result', 'status'), 'cancelled');
    assert.equal(at(await scene.mcp.ask('tasks/cancel', { taskId: 'job-1' }), 'error', 'code'), -32602);
    assert.ok(at(await result, 'error', 'code'));
  });

  test('a result that is an error has failed', async () => {
    const scene = await shaken();
    await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    scene.fail(new Fault('UPSTREAM', 'It broke.'));
    await settled();
    const task = at(await scene.mcp.ask('tasks/get', { taskId: 'job-1' }), 'result');
    assert.equal(at(task, 'status'), 'failed');
    assert.equal(at(task, 'statusMessage'), 'It broke. Call again later, or choose another model.');
    assert.equal(at(await scene.mcp.ask('tasks/result', { taskId: 'job-1' }), 'result', 'isError'), true);
  });

  test('one that ends with an error of the protocol says why, without what is secret', async () => {
    const scene = await shaken();
    const told: unknown[] = [];
    scene.mcp.handlers.announcements((_, params) => void told.push(params));
    await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    scene.fail(new Fault('invalid-params', `Not with s3cret. ${'x'.repeat(1000)}`));
    await settled();
    const message = String(at(await scene.mcp.ask('tasks/get', { taskId: 'job-1' }), 'result', 'statusMessage'));
    assert.equal(message, `Not with [redacted]. ${'x'.repeat(479)}`);
    assert.equal(at(told.at(-1), 'statusMessage'), message);
  });

  test('one that goes well, or is called off, needs no words', async () => {
    const scene = await shaken();
    await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    scene.finish('done');
    await settled();
    await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    await scene.mcp.ask('tasks/cancel', { taskId: 'job-2' });
    for (const taskId of ['job-1', 'job-2']) {
      assert.equal(at(await scene.mcp.ask('tasks/get', { taskId }), 'result', 'statusMessage'), undefined);
    }
  });

  test('what a task asks goes out on the stream of tasks/result', async () => {
    const scene = await shaken();
    scene.mcp.answers.push({ action: 'accept' });
    await scene.mcp.ask('tools/call', { name: 'asks', task: {} });
    await settled();
    assert.equal(at(await scene.mcp.ask('tasks/get', { taskId: 'job-1' }), 'result', 'status'), 'input_required');
    assert.deepEqual(scene.mcp.asked, []);
    const reply = await scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    assert.equal(at(reply, 'result', 'content', 0, 'text'), '{"who":{"action":"accept"}}');
    assert.deepEqual(at(scene.mcp.asked, 0, 'params', '_meta'), {
      'io.modelcontextprotocol/related-task': { taskId: 'job-1' },
    });
  });

  const stateOf = async (scene: Scene): Promise<unknown> =>
    at(await scene.mcp.ask('tasks/get', { taskId: 'job-1' }), 'result', 'status');

  test('a client that never answers keeps a task until its call has run out of time, and no longer', async () => {
    const scene = await shaken();
    scene.mcp.answers.push(new Promise(() => {}));
    await scene.mcp.ask('tools/call', { name: 'asks', task: {} });
    const result = scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    scene.mcp.clock.advance(599_999);
    await settled();
    assert.equal(await stateOf(scene), 'input_required');
    scene.mcp.clock.advance(1);
    assert.equal(at(await result, 'result', '_meta', 'anymodel/error', 'code'), 'TIMEOUT');
    assert.equal(await stateOf(scene), 'failed');
    assert.equal(scene.mcp.asked.length, 1);
  });

  test('one that refuses fails what asked it, and a stream that goes only leaves the question', async () => {
    const scene = await shaken();
    scene.mcp.answers.push(new Fault('cancelled', 'The request is over.'), new Fault('INVALID_INPUT', 'Not today.'));
    await scene.mcp.ask('tools/call', { name: 'asks', task: {} });
    const cancel = new CancelSource();
    const gone = scene.mcp.ask('tasks/result', { taskId: 'job-1' }, { cancel });
    await settled();
    assert.equal(await stateOf(scene), 'input_required');
    cancel.cancel(new Fault('cancelled', 'Off.'));
    await gone;
    const reply = await scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    assert.equal(at(reply, 'result', 'content', 0, 'text'), 'Not today. Correct the arguments and call again.');
    assert.equal(scene.mcp.asked.length, 2);
  });

  test('a task that is called off ends the waiting for its client', async () => {
    const scene = await shaken();
    scene.mcp.answers.push(new Promise(() => {}));
    await scene.mcp.ask('tools/call', { name: 'asks', task: {} });
    const result = scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    await settled();
    await scene.mcp.ask('tasks/cancel', { taskId: 'job-1' });
    assert.ok(at(await result, 'error', 'code'));
  });

  test('the folders are no task to ask for: they are the same for all calls, and asked for at once', async () => {
    const scene = new Scene();
    await scene.mcp.shake('2025-11-25', { elicitation: {}, roots: {} });
    scene.mcp.answers.push({ roots: [] }, { action: 'accept' });
    await scene.mcp.ask('tools/call', { name: 'asks_both', task: {} });
    await settled();
    assert.deepEqual(scene.mcp.asked, [where]);
    const reply = await scene.mcp.ask('tasks/result', { taskId: 'job-1' });
    assert.equal(at(reply, 'result', 'content', 0, 'text'), '{"who":{"action":"accept"},"where":{"roots":[]}}');
  });

  test('of several questions one that fails the call leaves none of the others behind', async () => {
    const scene = new Scene();
    await scene.mcp.shake('2025-11-25', { elicitation: {}, roots: {} });
    const refused = new Fault('INVALID_INPUT', 'Not today.');
    scene.mcp.answers.push(refused);
    await scene.mcp.ask('tools/call', { name: 'asks_both', task: {} });
    await settled();
    assert.equal(await stateOf(scene), 'failed');
    assert.equal(scene.mcp.jobs.find('job-1', 'process')?.state, 'completed');
  });

  test('the list is the owner own, the newest first, by pages', async () => {
    const scene = await shaken();
    for (let i = 0; i < 60; i++) await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    const first = await scene.mcp.ask('tasks/list');
    assert.equal(at(first, 'result', 'tasks', 0, 'taskId'), 'job-60');
    assert.equal(at(first, 'result', 'tasks', 50), undefined);
    const cursor = at(first, 'result', 'nextCursor');
    const second = await scene.mcp.ask('tasks/list', { cursor });
    assert.equal(at(second, 'result', 'tasks', 0, 'taskId'), 'job-10');
    assert.equal(at(second, 'result', 'nextCursor'), undefined);
    assert.equal(at(await scene.mcp.ask('tasks/list', { cursor: 'x' }), 'error', 'code'), -32602);
  });

  test('a peer with a handshake is told of its tasks', async () => {
    const scene = await shaken();
    const told: unknown[] = [];
    scene.mcp.handlers.announcements((method, params) => told.push([method, at(params, 'status')]));
    await scene.mcp.ask('tools/call', { name: 'slow', task: {} });
    scene.finish('done');
    await settled();
    assert.deepEqual(told, [['notifications/tasks/status', 'completed']]);
  });
});
