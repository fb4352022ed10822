// Opens the conversation of one peer, whatever carries it: what MCP means, on the engine that runs requests.

import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Peer } from '../protocol/peer.ts';
import { Conversation } from '../rpc/conversation.ts';
import { logged } from '../rpc/dispatcher.ts';
import type { Arrival, McpOptions } from '../server/context.ts';
import { mcpServer } from '../server/serve.ts';

export interface Opened {
  readonly conversation: Conversation;
  /** The peer as its handshake left it, once there was one. */
  readonly peer: () => Peer | undefined;
}

export type Open = (arrival?: Arrival) => Opened;

export function opening(mcp: McpOptions, { clock, log }: { readonly clock: Clock; readonly log: Log }): Open {
  const layer = logged(log, clock);
  const server = mcpServer(mcp);
  return (arrival) => {
    const handlers = server(arrival);
    const request = layer((message, ctx) => handlers.request(message, ctx));
    const conversation = new Conversation({
      handlers: { ...handlers, request },
      clock,
      log,
      announcements: (tell) => handlers.announcements(tell),
      left: () => handlers.left(),
    });
    return { conversation, peer: () => handlers.peer() };
  };
}
