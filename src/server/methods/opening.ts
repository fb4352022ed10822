// How a conversation opens: the handshake, the question that replaced it, and the ping.
// Follows MCP 2025-11-25 basic/lifecycle and 2026-07-28 server/discover.

import { RawJson } from '../../core/json.ts';
import type { InitializeParams } from '../../protocol/params.ts';
import { NEWEST_WITH_HANDSHAKE, revisionOf } from '../../protocol/revisions.ts';
import { discoverResult, initializeResult } from '../../protocol/shape.ts';
import type { Body } from '../../protocol/shape.ts';
import type { McpContext } from '../context.ts';

/** The answer that says nothing; already encoded, for the ping is the cheapest thing we do. */
export const EMPTY: RawJson = new RawJson('{}');

/**
 * Settles the revision: the one asked for where it has a handshake, else the newest that has one, as a result
 * and never as an error, because clients cannot recover from that. A second handshake settles it anew.
 */
export function initialize({ protocolVersion, client, capabilities }: InitializeParams, { site }: McpContext): Body {
  const revision = revisionOf(protocolVersion, 'initialize') ?? NEWEST_WITH_HANDSHAKE;
  site.peers.settle({ revision, client, capabilities, logLevel: 'warning', introduced: true });
  site.log.debug('client connected', { client: client?.name, version: client?.version, revision: revision.date });
  return initializeResult(revision, { ...site, offered: site.offered() });
}

export function discover(_: undefined, { site, peer }: McpContext): Body {
  return discoverResult(peer.revision, { ...site, offered: site.offered() });
}

export function ping(): RawJson {
  return EMPTY;
}
