// Who sends a message, decided for each message from the message alone: an envelope makes it a request that
// needs no handshake, whatever came before on the same link; without one the handshake holds, if there was one.
// Follows MCP 2026-07-28, basic/lifecycle (both kinds may share a connection); protocol/MCP.md section 2.2.

import { Fault } from '../core/fault.ts';
import { isClaim, metaOf, readEnvelope } from '../protocol/envelope.ts';
import type { Meta } from '../protocol/envelope.ts';
import type { LoggingLevel } from '../protocol/levels.ts';
import { STRANGER } from '../protocol/peer.ts';
import type { Peer } from '../protocol/peer.ts';
import type { BatchMembers } from './messages.ts';

export class Peers {
  #settled: Peer | undefined;

  constructor(settled?: Peer) {
    this.#settled = settled;
  }

  /** The peer as it settled things by handshake; the last one counts. */
  settle(peer: Peer): void {
    this.#settled = peer;
  }

  /** From now on the settled peer wants log messages of this level and above. */
  wantsLog(logLevel: LoggingLevel): void {
    if (this.#settled !== undefined) this.#settled = { ...this.#settled, logLevel };
  }

  /** The peer that opened with a handshake, if one did. */
  get settled(): Peer | undefined {
    return this.#settled;
  }

  /** Who sends this request. Throws what is wrong with its envelope, if it claims one. */
  of(method: string, meta: Meta | undefined): Peer {
    if (!isClaim(meta)) return this.#settled ?? STRANGER;
    if (method !== 'initialize') return readEnvelope(meta);
    // A handshake in a bad envelope is still a handshake; only in a good one it is a method that is not there.
    return envelopeOf(meta) ?? this.#settled ?? STRANGER;
  }

  /** Why an array may not be answered member by member; `undefined` when it may. */
  refuseBatch(members: BatchMembers): Fault | undefined {
    if (this.#settled?.revision.batching !== true) return refused('batches are not part of the revision spoken here');
    if (members.length === 0) return refused('the batch is empty');
    if (members.some(claims)) return refused('a request with its own protocol version may not come in a batch');
    return undefined;
  }
}

function envelopeOf(meta: Meta): Peer | undefined {
  try {
    return readEnvelope(meta);
  } catch {
    return undefined;
  }
}

function claims(member: BatchMembers[number]): boolean {
  return (member.kind === 'request' || member.kind === 'notification') && isClaim(metaOf(member.params));
}

function refused(why: string): Fault {
  return new Fault('invalid-request', `Invalid request: ${why}.`);
}
