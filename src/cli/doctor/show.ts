// Steps of several providers as they come, shown in the order of the providers: those of the first one that is not done
// at once, the others when it is their turn. At a terminal a last line says what every provider is waiting for.

import type { Host } from '../host.ts';
import { inkFor } from '../ink.ts';
import type { Ink } from '../ink.ts';
import { headingLines, skippedLine, stepLines } from './report.ts';
import type { Step } from './report.ts';

const STATUS_WIDTH = 78;
const CLEAR = '\r\u001B[K';

interface Column {
  readonly id: string;
  /** Lines that wait for their turn. */
  lines: string[];
  skipped: { readonly names: string[]; readonly said: string } | undefined;
  /** The step under way. */
  now: string;
  isDone: boolean;
}

export class Show {
  readonly #host: Host;
  readonly #ink: Ink;
  readonly #columns: readonly Column[];
  readonly #isShown: boolean;
  #turn = 0;
  /** The last line that stands there now. */
  #shown = '';

  constructor(host: Host, ids: readonly string[], isShown: boolean) {
    this.#host = host;
    this.#ink = inkFor(host.stdout, host.env);
    this.#isShown = isShown;
    this.#columns = ids.map((id) => ({ id, lines: [], skipped: undefined, now: '', isDone: false }));
  }

  /** The address is known that is examined. */
  open(at: number, url: string): void {
    this.#change(at, (column) => column.lines.push(...headingLines(column.id, url, this.#ink)));
  }

  begin(at: number, name: string): void {
    this.#change(at, (column) => (column.now = name));
  }

  step(at: number, step: Step): void {
    this.#change(at, (column) => {
      if (step.state !== 'skipped') {
        this.#flush(column);
        column.lines.push(...stepLines(step, this.#ink));
      } else if (column.skipped?.said === step.said) column.skipped.names.push(step.name);
      else {
        this.#flush(column);
        column.skipped = { names: [step.name], said: step.said };
      }
    });
  }

  end(at: number): void {
    this.#change(at, (column) => {
      this.#flush(column);
      column.isDone = true;
    });
  }

  #flush(column: Column): void {
    const { skipped } = column;
    column.skipped = undefined;
    if (skipped !== undefined) column.lines.push(skippedLine(skipped.names, skipped.said, this.#ink));
  }

  #change(at: number, change: (column: Column) => void): void {
    const column = this.#columns[at];
    if (column === undefined || !this.#isShown) return;
    change(column);
    this.#write();
  }

  #write(): void {
    let out = '';
    for (let column = this.#columns[this.#turn]; column !== undefined; column = this.#columns[++this.#turn]) {
      out += column.lines.map((line) => `${line}\n`).join('');
      column.lines = [];
      if (!column.isDone) break;
    }
    const status = this.#status();
    if (out === '' && status === this.#shown) return;
    this.#host.stdout.write((this.#shown === '' ? '' : CLEAR) + out + status);
    this.#shown = status;
  }

  #status(): string {
    if (this.#host.stdout.isTTY !== true) return '';
    const busy = this.#columns.filter(({ isDone, now }) => !isDone && now !== '').map(({ id, now }) => `${id}: ${now}`);
    return busy.length === 0 ? '' : this.#ink.dim(`… ${busy.join(', ')}`.slice(0, STATUS_WIDTH));
  }
}
