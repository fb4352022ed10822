import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { ProgressToken } from '../../../../src/protocol/envelope.ts';
import { openProgress } from '../../../../src/server/call/progress.ts';
import type { CallProgress, ProgressMode } from '../../../../src/server/call/progress.ts';
import { at, catalogOf, heldTool, McpClient, toolOf } from '../../../support/mcp.ts';

interface Opening {
  readonly token?: ProgressToken;
  readonly mode?: ProgressMode;
  readonly withMessage?: boolean;
  readonly cancel?: CancelSource;
}

function open(mcp: McpClient, { token = 7, mode = 'delta', withMessage = true, cancel }: Opening = {}): CallProgress {
  const rpc = mcp.context(cancel === undefined ? {} : { cancel });
  return openProgress({ token, mode, withMessage, rpc, clock: mcp.clock });
}

/** What was said, as `params` without the token. */
function heard(mcp: McpClient): unknown[] {
  return mcp.said.map((message) => {
    assert.equal(message['method'], 'notifications/progress');
    const { progressToken: _, ...rest } = at(message, 'params') as Record<string, unknown>;
    return rest;
  });
}

const phase = (name: string, attempt?: number): object =>
  attempt === undefined
    ? { _meta: { 'anymodel/phase': name } }
    : { _meta: { 'anymodel/phase': name, 'anymodel/attempt': attempt } };

test('delta: messages joined are the answer, and progress is the characters received', () => {
  const mcp = new McpClient();
  const { progress } = open(mcp);
  void progress.text('Hel');
  void progress.text('');
  void progress.text('lo "you"\n');
  assert.deepEqual(heard(mcp), [
    { progress: 3, message: 'Hel' },
    { progress: 12, message: 'lo "you"\n' },
  ]);
});

test('delta: characters that were counted before they are told are not counted again, and numbers still rise', () => {
  const mcp = new McpClient();
  const { progress } = open(mcp);
  progress.count(5);
  void progress.text('## a\n\n', 0);
  void progress.text('Hello', 5);
  void progress.text('.', 1);
  void progress.text('!');
  assert.deepEqual(heard(mcp), [
    { progress: 11, message: '## a\n\n' },
    { progress: 12, message: 'Hello' },
    { progress: 13, message: '.' },
    { progress: 14, message: '!' },
  ]);
});

test('status: characters that were counted before they are told are counted once', () => {
  const mcp = new McpClient();
  const { progress, phase: enter } = open(mcp, { mode: 'status' });
  progress.count(5);
  void progress.text('Hello', 5);
  void progress.text('.');
  enter('streaming', 1);
  assert.deepEqual(heard(mcp), [
    { progress: 6, message: 'Receiving the answer: 6 characters so far.', ...phase('streaming') },
  ]);
});

test('delta: phases carry no message, only the phase; restart has its attempt', () => {
  const mcp = new McpClient();
  const call = open(mcp);
  call.phase('queued', 1);
  call.phase('connecting', 1);
  call.phase('connecting', 1);
  call.phase('streaming', 1);
  void call.progress.text('ab');
  call.phase('restart', 2);
  call.phase('connecting', 2);
  void call.progress.text('cd');
  assert.deepEqual(heard(mcp), [
    { progress: 1, ...phase('queued') },
    { progress: 2, ...phase('connecting') },
    { progress: 3, ...phase('streaming') },
    { progress: 5, message: 'ab' },
    { progress: 6, ...phase('restart', 2) },
    { progress: 7, ...phase('connecting', 2) },
    { progress: 9, message: 'cd' },
  ]);
});

test('notices may merge only with their neighbours of the same kind', () => {
  const mcp = new McpClient();
  const call = open(mcp);
  call.phase('streaming', 1);
  void call.progress.text('a');
  void call.progress.text('b');
  call.phase('restart', 2);
  void call.progress.text('c');
  mcp.clock.advance(10_000);
  const [streaming, a, b, restart, c, beat, beat2] = mcp.notices.map((notice) => notice.owner);
  assert.equal(a, b);
  assert.equal(beat, beat2);
  assert.equal(new Set([streaming, a, restart, c, beat]).size, 5);
  assert.equal(mcp.notices.length, 7);
});

test('merged notices are encoded with the joined text and the last number', () => {
  const mcp = new McpClient();
  void open(mcp, { token: 'tok' }).progress.text('a');
  const line = mcp.notices[0]?.encode('a"b', 3);
  assert.equal(
    line,
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"tok","progress":3,"message":"a\\"b"}}',
  );
});

