// The built program as an HTTP server: started on a free port, told from its log, ended with its test.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { bundle } from '../support/bundle.ts';
import { eachLine } from '../support/lines.ts';
import { within } from '../support/program.ts';

interface LogLine {
  readonly msg: string;
  readonly url?: string;
}

export class ServerProgram {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  readonly exited: Promise<number | string | null>;
  port = 0;

  constructor(env: Readonly<Record<string, string>>, args: readonly string[]) {
    this.child = spawn(process.execPath, [bundle, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin?.on('error', () => {});
    if (this.child.stderr !== null) eachLine(this.child.stderr, (line) => this.#heard(line));
    this.exited = new Promise((resolve) => this.child.on('close', (code, signal) => resolve(signal ?? code)));
  }

  /** The first line of stderr, past or to come, that the pattern fits. */
  said(pattern: RegExp): Promise<string> {
    const found = this.lines.find((line) => pattern.test(line));
    if (found !== undefined) return Promise.resolve(found);
    return within(
      new Promise<string>((resolve) => {
        const listener = (line: string): void => {
          if (!pattern.test(line)) return;
          this.#listeners.delete(listener);
          resolve(line);
        };
        this.#listeners.add(listener);
      }),
      `a line of stderr like ${pattern}`,
    );
  }

  ended(): Promise<number | string | null> {
    return within(this.exited, 'the end of the program');
  }

  /** How many files and sockets it has open. */
  openFiles(): number {
    return readdirSync(`/proc/${this.child.pid}/fd`).length;
  }

  /** Its memory, in MiB. */
  rss(): number {
    const [, kib = ''] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  }

  #heard(line: string): void {
    this.lines.push(line);
    for (const listener of this.#listeners) listener(line);
  }
}

/** A server that need not come to listen. Killed with its test, if it has not ended. */
export function startProgram(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = ['--transport', 'http'],
): ServerProgram {
  const program = new ServerProgram({ PATH: '', PORT: '0', PROVIDER_TYPE: 'mock', ...env }, args);
  t.after(() => program.child.kill('SIGKILL'));
  return program;
}

/** One that listens. */
export async function startServer(t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<ServerProgram> {
  const program = startProgram(t, env);
  const { url = '' }: LogLine = JSON.parse(await program.said(/"msg":"listening"/));
  program.port = Number(new URL(url).port);
  return program;
}
