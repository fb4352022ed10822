// A pipe whose reader a test moves: it takes what is written and says that it is full when it was told to be.

import type { Sink } from '../../src/rpc/output/writer.ts';

export class SlowSink implements Sink {
  readonly writes: string[] = [];
  /** What the next writes answer. */
  hasRoom = true;
  /** Thrown by the next write. */
  failure: Error | undefined;

  write(text: string): boolean {
    if (this.failure !== undefined) throw this.failure;
    this.writes.push(text);
    return this.hasRoom;
  }

  /** Everything written, as lines. */
  get lines(): string[] {
    const text = this.writes.join('');
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  }
}

/** Lets everything that waits for a microtask run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