test('R-59: tokens 0 and "" work and keep their type; without a token nothing is said', async () => {
  for (const token of [0, '', '1', 1]) {
    const mcp = new McpClient();
    void open(mcp, { token }).progress.text('x');
    assert.equal(at(mcp.said, 0, 'params', 'progressToken'), token);
  }
  for (const meta of [{}, { progressToken: null }, { progressToken: {} }]) {
    const { tool, context, finish } = heldTool();
    const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake('2025-11-25');
    const reply = mcp.ask('tools/call', { name: 'hold', _meta: meta });
    const ctx = await context;
    ctx.phase('waiting', 1);
    void ctx.progress.text('x');
    mcp.clock.advance(20_000);
    finish('done');
    await reply;
    assert.deepEqual(mcp.said, []);
  }
});

test('off: as if there were no token', () => {
  const mcp = new McpClient();
  const call = open(mcp, { mode: 'off' });
  call.phase('waiting', 1);
  void call.progress.text('x');
  call.progress.count(5);
  mcp.clock.advance(60_000);
  assert.deepEqual(mcp.said, []);
  assert.equal(mcp.clock.pending, 0);
});

test('R-62: in every phase something is said at least every five seconds', () => {
  const mcp = new McpClient();
  const call = open(mcp);
  mcp.clock.advance(4999);
  assert.deepEqual(heard(mcp), []);
  mcp.clock.advance(1);
  assert.deepEqual(heard(mcp), [{ progress: 1, ...phase('queued') }]);
  call.phase('waiting', 1);
  mcp.clock.advance(12_000);
  assert.deepEqual(heard(mcp).slice(1), [
    { progress: 2, ...phase('waiting') },
    { progress: 3, ...phase('waiting') },
    { progress: 4, ...phase('waiting') },
  ]);
});

test('R-62: heartbeats come five seconds after the last word, not on a fixed beat', () => {
  const mcp = new McpClient();
  const call = open(mcp);
  mcp.clock.advance(3000);
  void call.progress.text('a');
  mcp.clock.advance(4999);
  assert.equal(mcp.said.length, 1);
  mcp.clock.advance(1);
  assert.equal(mcp.said.length, 2);
  assert.equal(mcp.clock.pending, 1);
});

test('one timer serves a whole stream', () => {
  const mcp = new McpClient();
  const { progress } = open(mcp);
  for (let i = 0; i < 1000; i++) void progress.text('x');
  assert.equal(mcp.clock.pending, 1);
});

test('R-60: progress strictly increases, whatever is said', () => {
  const mcp = new McpClient();
  const call = open(mcp);
  call.phase('waiting', 1);
  call.progress.count(100);
  mcp.clock.advance(5000);
  void call.progress.text('ab');
  call.progress.count(0);
  mcp.clock.advance(1000);
  call.progress.count(0);
  call.phase('restart', 2);
  const numbers = mcp.said.map((message) => Number(at(message, 'params', 'progress')));
  assert.deepEqual(numbers, [1, 101, 103, 104, 105]);
});

test('delta: reasoning is counted, at most once a second, and never shown', () => {
  const mcp = new McpClient();
  const call = open(mcp);
  call.phase('streaming', 1);
  call.progress.count(10);
  call.progress.count(10);
  mcp.clock.advance(1000);
  call.progress.count(10);
  call.progress.count(10);
  assert.deepEqual(heard(mcp), [
    { progress: 1, ...phase('streaming') },
    { progress: 31, ...phase('streaming') },
  ]);
});

test('R-60: nothing is said after the response, and no timer is left', async () => {
  const { tool, context, finish } = heldTool();
  const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake('2025-11-25');
  const reply = mcp.ask('tools/call', { name: 'hold', _meta: { progressToken: 0 } });
  const ctx = await context;
  void ctx.progress.text('a');
  finish('a');
  await reply;
  const before = mcp.said.length;
  void ctx.progress.text('b');
  ctx.phase('waiting', 2);
  ctx.progress.count(5);
  mcp.clock.advance(60_000);
  assert.equal(mcp.said.length, before);
  assert.equal(mcp.clock.pending, 0);
});

