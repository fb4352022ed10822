// What changes while peers are connected, told once to everybody who asked: peers with a handshake by what they are
// owed, the others by the streams they listen on.
// Follows MCP 2025-11-25 server/tools (list changed), server/resources (subscriptions); 2026-07-28 subscriptions.

import type { Change } from '../catalog/tool.ts';
import type { Scrub } from '../protocol/errors.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Changes } from '../protocol/shape.ts';
import { coreTask } from '../protocol/task-shape.ts';
import { asCore } from './methods/tasks.ts';

export class ChangeFeed {
  readonly #listeners = new Set<(change: Change) => void>();
  /** How many each owner has. */
  readonly #streams = new Map<string, number>();
  #streamsOfAll = 0;

  /** Until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The same for a stream that was opened to listen, which is counted: others are told because they are there. */
  listen(owner: string, listener: (change: Change) => void): () => void {
    const unsubscribe = this.subscribe(listener);
    this.#count(owner, 1);
    return () => {
      if (!this.#listeners.has(listener)) return;
      this.#count(owner, -1);
      unsubscribe();
    };
  }

  /** How many streams there are. */
  get streams(): number {
    return this.#streamsOfAll;
  }

  streamsOf(owner: string): number {
    return this.#streams.get(owner) ?? 0;
  }

  #count(owner: string, more: 1 | -1): void {
    this.#streamsOfAll += more;
    const own = this.streamsOf(owner) + more;
    if (own === 0) this.#streams.delete(owner);
    else this.#streams.set(owner, own);
  }

  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** A notification that no request is about. */
export interface Announcement {
  readonly method: string;
  readonly params?: object;
}

export const UPDATED = 'notifications/resources/updated';

export function listMethod(list: keyof Changes): string {
  return `notifications/${list}/list_changed`;
}

/** Whether a change of a resource is a client's to know. */
export function mayKnow({ owner }: { readonly owner?: string }, asking: string): boolean {
  return owner === undefined || owner === asking;
}

/** What decides which changes a peer that shook hands is told of. */
export interface Told {
  readonly peer: Peer | undefined;
  readonly changes: Changes;
  /** The resources it has subscribed to. */
  readonly followed: ReadonlySet<string>;
  /** Whose jobs it is told of. */
  readonly owner: string;
  readonly scrub: Scrub;
}

/** What a peer that shook hands is told of a change; nothing where it was not told that it would be. */
export function announcementOf(
  change: Change,
  { peer, changes, followed, owner, scrub }: Told,
): Announcement | undefined {
  if (peer === undefined) return undefined;
  if ('resource' in change) {
    const { resource: uri } = change;
    return followed.has(uri) && mayKnow(change, owner) ? { method: UPDATED, params: { uri } } : undefined;
  }
  if ('job' in change) {
    const { job } = change;
    const isTold = peer.revision.tasks === 'core' && job.isTask && job.owner === owner;
    return isTold ? { method: 'notifications/tasks/status', params: coreTask(asCore(job, scrub)) } : undefined;
  }
  return changes[change.list] ? { method: listMethod(change.list) } : undefined;
}
