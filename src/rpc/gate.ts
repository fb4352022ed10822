// A promise with its handle beside it (`Promise.withResolvers` is not on Node 20).

export class Gate {
  readonly opened: Promise<void>;
  /** Settles the promise; a second call does nothing. */
  readonly open: () => void;

  constructor() {
    let settle = (): void => {};
    this.opened = new Promise((resolve) => {
      settle = resolve;
    });
    this.open = settle;
  }
}
