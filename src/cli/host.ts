// Everything a command may touch of the process it runs in, as one value: main.ts makes it of the real process,
// tests make one of their own.

import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Secrets } from '../core/secrets.ts';

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export interface Host {
  /** Without the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  readonly random: Random;
  /** Shared with whoever reports a crash, so that the report is scrubbed as well. */
  readonly secrets: Secrets;
  /** Our release. */
  readonly version: string;
  /** Calls `fn` with the signal's name when the process is asked to end. The returned function withdraws it. */
  onSignal(fn: (name: string) => void): () => void;
  /** Calls `fn` when the process is asked to read its configuration again (SIGHUP). The returned function withdraws it. */
  onHangup(fn: () => void): () => void;
}

/** Writes, and waits where the reader is slow. A reader that has gone is not waited for. */
export function print(output: Output, text: string): Promise<void> {
  return new Promise((resolve) => {
    output.write(text, () => resolve());
  });
}
