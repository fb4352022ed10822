// Changes of files as people and programs bring them about, in a real folder, on a clock that the test moves: an event
// of the system sets a timer, and the test lets it fire. Nothing sleeps; what never comes fails by the deadline.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { watchFiles } from '../../../../src/config/reload/watch.ts';
import type { WatchFolder } from '../../../../src/config/reload/watch.ts';
import { FakeClock } from '../../../support/clock.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Watched {
  readonly clock: FakeClock;
  readonly changes: () => number;
  /** Resolves once the next change is told. */
  readonly change: () => Promise<void>;
  readonly stop: () => void;
}

const DEADLINE_MS = 10_000;
/** Shorter than the watcher's slow look, so that only an event of the system explains a change. */
const SETTLED_MS = 150;

function watch(t: TestContext, files: () => readonly string[], watchFolder?: WatchFolder): Watched {
  const clock = new FakeClock();
  let count = 0;
  const onChange = (): void => void (count += 1);
  const stop = watchFiles({ files, clock, onChange, ...(watchFolder === undefined ? {} : { watchFolder }) });
  t.after(stop);
  const change = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const before = count;
      const late = setTimeout(() => reject(new Error('no change was told')), DEADLINE_MS);
      const turn = (): void => {
        // Lets fire what an event has set, and never the slow look: that is 30 s away.
        if ((clock.nextAt ?? Infinity) - clock.now() < 1000) clock.advance(SETTLED_MS);
        if (count === before) return void setImmediate(turn);
        clearTimeout(late);
        resolve();
      };
      turn();
    });
  return { clock, changes: () => count, change, stop };
}

describe('by events of the system', () => {
  test('a file that is written again', async (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const at = watch(t, () => [file]);
    writeFileSync(file, '{ "cache": {} }');
    await at.change();
    assert.equal(at.changes(), 1);
  });

  test('an editor that writes another file and renames it, again and again', async (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const at = watch(t, () => [file]);
    for (let i = 1; i <= 3; i++) {
      writeFileSync(`${file}~`, '{}'.padEnd(i + 2));
      renameSync(`${file}~`, file);
      await at.change();
      assert.equal(at.changes(), i);
    }
  });

  test('an editor that keeps a backup: the file is gone for a moment', async (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const at = watch(t, () => [file]);
    renameSync(file, `${file}.bak`);
    writeFileSync(file, '{ }');
    await at.change();
    assert.equal(at.changes(), 1);
  });

  test('a file that is removed, and put back later', async (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const at = watch(t, () => [file]);
    unlinkSync(file);
    await at.change();
    writeFileSync(file, '{}');
    await at.change();
    assert.equal(at.changes(), 2);
  });

  test('the links of Kubernetes: ..data is moved to another folder, and the old one removed', async (t) => {
    const path = folder(t);
    const swap = (name: string, text: string): void => {
      mkdirSync(join(path, name));
      writeFileSync(join(path, name, 'c.json'), text);
      symlinkSync(name, join(path, '..data_tmp'));
      renameSync(join(path, '..data_tmp'), join(path, '..data'));
    };
    swap('..1', '{}');
    symlinkSync(join('..data', 'c.json'), join(path, 'c.json'));
    const at = watch(t, () => [join(path, 'c.json')]);
    for (const [i, name] of ['..2', '..3'].entries()) {
      swap(name, '{}');
      rmSync(join(path, `..${i + 1}`), { recursive: true });
      await at.change();
      assert.equal(at.changes(), i + 1);
    }
    writeFileSync(join(path, '..3', 'c.json'), '{ "now": "in place" }');
    await at.change();
    assert.equal(at.changes(), 3);
  });

  test('a link to a file elsewhere: its target changes, then the link', async (t) => {
    const [here, there] = [folder(t), folder(t)];
    writeFileSync(join(there, 'a.json'), '{}');
    writeFileSync(join(there, 'b.json'), '{}');
    symlinkSync(join(there, 'a.json'), join(here, 'c.json'));
    const at = watch(t, () => [join(here, 'c.json')]);
    writeFileSync(join(there, 'a.json'), '{ }');
    await at.change();
    symlinkSync(join(there, 'b.json'), join(here, 'new'));
    renameSync(join(here, 'new'), join(here, 'c.json'));
    await at.change();
    assert.equal(at.changes(), 2);
  });

  test('a link on the way to the folder, as releases are switched', async (t) => {
    const path = folder(t);
    for (const name of ['one', 'two']) {
      mkdirSync(join(path, name, 'etc'), { recursive: true });
      writeFileSync(join(path, name, 'etc', 'c.json'), name);
    }
    symlinkSync('one', join(path, 'current'));
    const at = watch(t, () => [join(path, 'current', 'etc', 'c.json')]);
    symlinkSync('two', join(path, 'next'));
    renameSync(join(path, 'next'), join(path, 'current'));
    await at.change();
    writeFileSync(join(path, 'two', 'etc', 'c.json'), 'twice');
    await at.change();
    assert.equal(at.changes(), 2);
  });

  test('files that are asked for from now on are watched from now on, and are no change by themselves', async (t) => {
    const [first, second] = [join(folder(t), 'c.json'), join(folder(t), 'ca.pem')];
    writeFileSync(first, '{}');
    writeFileSync(second, 'a');
    let files = [first];
    const at = watch(t, () => files);
    files = [first, second];
    writeFileSync(first, '{ }');
    await at.change();
    writeFileSync(second, 'ab');
    await at.change();
    assert.equal(at.changes(), 2);
  });

  test('nothing is told after the end', async (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const ended = watch(t, () => [file]);
    const at = watch(t, () => [file]);
    ended.stop();
    writeFileSync(file, '{ }');
    await at.change();
    ended.clock.advance(100_000);
    assert.equal(ended.changes(), 0);
    assert.equal(ended.clock.pending, 0);
  });
});

