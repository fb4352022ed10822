// Starts the server of everything MCP has (everything/), a process of its own on a free port.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Listens when it resolves; `url` is that of its MCP endpoint. It ends with its stdin, so with us at the latest. */
export async function everything() {
  const child = spawn(process.execPath, ['--import', 'tsx', join(here, 'everything', 'main.ts')], {
    cwd: join(here, '..', '..'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`it ended with ${code} and did not listen`)));
  });
  return {
    url,
    async close() {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
