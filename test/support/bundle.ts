// The built program as a subprocess. Tests run what ships, not the sources; `make build` and
// `make build-timed` put it there.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

export const bundle: string = join(root, 'dist', 'anymodel-mcp.cjs');
/** The same rooms under a clock that the test drives (test/support/timed-main.ts). */
export const timedBundle: string = join(root, 'build', 'anymodel-mcp-timed.cjs');

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Starts Node with these arguments and nothing in its environment but `env`. The caller ends it. */
export function startNode(args: readonly string[], env: Environment, extraPipes = 0): ChildProcess {
  for (const file of [bundle, timedBundle]) {
    if (args.includes(file) && !existsSync(file)) throw new Error(`${file} is not there: run \`make build\``);
  }
  const stdio = Array.from({ length: 3 + extraPipes }, (): 'pipe' => 'pipe');
  return spawn(process.execPath, args, { env, stdio });
}

/** Runs Node to its end, writing `input` and closing; kills it after 20 s. */
export async function runToEnd(args: readonly string[], env: Environment, input = ''): Promise<Ended> {
  const child = startNode(args, env);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A program that ends without reading its input is not a failure of the test.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(deadline);
  return { ...output, code };
}
