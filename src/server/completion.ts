// completion/complete: with messages it asks a model (product sheet, section 5). With a `ref` it is the
// specification's completion of an argument, and every ref is unknown as long as there is nothing to refer to.
// Follows MCP server/utilities/completion.

import { Fault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import { inCall } from './call.ts';
import type { McpContext } from './context.ts';

export function complete(params: JsonObject, ctx: McpContext): Promise<JsonObject> {
  if (Object.hasOwn(params, 'ref')) {
    throw new Fault('invalid-params', 'Unknown ref: this server offers no prompts and no resource templates.');
  }
  return inCall(ctx, { method: 'completion/complete' }, (call) => ctx.site.methods.complete(params, call));
}
