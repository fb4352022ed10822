// tools/list and tools/call: from a name and arguments to a result, and from a failure to the form it takes.
// Knows no tool by name and no model; what a tool does is the catalog's business.
// Follows MCP server/tools (error handling) and protocol/MCP.md sections 5.1 and 5.2.

import { refuse } from '../core/problems.ts';
import type { Catalog, Tool } from '../catalog/tool.ts';
import { Fault } from '../core/fault.ts';
import type { JsonObject, RawJson } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { check } from '../core/schema.ts';
import { accountOf, quoted } from '../protocol/errors.ts';
import type { Scrub } from '../protocol/errors.ts';
import type { CallParams, ListParams } from '../protocol/params.ts';
import { callResult, listedTool } from '../protocol/shape.ts';
import type { Body, CallFields } from '../protocol/shape.ts';
import { orAsk } from './call/ask.ts';
import { admit, openCall } from './call/call.ts';
import type { McpContext } from './context.ts';
import { pageFor } from './resources.ts';

export function listTools({ cursor }: ListParams, ctx: McpContext): RawJson {
  const { site, peer } = ctx;
  const list = { member: 'tools', items: site.catalog().tools, nameOf: (tool: Tool) => tool.name, listed: listedTool };
  return site.pages.page(list, peer.revision, pageFor(cursor, ctx));
}

export async function callTool(params: CallParams, ctx: McpContext): Promise<Body> {
  const { site, peer } = ctx;
  const tool = toolNamed(params.name, site.catalog());
  const call = openCall(ctx, { tool: tool.name });
  let leave: (() => void) | undefined;
  try {
    admit(ctx);
    const entered = site.enter?.(call.context.client ?? '');
    leave = entered instanceof Promise ? await entered : entered;
    const args = accepted(tool, params.arguments);
    return await orAsk(ctx, { of: tool.name, args, answers: params.answers }, async (asking) =>
      callResult(await tool.run(args, { ...call.context, asking }), peer.revision),
    );
  } catch (thrown) {
    return callResult(outcome(Fault.from(thrown), site.scrub), peer.revision);
  } finally {
    leave?.();
    call.close();
  }
}

/**
 * What becomes of a fault raised once the tool was found: one with a caller's code is a result that is an
 * error, which a model can read and act on. The rest, bugs and cancels, stay faults.
 */
export function outcome(fault: Fault, scrub: Scrub): CallFields {
  const account = accountOf(fault, scrub);
  if (account === undefined) throw fault;
  const content = [{ type: 'text', text: account.text }];
  const { partial } = fault.data;
  if (partial !== undefined && partial !== '') content.push({ type: 'text', text: scrub(partial) });
  return { content, isError: true, meta: { 'anymodel/error': account.error } };
}

function toolNamed(name: string, catalog: Catalog): Tool {
  const tool = catalog.find(name);
  if (tool !== undefined) return tool;
  const near = nearest(
    name,
    catalog.tools.map((listed) => listed.name),
  );
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new Fault('invalid-params', `Unknown tool: ${quoted(name)}.${hint}`);
}

/** The arguments in the listed shape. Throws `INVALID_INPUT` naming every member that is not. */
function accepted(tool: Tool, given: JsonObject): JsonObject {
  const args = tool.widen === undefined ? given : tool.widen(given);
  refuse(check(tool.inputSchema, args));
  return args;
}
