// Keys from a program, with real processes: what it prints is taken, and whatever it does wrong is a sentence, ends in
// time, and tells nothing of what it printed. Time is the test's own.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { Log } from '../../../src/core/log.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import { commandKeys } from '../../../src/providers/command.ts';
import type { CommandKeys, KeyCommandOptions } from '../../../src/providers/command.ts';
import { FakeClock } from '../../support/clock.ts';

interface Made {
  readonly source: CommandKeys;
  readonly clock: FakeClock;
  readonly secrets: Secrets;
  readonly warnings: readonly string[];
}

function made(t: TestContext, command: readonly string[], more: Partial<KeyCommandOptions> = {}): Made {
  const clock = new FakeClock();
  const secrets = new Secrets();
  const warnings: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (message, fields) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
  };
  const source = commandKeys({
    provider: 'corp',
    command,
    ttlMs: 300_000,
    timeoutMs: 10_000,
    clock,
    log,
    secrets,
    ...more,
  });
  t.after(() => source.stop());
  return { source, clock, secrets, warnings };
}

/** A program of ours, in the words of Node. */
const script = (code: string): readonly string[] => [process.execPath, '-e', code];

const DEADLINE_MS = 20_000;

/** Waits for what a process of its own brings about. */
async function until(isSo: () => boolean): Promise<void> {
  const late = Date.now() + DEADLINE_MS;
  while (!isSo()) {
    assert.ok(Date.now() < late, 'it did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function problemOf({ source }: Made): Promise<string> {
  const thrown: unknown = await source.prepare().then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof Fault);
  assert.equal(thrown.kind, 'CONFIG');
  assert.match(thrown.data.next ?? '', /by hand/);
  assert.deepEqual(source.keys(), []);
  return thrown.message;
}

test('there is no key before the first answer, and the printed one after it, registered as a secret', async (t) => {
  const { source, secrets } = made(t, script('console.log("vault-key-1, vault-key-2")'));
  assert.deepEqual(source.keys(), []);
  await source.prepare();
  assert.deepEqual(source.keys(), ['vault-key-1', 'vault-key-2']);
  assert.equal(secrets.scrub('it is vault-key-2.'), 'it is [redacted].');
});

test('arguments reach the program as they are: there is no shell', async (t) => {
  const { source } = made(t, [...script('console.log(process.argv[1])'), '$HOME;`id`']);
  await source.prepare();
  assert.deepEqual(source.keys(), ['$HOME;`id`']);
});

const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'a program that is not there',
    ['/nowhere/no-such-program', 'x'],
    /no-such-program, which .* of corp, was not found\.$/,
  ],
  ['a word that no program can be given', ['pro\0gram'], /could not be started/],
  [
    'an exit code',
    script('console.log("canary-key-1"); console.error("canary-err-1"); process.exit(3)'),
    /exit code 3/,
  ],
  ['a signal', script('process.kill(process.pid, "SIGKILL")'), /was killed/],
  ['no output', script(''), /printed no key/],
  ['commas alone', script('console.log(" , ,")'), /printed no key/],
  ['several lines', script('console.log("canary-key-1\\ncanary-key-2")'), /more than one line/],
  [
    'a line break that only returns',
    script('process.stdout.write("canary-key-1\\rcanary-key-2")'),
    /more than one line/,
  ],
  ['a sentence', script('console.log("Error: canary-key-1 expired")'), /a blank or a letter/],
  ['a letter beyond ASCII', script('console.log("clé-canary-1")'), /a blank or a letter/],
  ['endless output', script('for(;;) require("fs").writeSync(1, "canary-key".repeat(1000))'), /more than 64 KB/],
];

for (const [what, command, problem] of WRONG) {
  test(`${what} is a sentence that repeats nothing`, async (t) => {
    const at = made(t, command);
    const message = await problemOf(at);
    assert.match(message, problem);
    assert.doesNotMatch(message + at.warnings.join(''), /canary/);
  });
}

test('a program that hangs is killed when its time is up', async (t) => {
  const at = made(t, script('setInterval(() => {}, 1000)'), { timeoutMs: 2000 });
  const message = problemOf(at);
  at.clock.advance(2000);
  assert.match(await message, /did not end within 2 s/);
});

test('what a program leaves running keeps nothing waiting', async (t) => {
  const child =
    'require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 5000)"], { stdio: "inherit" }).unref()';
  const at = made(t, script(`${child}; console.log("vault-key-1")`));
  const ready = at.source.prepare();
  // The end of the program sets the timer that does not wait for the pipe.
  await until(() => at.clock.pending === 2);
  at.clock.advance(200);
  await ready;
  assert.deepEqual(at.source.keys(), ['vault-key-1']);
});

