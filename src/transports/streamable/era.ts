// Which of the two kinds of MCP a POST belongs to, from its message and one header. Pure.
// Follows protocol/MCP.md 4.2: the first rule that matches.

import { Fault } from '../../core/fault.ts';
import { isClaim, metaOf, readEnvelope } from '../../protocol/envelope.ts';
import type { Meta } from '../../protocol/envelope.ts';
import { revisionOf } from '../../protocol/revisions.ts';
import type { Revision } from '../../protocol/revisions.ts';
import type { Batch, Malformed, Single } from '../../wire/jsonrpc.ts';

/** How its peer opens, or why it is neither. */
export type Era = Revision['opening'] | Fault;

/** Whether a version header names a revision in which every request stands alone. */
export function isStandalone(version: string | undefined): boolean {
  return version !== undefined && revisionOf(version, 'per request') !== undefined;
}

export function eraOf(message: Batch | Exclude<Single, Malformed>, version: string | undefined): Era {
  const standsAlone = isStandalone(version);
  if (message.kind === 'request' || message.kind === 'notification') {
    const meta = metaOf(message.params);
    if (message.kind === 'request' && message.method === 'initialize') return openingOf(meta, standsAlone);
    if (isClaim(meta)) return 'per request';
    if (!standsAlone) return 'initialize';
    return message.kind === 'notification' ? 'per request' : noEnvelope();
  }
  if (!standsAlone) return 'initialize';
  const what = message.kind === 'batch' ? 'batches' : 'responses';
  return new Fault('invalid-request', `Invalid request: the revision of the header knows no ${what}.`);
}

/** A handshake in a bad envelope is still a handshake; only in a good one it is a method that is not there. */
function openingOf(meta: Meta | undefined, standsAlone: boolean): Era {
  if (isClaim(meta) && isSound(meta)) return 'per request';
  if (!standsAlone) return 'initialize';
  return new Fault('header-mismatch', 'Header mismatch: MCP-Protocol-Version names a revision without initialize.');
}

function isSound(meta: Meta): boolean {
  try {
    readEnvelope(meta);
    return true;
  } catch {
    return false;
  }
}

/** As the engine complains of an envelope that lacks a member. */
function noEnvelope(): Fault {
  try {
    readEnvelope({});
  } catch (thrown) {
    return Fault.from(thrown);
  }
  return new Fault('invalid-envelope', 'Invalid _meta.');
}
