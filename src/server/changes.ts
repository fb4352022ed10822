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
  readonly #streams = new Set<(change: Change) => void>();

  /** Until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The same for a stream that was opened to listen, which is counted: others are told because they are there. */
  listen(listener: (change: Change) => void): () => void {
    const unsubscribe = this.subscribe(listener);
    this.#streams.add(listener);
    return () => {
      this.#streams.delete(listener);
      unsubscribe();
    };
  }

  /** How many streams there are. */
  get streams(): number {
    return this.#streams.size;
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
