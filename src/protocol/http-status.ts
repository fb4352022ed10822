// The HTTP status that a JSON-RPC answer goes out with: what a fault means to whoever reads only the status line.
// Follows MCP 2026-07-28 basic/transports (400 for what is wrong with the request itself, 404 for a method that is not
// there); 2025-11-25 says less, and its clients take an error for the answer only where the status is 200.

import type { FaultKind } from '../core/fault.ts';
import type { Revision } from './revisions.ts';

interface Row {
  /** Of a peer that shook hands. */
  readonly handshake: number;
  readonly perRequest: number;
}

const same = (status: number): Row => ({ handshake: status, perRequest: status });

/** What is not here is an answer like any other: 200. */
const ROWS: Readonly<Partial<Record<FaultKind, Row>>> = {
  parse: same(400),
  'invalid-request': same(400),
  'unknown-method': { handshake: 200, perRequest: 404 },
  'unsupported-revision': same(400),
  'invalid-envelope': same(400),
  'header-mismatch': same(400),
  'missing-capability': same(400),
  'too-large': same(413),
};

/** The status of an answer that failed for this reason, or of one that did not. */
export function httpStatus(fault: FaultKind | undefined, opening: Revision['opening']): number {
  const row = fault === undefined ? undefined : ROWS[fault];
  if (row === undefined) return 200;
  return opening === 'initialize' ? row.handshake : row.perRequest;
}
