// What changes while peers are connected, told once to everybody who asked: peers with a handshake by what they are
// owed, the others by the streams they listen on.
// Follows MCP 2025-11-25 server/tools (list changed), server/resources (subscriptions); 2026-07-28 subscriptions.

import type { Change } from '../catalog/tool.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Changes } from '../protocol/shape.ts';

export class ChangeFeed {
  readonly #listeners = new Set<(change: Change) => void>();

  /** Until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
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

/** What a peer that shook hands is told of a change without asking; nothing where it was not told that it would be. */
export function announcementOf(change: Change, peer: Peer | undefined, changes: Changes): Announcement | undefined {
  if (peer === undefined || !changes[change.list]) return undefined;
  return { method: `notifications/${change.list}/list_changed` };
}