/** A program that prints another key each time. */
const counting = (first: string): readonly string[] =>
  script(`console.log(${JSON.stringify(first)} + (process.hrtime.bigint() % 1000000007n))`);

test('the key is fetched anew before its time is up, and the old one stands meanwhile', async (t) => {
  const { source, clock } = made(t, counting('vault-key-'));
  await source.prepare();
  const [first] = source.keys();
  clock.advance(239_999);
  assert.deepEqual(source.keys(), [first]);
  clock.advance(1);
  assert.deepEqual(source.keys(), [first]);
  await until(() => source.keys()[0] !== first);
  await until(() => clock.pending === 1);
  assert.equal(clock.nextAt, 480_000);
});

test('a refusal fetches it anew, but not one after the other', async (t) => {
  const { source, clock } = made(t, counting('vault-key-'));
  await source.prepare();
  const [first] = source.keys();
  assert.deepEqual(source.keys(true), [first]);
  assert.equal(clock.pending, 1);
  assert.equal(clock.nextAt, 240_000);
  assert.equal(source.underWay(), undefined);
  clock.advance(10_000);
  assert.deepEqual(source.keys(true), [first]);
  await source.underWay();
  assert.notDeepEqual(source.keys(), [first]);
  assert.equal(source.underWay(), undefined);
});

test('a refusal while it runs, or soon after its end, has it run no second time', async (t) => {
  const { source, clock } = made(t, counting('vault-key-'));
  await source.prepare();
  clock.advance(10_000);
  const [first] = source.keys(true);
  const run = source.underWay();
  // As long as a slow one takes.
  clock.advance(9_000);
  source.keys(true);
  assert.deepEqual([source.underWay() === undefined, source.keys()], [false, [first]]);
  await run;
  const [second] = source.keys();
  assert.notEqual(second, first);
  clock.advance(9_999);
  source.keys(true);
  assert.equal(source.underWay(), undefined);
  clock.advance(1);
  source.keys(true);
  assert.notEqual(source.underWay(), undefined);
});

test('one that was killed and tells of its end late leaves the next one to be ended', async (t) => {
  const path = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(path, { recursive: true }));
  const at = join(path, 'pid');
  const code = 'require("fs").writeFileSync(process.argv[1], `${process.pid}`); setInterval(() => {}, 1000)';
  const { source, clock } = made(t, [...script(code), at], { timeoutMs: 1000 });
  const begun = async (): Promise<number> => {
    await until(() => existsSync(at) && readFileSync(at, 'utf8') !== '');
    const pid = Number(readFileSync(at, 'utf8'));
    rmSync(at);
    return pid;
  };
  const failed = assert.rejects(source.prepare(), /did not end within 1 s/);
  const first = await begun();
  clock.advance(1000);
  await failed;
  const stopped = assert.rejects(source.prepare(), /was stopped/);
  const second = await begun();
  await until(() => !isAlive(first));
  source.stop();
  await stopped;
  await until(() => !isAlive(second));
});

test('nothing is run once it was stopped', async (t) => {
  const { source, clock } = made(t, counting('vault-key-'));
  await source.prepare();
  source.stop();
  clock.advance(10_000);
  source.keys(true);
  assert.equal(source.underWay(), undefined);
});

test('after a failure the last keys stand, it is told once, and tried again', async (t) => {
  const code =
    'const fs = require("fs"), ran = process.argv[1]; if (fs.existsSync(ran)) process.exit(1);' +
    'fs.writeFileSync(ran, ""); console.log("vault-key-1")';
  const path = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(path, { recursive: true }));
  const { source, clock, warnings } = made(t, [...script(code), join(path, 'ran')]);
  await source.prepare();
  clock.advance(240_000);
  await until(() => warnings.length === 1);
  assert.match(warnings[0] ?? '', /exit code 1/);
  assert.deepEqual(source.keys(), ['vault-key-1']);
  assert.equal(clock.nextAt, 250_000);
});

test('stopping ends the program and its timers, without a word', async (t) => {
  const { source, clock, warnings } = made(t, script('setInterval(() => {}, 1000)'));
  const ended = assert.rejects(source.prepare(), /was stopped/);
  source.stop();
  await ended;
  assert.equal(clock.pending, 0);
  assert.deepEqual(warnings, []);
});
