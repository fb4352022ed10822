// What a server that was started with servers/memory.cjs says of its memory when it is asked.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { isObject } from '../../src/core/json.ts';

/** Bytes. */
export interface Held {
  readonly rss: number;
  readonly heap: number;
}

/** After a collection of its garbage. */
export async function memoryTold(child: ChildProcessWithoutNullStreams): Promise<Held> {
  const told = lineWith(child, '"rss"');
  child.kill('SIGUSR2');
  const value: unknown = JSON.parse(await told);
  const numberAt = (name: string): number => (isObject(value) ? Number(value[name]) : Number.NaN);
  return { rss: numberAt('rss'), heap: numberAt('heap') };
}

/** The next line on stderr that holds the words. */
export function lineWith(child: ChildProcessWithoutNullStreams, words: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const hear = (bytes: Buffer): void => {
      text += bytes.toString();
      const lines = text.split('\n').slice(0, -1);
      const line = lines.find((one) => one.includes(words));
      if (line === undefined) return;
      child.stderr.off('data', hear);
      resolve(line);
    };
    child.stderr.on('data', hear);
  });
}
