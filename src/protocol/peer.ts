// Who asks, as a value: made by the handshake, or anew from the envelope of every request. Handlers read it
// and never ask which of the two it was.

import type { LoggingLevel } from './levels.ts';
import { NEWEST_WITH_HANDSHAKE } from './revisions.ts';
import type { Revision } from './revisions.ts';

/** What a client says of itself; for the log, and for what clients of that name are spared (clients.ts). */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

export interface Peer {
  readonly revision: Revision;
  readonly client: ClientInfo | undefined;
  /** What it says it can do, by the names of MCP's ClientCapabilities. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** The least severe log message it wants; `undefined`: none at all. */
  readonly logLevel: LoggingLevel | undefined;
  /** False for one that has neither shaken hands nor sent an envelope. */
  readonly introduced: boolean;
}

/** Somebody who asks before any handshake: served little, in the shapes of the newest revision that has one. */
export const STRANGER: Peer = {
  revision: NEWEST_WITH_HANDSHAKE,
  client: undefined,
  capabilities: {},
  logLevel: undefined,
  introduced: false,
};
