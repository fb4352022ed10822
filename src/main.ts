// The process: the only file that touches its globals. Makes a Host of them, runs the command line, and ends the
// process in order: nothing but the command's own output on stdout, ever, and all of it written before the exit.

import { run, reportCrash } from './cli/run.ts';
import type { Host } from './cli/host.ts';
import { systemClock } from './core/clock.ts';
import { systemRandom } from './core/random.ts';
import { Secrets } from './core/secrets.ts';

/** Put in by the build; absent when the sources run as they are. */
declare const __VERSION__: string | undefined;

/** How long a reader that does not read may hold up the end; the link and the commands have waited for it already. */
const MOST_DRAIN_MS = 100;

const host: Host = {
  argv: process.argv.slice(2),
  env: process.env,
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return forgiving(process.stdout);
  },
  get stderr() {
    return forgiving(process.stderr);
  },
  clock: systemClock,
  random: systemRandom,
  secrets: new Secrets(),
  version: typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source',
  onSignal(fn) {
    const listener = (name: string): void => fn(name);
    for (const name of ['SIGINT', 'SIGTERM']) process.on(name, listener);
    return () => {
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, listener);
    };
  },
  onHangup(fn) {
    process.on('SIGHUP', fn);
    return () => void process.off('SIGHUP', fn);
  },
};

/** A reader that goes away is the end of the conversation, which the command notices by itself, and no crash. */
function forgiving(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

/** `process.exit` loses what a pipe has not taken yet, so both streams are emptied first. */
function end(code: number): void {
  process.exitCode = code;
  const exit = (): void => process.exit(code);
  host.clock.after(MOST_DRAIN_MS, exit);
  host.stdout.write('', () => host.stderr.write('', exit));
}

function crash(thrown: unknown): void {
  reportCrash(host, thrown);
  end(1);
}

// stdout belongs to the protocol: a stray line printed through the console does not.
const toStderr = globalThis.console.error.bind(globalThis.console);
Object.assign(globalThis.console, { log: toStderr, info: toStderr, debug: toStderr, dir: toStderr });

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

run(host).then(end, crash);
