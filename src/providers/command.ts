// Keys that a program prints, as `vault` or `op` do: run without a shell before the first call, again before they grow
// old, and when the upstream has refused them. The keys of a moment are at hand at once: while the program runs, and after
// it has failed, the last ones stand, and only a call that has nobody else to go to waits for it. What it prints is a
// secret; what it says on stderr may hold one, and is not read at all.

import type { ChildProcess } from 'node:child_process';
import { builtin } from '../core/builtin.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import type { Secrets } from '../core/secrets.ts';

export interface KeyCommandOptions {
  /** The provider, for messages. */
  readonly provider: string;
  /** The program, and its arguments. */
  readonly command: readonly string[];
  readonly ttlMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Pick<Secrets, 'add'>;
}

export interface CommandKeys {
  /** The keys of this moment, none before `prepare`; `refused` says that the upstream answered 401. */
  readonly keys: (refused?: boolean) => readonly string[];
  /** Settles when the program has ended, however that was; undefined when it does not run. */
  readonly underWay: () => Promise<void> | undefined;
  /** Runs it for the first time. Rejects with Fault CONFIG when it yields no key; it is tried again all the same. */
  prepare(): Promise<void>;
  /** Ends it, and what it runs. */
  stop(): void;
}

/** More than this is no key. */
const MOST_BYTES = 64 * 1024;
/** Anew after this share of the time to live, so that the new key is there before the old one goes. */
const FRESH_SHARE = 0.8;
/** After a failure, and from its end to a refusal that has it run again: a broken program is not run in a loop. */
const RETRY_MS = 10_000;
/** How long what it printed may be on its way after its end; what it has left running may keep the pipe open. */
const LINGER_MS = 200;

export function commandKeys(options: KeyCommandOptions): CommandKeys {
  return new Keys(options);
}

class Keys implements CommandKeys {
  readonly #options: KeyCommandOptions;
  #keys: readonly string[] = [];
  #running: Promise<void> | undefined;
  #kill: () => void = () => {};
  #stopTimer: () => void = () => {};
  #lastEnd = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(options: KeyCommandOptions) {
    this.#options = options;
  }

  readonly keys = (refused = false): readonly string[] => {
    const isRested = this.#running === undefined && this.#options.clock.now() - this.#lastEnd >= RETRY_MS;
    if (refused && isRested) this.#refresh();
    return this.#keys;
  };

  readonly underWay = (): Promise<void> | undefined => this.#running?.catch(() => {});

  prepare(): Promise<void> {
    return (this.#running ??= this.#run());
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    this.#kill();
  }

  #refresh(): void {
    if (this.#isStopped) return;
    this.prepare().catch((thrown: unknown) => {
      if (this.#isStopped) return;
      const { provider, log } = this.#options;
      log.warn('the command for a key failed', { provider, problem: Fault.from(thrown).message });
    });
  }

  async #run(): Promise<void> {
    const { clock, ttlMs, secrets } = this.#options;
    this.#stopTimer();
    let nextMs = Math.min(RETRY_MS, ttlMs);
    try {
      const keys = keysIn(await this.#output(), (problem) => this.#fault(problem));
      for (const key of keys) secrets.add(key);
      this.#keys = keys;
      nextMs = ttlMs * FRESH_SHARE;
    } finally {
      this.#running = undefined;
      this.#lastEnd = clock.now();
      if (!this.#isStopped) this.#stopTimer = clock.after(nextMs, () => this.#refresh());
    }
  }

  /** What it prints, once it has ended well. */
  #output(): Promise<string> {
    const { command, clock, timeoutMs } = this.#options;
    const [program = '', ...words] = command;
    return new Promise((resolve, reject) => {
      const child = spawn(program, words);
      if (child === undefined) {
        reject(this.#fault('could not be started'));
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      const timers = [clock.after(timeoutMs, () => end(`did not end within ${timeoutMs / 1000} s`))];
      const end = once((problem?: string): void => {
        for (const stop of timers) stop();
        child.kill('SIGKILL');
        // A child of the child may hold its end of the pipe for ever.
        child.stdout?.destroy();
        child.unref();
        this.#kill = () => {};
        if (problem === undefined) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(this.#fault(problem));
      });
      this.#kill = () => end('was stopped');
      const over = (code: number | null): void => {
        if (code === 0) end();
        else end(code === null ? 'was killed' : `ended with exit code ${code}`);
      };
      child.stdout?.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MOST_BYTES) end('printed more than 64 KB, which is no key');
      });
      child.on('error', ({ code }: NodeJS.ErrnoException) => {
        end(code === 'ENOENT' ? 'was not found' : 'could not be started');
      });
      child.on('exit', (code) => void timers.push(clock.after(LINGER_MS, () => over(code))));
      child.on('close', over);
    });
  }

  #fault(problem: string): Fault {
    const { provider, command } = this.#options;
    const name = (command[0] ?? '').replace(/^.*[\\/]/s, '');
    return new Fault('CONFIG', `The command ${name}, which prints the key of ${provider}, ${problem}.`, {
      data: { provider, next: 'Run it by hand, as the user and with the environment of this program, to see why.' },
    });
  }
}

/** One that was killed tells of its end once more, when another may run. */
function once(fn: (problem?: string) => void): (problem?: string) => void {
  let isOver = false;
  return (problem) => {
    if (isOver) return;
    isOver = true;
    fn(problem);
  };
}

function spawn(program: string, words: readonly string[]): ChildProcess | undefined {
  try {
    return builtin('node:child_process').spawn(program, words, {
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: false,
      windowsHide: true,
    });
  } catch {
    // A word that no program can be given: one with a zero byte.
    return undefined;
  }
}

/** One line, of one key or several parted by commas. */
function keysIn(output: string, fault: (problem: string) => Fault): readonly string[] {
  const line = output.replace(/[\r\n]+$/, '');
  if (/[\r\n]/.test(line)) throw fault('printed more than one line');
  const keys = line
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (keys.length === 0) throw fault('printed no key');
  if (!keys.every((key) => /^[\x21-\x7e]+$/.test(key))) {
    throw fault('printed something with a blank or a letter that cannot be sent inside a key');
  }
  return keys;
}
