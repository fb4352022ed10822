// Which arguments of a tool are said again in a header: those whose schema has `x-mcp-header`. Clients drop a tool that
// marks anything a header cannot hold, so that is passed over here.
// Follows MCP 2026-07-28 server/tools (x-mcp-header).

import { isObject } from '../core/json.ts';

export interface HeaderParam {
  /** What stands behind `Mcp-Param-`, as the schema writes it. */
  readonly header: string;
  /** From the arguments to the value. */
  readonly path: readonly string[];
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const TYPES: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/** The marked arguments of an input schema, in its order. */
export function headerParamsOf(schema: object, above: readonly string[] = []): readonly HeaderParam[] {
  const { properties } = { properties: undefined, ...schema };
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const path = [...above, name];
    const header = property['x-mcp-header'];
    const isMarked = typeof header === 'string' && TOKEN.test(header) && TYPES.has(property['type']);
    return isMarked ? [{ header, path }] : headerParamsOf(property, path);
  });
}
