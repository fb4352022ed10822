// Stands between an agent and our server on stdio: passes both on unchanged, and keeps what the agent says in a file, so
// that a test sees what it sent. Arguments: that file, then the server's command line.

import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const [file, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'] });
const note = (about) => appendFileSync(file, `${JSON.stringify(about)}\n`);
note({ pids: [process.pid, child.pid] });

// Before they are passed on: what a test has seen the server do, it finds here.
process.stdin.on('data', (bytes) => {
  note({ said: bytes.toString('utf8') });
  child.stdin.write(bytes);
});
process.stdin.on('end', () => child.stdin.end());
child.stdin.on('error', () => {});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  note({ ended: code ?? signal });
  process.exit(code ?? 1);
});
