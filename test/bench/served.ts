// A subject that serves HTTP: started, found by the line in which it says where it listens, and ended by the signal that
// ends a service.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { start, stop, within } from './children.ts';
import type { Subject } from './subjects.ts';

export interface Served {
  readonly name: string;
  readonly child: ChildProcessWithoutNullStreams;
  readonly pid: number;
  /** Without a path: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects when it does not listen in time. */
export async function serve({ name, command, env }: Subject, more: Readonly<Record<string, string>>): Promise<Served> {
  const child = start(command, { ...env, ...more });
  const close = (): Promise<void> => {
    child.kill('SIGTERM');
    return stop(child);
  };
  try {
    const url = await within(10_000, `${name} listening`, listening(child));
    return { name, child, pid: child.pid ?? 0, url, port: Number(new URL(url).port), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listening(child: ChildProcessWithoutNullStreams): Promise<string> {
  const lines = createInterface({ input: child.stderr });
  for (;;) {
    const [line] = await once(lines, 'line');
    const url = /"msg":"listening".*"url":"([^"]+)"/.exec(String(line))?.[1];
    if (url !== undefined) return url;
  }
}
