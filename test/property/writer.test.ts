// Whatever is pushed and however slowly it is taken: nothing is lost, nothing overtakes, no two lines mix, the
// text of merged notices joins to the whole, and everyone who waits is let go.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Writer } from '../../src/rpc/output/writer.ts';
import { forSeedsAsync, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';
import { settled } from '../support/slow-sink.ts';

interface Said {
  readonly owner: number;
  readonly text: string;
  readonly progress: number;
}

/** One conversation: pushes at random into a sink that is full at random. */
class Run {
  readonly #draw: Draw;
  readonly #writer: Writer;
  readonly #owners = [{}, {}, {}];
  readonly #told = ['', '', ''];
  readonly #pushed: string[] = [];
  #written = '';
  #isFull = false;
  #waiting = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#writer = new Writer({ write: (text) => this.#take(text) }, { boundBytes: 20_000 });
  }

  async play(): Promise<void> {
    for (let i = 0; i < 80; i++) {
      this.#step(i);
      if (this.#draw() < 0.3) await Promise.resolve();
      if (this.#isFull && this.#draw() < 0.2) this.#drain();
    }
    const ended = this.#writer.end();
    await settled();
    for (let i = 0; i < 10_000 && this.#isFull; i++) this.#drain();
    await ended;
    await settled();
    this.#check();
  }

  #take(text: string): boolean {
    this.#written += text;
    this.#isFull = this.#draw() < 0.5;
    return !this.#isFull;
  }

  #drain(): void {
    this.#isFull = false;
    this.#writer.drained();
  }

  #step(i: number): void {
    const draw = this.#draw;
    const kind = draw();
    if (kind < 0.5) this.#tell(i);
    else {
      const line = JSON.stringify({ i, text: oneOf(draw, ['', 'é', '🙂']).repeat(integer(draw, 40)) });
      this.#pushed.push(line);
      this.#wait(this.#writer.push(kind < 0.9 ? line : { pieces: inPieces(draw, line), bytes: integer(draw, 100) }));
    }
    if (draw() < 0.02) {
      const line = JSON.stringify({ i, long: '🙂'.repeat(40_000 + integer(draw, 60_000)) });
      this.#pushed.push(line);
      this.#wait(this.#writer.push(line));
    }
  }

  #tell(i: number): void {
    const owner = integer(this.#draw, 3);
    const text = `${i}é`.repeat(integer(this.#draw, 2000));
    this.#told[owner] += text;
    const encode = (all: string, progress: number): string => JSON.stringify({ owner, text: all, progress });
    this.#wait(this.#writer.notify({ owner: this.#owners[owner] ?? {}, text, progress: i, encode }));
  }

  #wait(room: void | Promise<void>): void {
    if (room === undefined) return;
    this.#waiting++;
    void room.then(() => this.#waiting--);
  }

  #check(): void {
    assert.ok(this.#written === '' || this.#written.endsWith('\n'));
    const lines = this.#written.split('\n').slice(0, -1);
    const isNotice = (line: string): boolean => line.startsWith('{"owner"');
    assert.deepEqual(
      lines.filter((line) => !isNotice(line)),
      this.#pushed,
    );
    const said = lines.filter(isNotice).map((line): Said => JSON.parse(line));
    for (const owner of [0, 1, 2]) {
      const own = said.filter((one) => one.owner === owner);
      assert.equal(own.map(({ text }) => text).join(''), this.#told[owner]);
      const progress = own.map((one) => one.progress);
      assert.deepEqual(
        progress,
        progress.toSorted((a, b) => a - b),
      );
    }
    assert.deepEqual([this.#writer.queuedBytes, this.#waiting], [0, 0]);
  }
}

function inPieces(draw: Draw, line: string): string[] {
  const pieces: string[] = [];
  const characters = Array.from(line);
  while (characters.length > 0) pieces.push(characters.splice(0, 1 + integer(draw, 10)).join(''));
  return pieces;
}

describe('the writer', () => {
  test('loses, reorders and mixes nothing', async () => {
    await forSeedsAsync(120, (draw) => new Run(draw).play());
  });
});