/** With events that the test brings about: those of the system come when they come. */
function byHand(t: TestContext, file: string): { readonly event: () => void; readonly at: Watched } {
  let event = (): void => {};
  const at = watch(
    t,
    () => [file],
    (_, onEvent) => {
      event = onEvent;
      return () => {};
    },
  );
  return { event: () => event(), at };
}

describe('by looking', () => {
  const refused: WatchFolder = () => {
    throw new Error('ENOSPC');
  };

  test('every two seconds where folders cannot be watched', (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const at = watch(t, () => [file], refused);
    writeFileSync(file, '{ }');
    at.clock.advance(1999);
    assert.equal(at.changes(), 0);
    at.clock.advance(101);
    assert.equal(at.changes(), 1);
    at.clock.advance(60_000);
    assert.equal(at.changes(), 1);
  });

  test('every half minute where they can, for what the system does not report', (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const at = watch(
      t,
      () => [file],
      () => () => {},
    );
    writeFileSync(file, '{ }');
    at.clock.advance(29_999);
    assert.equal(at.changes(), 0);
    at.clock.advance(101);
    assert.equal(at.changes(), 1);
  });

  test('a folder whose watch is lost is looked at, and watched again', (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    let lose = (): void => {};
    let watched = 0;
    const at = watch(
      t,
      () => [file],
      (_, __, onLost) => {
        watched += 1;
        lose = onLost;
        return () => {};
      },
    );
    const first = watched;
    lose();
    at.clock.advance(100);
    assert.equal(watched, first + 1);
    assert.equal(at.changes(), 0);
  });

  test('neighbours that change are no change', (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '{}');
    const { event, at } = byHand(t, file);
    writeFileSync(join(file, '..', 'log'), 'one');
    event();
    at.clock.advance(1000);
    assert.equal(at.changes(), 0);
    writeFileSync(file, '{ }');
    event();
    at.clock.advance(1000);
    assert.equal(at.changes(), 1);
  });

  test('a writer in the middle of the file is waited for, but not for ever', (t) => {
    const file = join(folder(t), 'c.json');
    writeFileSync(file, '');
    const { event, at } = byHand(t, file);
    event();
    for (let i = 1; i < 20; i++) {
      writeFileSync(file, 'x'.repeat(i));
      at.clock.advance(100);
      assert.equal(at.changes(), 0, `after ${i} looks`);
    }
    writeFileSync(file, 'x'.repeat(20));
    at.clock.advance(100);
    assert.equal(at.changes(), 1);
  });
});
