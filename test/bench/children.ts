// Every process the bench starts is started here, so that none outlives it whatever happens.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcessWithoutNullStreams>();
const GRACE_MS = 500;

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** With no more of our own environment than PATH: a key or a proxy set here is no part of the measurement. */
export function start(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'pipe', env: { PATH: process.env['PATH'], ...env } });
  running.add(child);
  child.once('exit', () => running.delete(child));
  // A server that left early is seen by its missing answer; the pipe's complaint adds nothing.
  child.stdin.on('error', () => {});
  return child;
}

/** Ends its stdin, as a client does; kills it when that is not enough. */
export async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (!running.has(child)) return;
  const exited = once(child, 'exit');
  child.stdin.end();
  child.stdout.resume();
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(timer);
}

/** The promise, or an error that says what did not happen in time. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
