// MCP over HTTP as rows for the carrier's table of paths: the Streamable HTTP endpoint.

import type { Catalog } from '../catalog/tool.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Secrets } from '../core/secrets.ts';
import { headerParamsOf } from '../protocol/header-params.ts';
import type { HeaderParam } from '../protocol/header-params.ts';
import { createStreamable } from '../transports/streamable/endpoint.ts';
import type { StreamableSetup } from '../transports/streamable/endpoint.ts';
import type { Serve } from '../wire/exchange.ts';

export interface McpHttpParts {
  readonly open: StreamableSetup['open'];
  readonly catalog: () => Catalog;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly maxBodyBytes: number;
}

/** A path of the HTTP server, and who serves it. */
export interface McpFace {
  readonly path: string;
  readonly methods: readonly string[];
  readonly serve: Serve;
  readonly drain: () => void;
}

const NONE: readonly HeaderParam[] = [];

export function mcpFaces({ open, catalog, clock, random, secrets, maxBodyBytes }: McpHttpParts): readonly McpFace[] {
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
  return [{ path: '/mcp', methods: streamable.methods, serve: streamable.serve, drain: streamable.drain }];
}
