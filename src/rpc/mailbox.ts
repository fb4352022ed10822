// Values pushed by an event source, pulled by one reader. Keeps what the reader has not asked for yet; the
// source watches `waiting` and stops when it grows.

export class Mailbox<T extends object> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #reader: ((result: IteratorResult<T, undefined>) => void) | undefined;
  #over = false;
  /** Told when the reader has taken the last waiting value and asks for more. */
  readonly #onHungry: () => void;

  constructor(onHungry: () => void = () => {}) {
    this.#onHungry = onHungry;
  }

  /** How many values the reader has not taken. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Ignored after `end`. */
  put(value: T): void {
    if (this.#over) return;
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) this.#waiting.push(value);
    else reader({ value, done: false });
  }

  /** The reader gets what is waiting, then the end. */
  end(): void {
    this.#over = true;
    this.#reader?.({ value: undefined, done: true });
    this.#reader = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    const [value] = this.#waiting.splice(0, 1);
    if (value !== undefined) return Promise.resolve({ value, done: false });
    if (this.#over) return Promise.resolve({ value: undefined, done: true });
    this.#onHungry();
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }
}