test('R-60: a call that fails ends its progress too', async () => {
  const fail = toolOf('fail', async () => {
    throw new Fault('UPSTREAM', 'x');
  });
  const mcp = await new McpClient({ catalog: () => catalogOf(fail) }).shake('2025-11-25');
  await mcp.ask('tools/call', { name: 'fail', _meta: { progressToken: 1 } });
  assert.equal(mcp.clock.pending, 0);
});

test('R-63: a cancelled call beats no more', () => {
  const mcp = new McpClient();
  const cancel = new CancelSource();
  open(mcp, { cancel });
  cancel.cancel(new Fault('cancelled', 'x'));
  mcp.clock.advance(60_000);
  assert.deepEqual(mcp.said, []);
  assert.equal(mcp.clock.pending, 0);
});

test('R-61: 2024-11-05 gets no message, in no mode', async () => {
  for (const mode of ['delta', 'status'] as const) {
    const mcp = new McpClient();
    const call = open(mcp, { mode, withMessage: false });
    call.phase('streaming', 1);
    void call.progress.text('abc');
    mcp.clock.advance(1000);
    void call.progress.text('de');
    assert.deepEqual(
      heard(mcp),
      [
        { progress: 1, ...phase('streaming') },
        { progress: 6, ...phase('streaming') },
      ],
      mode,
    );
  }
  const { tool, context, finish } = heldTool();
  const mcp = await new McpClient({ catalog: () => catalogOf(tool) }).shake('2024-11-05');
  const reply = mcp.ask('tools/call', { name: 'hold', _meta: { progressToken: 1 } });
  const ctx = await context;
  ctx.phase('waiting', 1);
  finish('');
  await reply;
  assert.deepEqual(heard(mcp), [{ progress: 1, ...phase('waiting') }]);
});

test('status: a sentence each time, and the answer only as a count', () => {
  const mcp = new McpClient();
  const call = open(mcp, { mode: 'status' });
  call.phase('waiting', 1);
  mcp.clock.advance(5000);
  call.phase('streaming', 1);
  void call.progress.text('abcde');
  mcp.clock.advance(1000);
  void call.progress.text('fg');
  call.phase('restart', 2);
  assert.deepEqual(heard(mcp), [
    { progress: 1, message: 'Waiting for the first token.', ...phase('waiting') },
    { progress: 2, message: 'Waiting for the first token (5 s).', ...phase('waiting') },
    { progress: 3, message: 'Receiving the answer.', ...phase('streaming') },
    { progress: 10, message: 'Receiving the answer: 7 characters so far (1 s).', ...phase('streaming') },
    { progress: 11, message: 'Starting again, attempt 2: what had come is dropped.', ...phase('restart', 2) },
  ]);
});

test('text waits for a client that does not read; heartbeats do not', async () => {
  const mcp = new McpClient();
  const call = open(mcp);
  let settle: () => void = () => {};
  mcp.room = new Promise((resolve) => (settle = resolve));
  const waited = call.progress.text('x');
  assert.ok(waited instanceof Promise);
  mcp.clock.advance(5000);
  settle();
  await waited;
  mcp.room = Promise.reject(new Error('gone'));
  call.phase('waiting', 1);
  await Promise.resolve();
  assert.equal(mcp.said.length, 3);
});

test('a progress can be copied, as contexts are', () => {
  const mcp = new McpClient();
  const copy = { ...open(mcp).progress };
  void copy.text('a');
  copy.count(1);
  assert.equal(mcp.said.length, 1);
});

test('a tool that counts its steps: heartbeats between them are fractions, so the numbers always rise', () => {
  const mcp = new McpClient();
  const { progress } = open(mcp);
  progress.step(0, 3);
  mcp.clock.advance(10_000);
  progress.step(1, 3, 'one');
  progress.step(1, 3, 'again');
  mcp.clock.advance(5000);
  progress.step(3, 3);
  assert.deepEqual(heard(mcp), [
    { progress: 0, total: 3 },
    { progress: 0.5, ...phase('queued') },
    { progress: 2 / 3, ...phase('queued') },
    { progress: 1, total: 3, message: 'one' },
    { progress: 1.5, ...phase('queued') },
    { progress: 3, total: 3 },
  ]);
});

test('a step that would not rise above what was said before it is not said', () => {
  const mcp = new McpClient();
  const { progress } = open(mcp);
  mcp.clock.advance(5000);
  progress.step(0, 3);
  progress.step(1, 3);
  progress.step(2, 3);
  assert.deepEqual(heard(mcp), [
    { progress: 1, ...phase('queued') },
    { progress: 2, total: 3 },
  ]);
});
