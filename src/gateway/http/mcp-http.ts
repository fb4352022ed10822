// MCP over HTTP as rows for the carrier's table of paths: the Streamable HTTP endpoint, and the
// transport before it.

import type { Catalog } from '../../catalog/tool.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Secrets } from '../../core/secrets.ts';
import { headerParamsOf } from '../../protocol/header-params.ts';
import type { HeaderParam } from '../../protocol/header-params.ts';
import { createStreamable } from '../../transports/streamable/endpoint.ts';
import type { StreamableSetup } from '../../transports/streamable/endpoint.ts';
import { createSse } from '../../transports/sse/endpoint.ts';
import type { Face } from '../../transports/http/faces.ts';
import type { Problem } from '../../transports/http/refusal.ts';

export interface McpHttpParts {
  readonly open: StreamableSetup['open'];
  readonly catalog: () => Catalog;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly maxBodyBytes: number;
}

/** What the carrier itself refuses, in the words of those who ask here. */
function refusal({ message }: Problem): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32600, message } });
}

const MESSAGES = '/messages';

const NONE: readonly HeaderParam[] = [];

export function mcpFaces({ open, catalog, clock, random, secrets, maxBodyBytes }: McpHttpParts): readonly Face[] {
  const known = new WeakMap<object, readonly HeaderParam[]>();
  const headerParams = (name: string): readonly HeaderParam[] => {
    const schema = catalog().find(name)?.inputSchema;
    if (schema === undefined) return NONE;
    let params = known.get(schema);
    if (params === undefined) known.set(schema, (params = headerParamsOf(schema)));
    return params;
  };
  const scrub = (text: string): string => secrets.scrub(text);
  const shared = { open, clock, random, scrubber: secrets, scrub, maxBodyBytes };
  const streamable = createStreamable({ ...shared, headerParams });
  const sse = createSse({ ...shared, messagesPath: MESSAGES });
  return [
    {
      path: '/mcp',
      methods: streamable.methods,
      serve: streamable.serve,
      drain: streamable.drain,
      review: streamable.review,
      refusal,
    },
    { path: '/sse', methods: ['GET'], serve: sse.stream, drain: sse.drain, review: sse.review },
    { path: MESSAGES, methods: ['POST'], serve: sse.messages },
  ];
}
