// The methods beyond the specification that ask models (product sheet, section 5): the wire's side of them.
// What they answer is the catalog's business; a failure is a JSON-RPC error, as these are no tools.

import type { JsonObject } from '../../core/json.ts';
import { inCall } from '../call/call.ts';
import type { McpContext } from '../context.ts';

export function listModels(params: JsonObject, ctx: McpContext): Promise<JsonObject> {
  return inCall(ctx, { method: 'models/list' }, (call) => ctx.site.methods.list(params, call));
}

export function createCompletion(params: JsonObject, ctx: McpContext): Promise<JsonObject> {
  return inCall(ctx, { method: 'createCompletion' }, (call) => ctx.site.methods.createCompletion(params, call));
}
