// What the handlers of one link share, and what each is told of the request it answers.

import type { Catalog, ModelMethods } from '../catalog/tool.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Soon } from '../core/store.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import type { Meta } from '../protocol/envelope.ts';
import type { Scrub } from '../protocol/errors.ts';
import type { MethodRow, Offered } from '../protocol/methods.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Changes, ServerInfo, Stamp } from '../protocol/shape.ts';
import type { RpcContext } from '../rpc/handlers.ts';
import type { ChangeFeed } from './changes.ts';
import type { ClientRoots } from './call/client-roots.ts';
import type { LogGate } from './call/client-log.ts';
import type { Peers } from './peers.ts';
import type { ProgressMode } from './call/progress.ts';
import type { ListPages } from './list-pages.ts';
import type { StateSeal } from './call/sealed-state.ts';

export interface McpOptions {
  /** The snapshot of what is offered; a call keeps the one it began with. */
  readonly catalog: () => Catalog;
  readonly methods: ModelMethods;
  readonly info: ServerInfo;
  /** What the client is told of when it changes. */
  readonly changes: Changes;
  /** Says what changes. */
  readonly feed: ChangeFeed;
  /** The calls that outlive their requests. */
  readonly jobs: Jobs;
  /** Told of an owner that is gone for good: nobody will ask for what is its own. */
  readonly left?: ((owner: string) => void) | undefined;
  /** Lets a call in and answers how to say that it is over; absent: nobody is limited. Throws or rejects when one is. */
  readonly enter?: ((client: string) => Soon<() => void>) | undefined;
  /** Shown to the client's model at the start, where the client does that. */
  readonly instructions?: string | undefined;
  readonly progress: ProgressMode;
  /** How long a call keeps a client waiting that may not wait for longer than most do; 0: as long as it takes. */
  readonly softDeadlineMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The time a call has, over all attempts. */
  readonly totalMs: () => number;
  /** Most tools on one page of the list. */
  readonly pageSize: number;
  /** Takes secrets out of a text that is about to be shown. */
  readonly scrub: Scrub;
}

/**
 * What a conversation lasts as long as: the process whose only client has it, a session of a client over HTTP, or one
 * request of somebody.
 */
export type Carrier = 'process' | 'session' | 'request';

/** What is known of a peer before it says anything. */
export interface Arrival {
  /** Absent: the process. */
  readonly carrier?: Carrier;
  /** The name of its key; absent where clients have none. */
  readonly client?: string;
  /** One that needs no handshake. */
  readonly peer?: Peer;
}

/** The options, and what all conversations share. */
export interface Shared extends McpOptions {
  readonly pages: ListPages;
  readonly stamp: Stamp;
  readonly seal: StateSeal;
  /** What the catalog holds, as far as methods depend on it. */
  readonly offered: () => Offered;
}

/** The same, and the state of one conversation. */
export interface Site extends Shared {
  readonly client: string | undefined;
  readonly carrier: Carrier;
  /** Whose the calls are that outlive their requests; nobody else finds them. */
  readonly owner: string;
  /** Those of them that can be read. */
  readonly ownJobs: OwnJobs;
  /** What the client said of the folders it works in. */
  readonly roots: ClientRoots;
  readonly peers: Peers;
  readonly gate: LogGate;
  /** Tells the client what no request under way is about; undefined while there is no way to. */
  readonly main: { tell: ((method: string, params?: unknown) => void) | undefined };
  /** The resources that the peer has subscribed to, by their addresses. */
  readonly followed: Set<string>;
}

export interface McpContext {
  readonly site: Site;
  readonly rpc: RpcContext;
  readonly peer: Peer;
  readonly meta: Meta | undefined;
  readonly row: MethodRow;
}
