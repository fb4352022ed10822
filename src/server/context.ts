// What the handlers of one link share, and what each is told of the request it answers.

import type { Catalog, ModelMethods } from '../catalog/tool.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Soon } from '../core/store.ts';
import type { Meta } from '../protocol/envelope.ts';
import type { Scrub } from '../protocol/errors.ts';
import type { MethodRow } from '../protocol/methods.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Changes, ServerInfo, Stamp } from '../protocol/shape.ts';
import type { RpcContext } from '../rpc/connection.ts';
import type { ChangeFeed } from './changes.ts';
import type { LogGate } from './client-log.ts';
import type { Peers } from './peers.ts';
import type { ProgressMode } from './progress.ts';
import type { ToolPages } from './tool-pages.ts';

export interface McpOptions {
  /** The snapshot of what is offered; a call keeps the one it began with. */
  readonly catalog: () => Catalog;
  readonly methods: ModelMethods;
  readonly info: ServerInfo;
  /** What the client is told of when it changes. */
  readonly changes: Changes;
  /** Says what changes. */
  readonly feed: ChangeFeed;
  /** Lets a call in and answers how to say that it is over; absent: nobody is limited. Throws or rejects when one is. */
  readonly enter?: ((client: string) => Soon<() => void>) | undefined;
  /** Shown to the client's model at the start, where the client does that. */
  readonly instructions?: string | undefined;
  readonly progress: ProgressMode;
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

/** What is known of a peer before it says anything. */
export interface Arrival {
  /** The name of its key; absent where clients have none. */
  readonly client?: string;
  /** One that needs no handshake. */
  readonly peer?: Peer;
}

/** The state of one conversation. */
interface OwnSite {
  readonly client: string | undefined;
  readonly peers: Peers;
  readonly pages: ToolPages;
  readonly gate: LogGate;
  readonly stamp: Stamp;
}

/** The options and the state of one conversation. */
export type Site = McpOptions & OwnSite;

/** Member by member: spreading the options takes five times as long, and is done for every request without a session. */
export function siteOf(options: McpOptions, own: OwnSite): Site {
  return {
    catalog: options.catalog,
    methods: options.methods,
    info: options.info,
    changes: options.changes,
    feed: options.feed,
    enter: options.enter,
    instructions: options.instructions,
    progress: options.progress,
    clock: options.clock,
    random: options.random,
    log: options.log,
    totalMs: options.totalMs,
    pageSize: options.pageSize,
    scrub: options.scrub,
    client: own.client,
    peers: own.peers,
    pages: own.pages,
    gate: own.gate,
    stamp: own.stamp,
  };
}

export interface McpContext {
  readonly site: Site;
  readonly rpc: RpcContext;
  readonly peer: Peer;
  readonly meta: Meta | undefined;
  readonly row: MethodRow;
}
