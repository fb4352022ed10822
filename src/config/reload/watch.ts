// Notices that a file has another content: the second file of this room that touches the disk. Folders are watched and
// not files, because editors and Kubernetes never change a file: they put another in its place, or move a link on
// the way to it. So every folder is watched in which a link or the file itself stands, and a file has changed when
// its stat has. What the system does not report (network disks, shared folders of virtual machines) is found by
// looking from time to time.

import { builtin } from '../../core/builtin.ts';
import type { Clock } from '../../core/clock.ts';

export interface Watching {
  /** Absolute paths, asked for anew whenever folders are looked up. */
  readonly files: () => Iterable<string>;
  readonly clock: Clock;
  readonly onChange: () => void;
  /** Absent: the system's. */
  readonly watchFolder?: WatchFolder;
}

/** Calls `onEvent` when something in the folder may have changed. Throws, or calls `onLost`, where it cannot. */
export type WatchFolder = (folder: string, onEvent: () => void, onLost: () => void) => () => void;

/** Files are looked at again until they were the same twice, this far apart: a writer may be in the middle of one. */
const SETTLING_MS = 100;
/** A file that is written without end is taken as it is. */
const MOST_LOOKS = 20;
/** How often is looked where every folder is watched, and where one is not. */
const WATCHED_MS = 30_000;
const UNWATCHED_MS = 2000;

const MOST_LINKS = 40;
const MOST_FOLDERS = 100;

/** The returned function ends it; nothing is called afterwards. */
export function watchFiles(watching: Watching): () => void {
  const watcher = new Watcher(watching);
  return () => watcher.stop();
}

class Watcher {
  readonly #watching: Watching;
  readonly #folders = new Map<string, () => void>();
  #isWhole = true;
  /** The marks of the files as they were last told of. */
  #known: Map<string, string>;
  #stopTimer: () => void = () => {};
  /** Looks taken since something seemed to happen; none while nothing does. */
  #looks = 0;
  #last = '';
  #isStopped = false;

  constructor(watching: Watching) {
    this.#watching = watching;
    this.#known = this.#marks();
    this.#arm();
    this.#wait();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    for (const close of this.#folders.values()) close();
    this.#folders.clear();
  }

  /** Watches the folders there are now, and no others; one that was made anew is another. */
  #arm(): void {
    const behind = new Set([...this.#watching.files()].flatMap((file) => foldersBehind(file)));
    const wanted = new Map([...behind].slice(0, MOST_FOLDERS).map((folder) => [markOf(folder, true), folder]));
    for (const [mark, close] of this.#folders) {
      if (wanted.has(mark)) continue;
      close();
      this.#folders.delete(mark);
    }
    this.#isWhole = true;
    for (const [mark, folder] of wanted) if (!this.#folders.has(mark)) this.#watchFolder(folder, mark);
  }

  #watchFolder(folder: string, mark: string): void {
    const { watchFolder = systemWatch } = this.#watching;
    const lost = (): void => {
      this.#folders.get(mark)?.();
      this.#folders.delete(mark);
      this.#isWhole = false;
      this.#look();
    };
    try {
      this.#folders.set(
        mark,
        watchFolder(folder, () => this.#look(), lost),
      );
    } catch {
      this.#isWhole = false;
    }
  }

  /** Until the next look that nothing has brought about. */
  #wait(): void {
    this.#stopTimer = this.#watching.clock.after(this.#isWhole ? WATCHED_MS : UNWATCHED_MS, () => this.#settle());
  }

  /** Something may have happened: looks once all is quiet. */
  #look(): void {
    if (this.#isStopped || this.#looks > 0) return;
    this.#stopTimer();
    this.#again();
  }

  #again(): void {
    this.#looks += 1;
    this.#last = textOf(this.#marks());
    this.#stopTimer = this.#watching.clock.after(SETTLING_MS, () => this.#settle());
  }

  #settle(): void {
    const now = this.#marks();
    const isChanging = this.#looks === 0 ? this.#isNew(now) : textOf(now) !== this.#last;
    if (isChanging && this.#looks < MOST_LOOKS) {
      this.#again();
      return;
    }
    this.#looks = 0;
    const isNew = this.#isNew(now);
    this.#known = now;
    if (isNew) this.#watching.onChange();
    if (this.#isStopped) return;
    this.#arm();
    // What is read from now on may be other files, and what happened before their folders were watched was not heard.
    const after = this.#marks();
    const isNewer = this.#isNew(after);
    this.#known = new Map([...after, ...now].filter(([file]) => after.has(file)));
    if (isNewer) this.#look();
    else this.#wait();
  }

  /** A file that was not there to be known is as it is. */
  #isNew(marks: ReadonlyMap<string, string>): boolean {
    return [...marks].some(([file, mark]) => (this.#known.get(file) ?? mark) !== mark);
  }

  /** What all files are, as far as a stat tells. */
  #marks(): Map<string, string> {
    return new Map([...this.#watching.files()].map((file) => [file, markOf(file)]));
  }
}

function textOf(marks: ReadonlyMap<string, string>): string {
  return [...marks].join('\n');
}

const systemWatch: WatchFolder = (folder, onEvent, onLost) => {
  const watcher = builtin('node:fs').watch(folder, { persistent: false }, onEvent);
  watcher.on('error', onLost);
  return () => watcher.close();
};

/** What tells a file from another at the same path; of a folder, whatever is in it. */
function markOf(path: string, isFolder = false): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = builtin('node:fs').statSync(path);
    return isFolder ? `${path} ${ino}` : `${path} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return `${path} is not there`;
  }
}

/** The folder of the file, and of every link on the way to it, as long as there is a way. */
function foldersBehind(file: string): readonly string[] {
  const fs = builtin('node:fs');
  const found = [folderOf(file)];
  const rest = file.split(/[\\/]/);
  let at = rest.shift() ?? '';
  for (let links = 0; rest.length > 0;) {
    const name = rest.shift() ?? '';
    const next = `${at}/${name}`;
    const target = name === '' ? undefined : linkAt(fs, next);
    if (target === undefined) {
      if (name !== '') at = next;
      continue;
    }
    found.push(at === '' ? '/' : at);
    links += 1;
    if (links > MOST_LINKS) return found;
    const steps = target.split(/[\\/]/);
    const isWhole = /^(?:[a-z]:)?[\\/]/i.test(target);
    if (isWhole) at = steps.shift() ?? '';
    rest.unshift(...steps);
  }
  found.push(folderOf(at));
  return found;
}

function linkAt(fs: typeof import('node:fs'), path: string): string | undefined {
  try {
    return fs.lstatSync(path).isSymbolicLink() ? fs.readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, '') || '/';
}
