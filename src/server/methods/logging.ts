// logging/setLevel: the level of log messages for all that follows on a link with a handshake. A request with
// an envelope carries its own level instead.
// Follows MCP 2025-11-25 server/utilities/logging.

import type { RawJson } from '../../core/json.ts';
import type { SetLevelParams } from '../../protocol/params.ts';
import type { McpContext } from '../context.ts';
import { EMPTY } from './opening.ts';

export function setLevel({ level }: SetLevelParams, { site }: McpContext): RawJson {
  site.peers.wantsLog(level);
  return EMPTY;
}
