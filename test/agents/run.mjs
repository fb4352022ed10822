// Runs an agent once: in a folder that is its home, with an environment that holds nothing of this machine's but PATH,
// with proxies that lead nowhere, and with everything it started ended behind it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../peers/peers.mjs';

const TAP = join(dirname(fileURLToPath(import.meta.url)), 'tap.mjs');
/** Nobody listens there: whoever minds proxies reaches loopback only. */
const NOWHERE = 'http://127.0.0.1:9';
const LOOPBACK = '127.0.0.1,localhost,::1';
const MOST_MS = 120_000;
const ENDS_WITHIN_MS = 15_000;

/**
 * Runs `agent` in that folder, with that model and server: the server over HTTP where it has a `url`, else the bundle over
 * stdio with `env`. Answers what it printed, what it said to the server on stdio, and which processes of ours outlived it.
 */
export async function run(agent, { folder, modelUrl, server, limitMs }) {
  const record = join(folder, 'said.ndjson');
  rmSync(record, { force: true });
  const { env } = server;
  const ours =
    server.url === undefined
      ? { command: process.execPath, args: [TAP, record, process.execPath, bundle], env }
      : server;
  const [program, ...first] = agent.program();
  const start = agent.start({ folder, modelUrl, server: ours, limitMs, prompt: 'Ask the tool, and say what it says.' });
  const child = spawn(program, [...first, ...start.args], {
    cwd: mkdirp(join(folder, 'work')),
    // A group of its own, which can be ended as a whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...surroundings(folder), ...start.env },
  });
  const ended = await endOf(child);
  const { said, pids } = recorded(record);
  return { ...ended, said, outlived: await outliving(pids) };
}

function mkdirp(path) {
  mkdirSync(path, { recursive: true });
  return path;
}

function surroundings(folder) {
  const proxies = ['http_proxy', 'https_proxy', 'all_proxy'].map((name) => [name, NOWHERE]);
  return {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: mkdirp(join(folder, 'tmp')),
    XDG_CONFIG_HOME: join(folder, 'xdg', 'config'),
    XDG_DATA_HOME: join(folder, 'xdg', 'data'),
    XDG_CACHE_HOME: join(folder, 'xdg', 'cache'),
    XDG_STATE_HOME: join(folder, 'xdg', 'state'),
    CI: '1',
    NO_COLOR: '1',
    ...Object.fromEntries(proxies.flatMap(([name, value]) => [name, name.toUpperCase()].map((one) => [one, value]))),
    no_proxy: LOOPBACK,
    NO_PROXY: LOOPBACK,
  };
}

/** What it printed and its exit code; its whole group is ended then, and where it does not come to an end. */
async function endOf(child) {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => (printed[name] += text));
  const limit = setTimeout(() => endGroup(child.pid), MOST_MS);
  const closed = once(child, 'close');
  const [code, signal] = await once(child, 'exit');
  clearTimeout(limit);
  // Whatever it left running holds its pipes open.
  await Promise.race([closed, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
  endGroup(child.pid);
  return { code: code ?? signal, ...printed };
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** What the tap kept: the messages of the agent, and the processes that stood for our server. */
function recorded(record) {
  const notes = existsSync(record)
    ? readFileSync(record, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const text = notes.map(({ said = '' }) => said).join('');
  return {
    said: text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line)),
    pids: notes.flatMap(({ pids = [] }) => pids),
  };
}

/** Those of the processes that do not end in time; they are ended. */
async function outliving(pids) {
  for (let waited = 0; waited < ENDS_WITHIN_MS && pids.some(isAlive); waited += 50) await sleep(50);
  const left = pids.filter(isAlive);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return left;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked after is still listed.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return error.code === 'ENOENT' && !existsSync('/proc/self/stat');
  }
}
