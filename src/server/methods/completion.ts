// completion/complete: with messages it asks a model (product sheet, section 5). With a `ref` it is the specification's
// completion of an argument of a prompt or a resource template.
// Follows MCP server/utilities/completion.

import type { Complete } from '../../catalog/resource.ts';
import { Fault } from '../../core/fault.ts';
import type { JsonObject } from '../../core/json.ts';
import { quoted } from '../../protocol/errors.ts';
import { readComplete } from '../../protocol/params.ts';
import type { CompleteParams } from '../../protocol/params.ts';
import { inCall } from '../call/call.ts';
import type { McpContext } from '../context.ts';
import { promptNamed } from './prompts.ts';

/** The specification's own bound. */
const MAX_VALUES = 100;

export function complete(params: JsonObject, ctx: McpContext): Promise<JsonObject> {
  if (Object.hasOwn(params, 'ref')) return completeArgument(readComplete(params), ctx);
  return inCall(ctx, { method: 'completion/complete' }, (call) => ctx.site.methods.complete(params, call));
}

function completeArgument({ ref, argument, given }: CompleteParams, ctx: McpContext): Promise<JsonObject> {
  const suggest = suggesting(ref, argument.name, ctx);
  return inCall(ctx, { method: 'completion/complete' }, async (call) => {
    const all = (await suggest?.(argument, given, call)) ?? [];
    const values = all.slice(0, MAX_VALUES);
    return { completion: { values, total: all.length, hasMore: all.length > values.length } };
  });
}

/** Who suggests values; nobody, for an argument about which nothing is known. */
function suggesting(ref: CompleteParams['ref'], argument: string, ctx: McpContext): Complete | undefined {
  if ('prompt' in ref) {
    const prompt = promptNamed(ref.prompt, ctx);
    if (prompt.arguments.some(({ name }) => name === argument)) return prompt.complete;
    throw new Fault('invalid-params', `Invalid params: the prompt has no argument ${quoted(argument)}.`);
  }
  const { templates, listed } = ctx.site.catalog().resources;
  const template = templates.find(({ uriTemplate }) => uriTemplate === ref.template);
  if (template !== undefined) return template.complete;
  // A resource is a template without variables.
  if (listed.some(({ uri }) => uri === ref.template)) return undefined;
  throw new Fault('invalid-params', `Unknown ref: no resource template is ${quoted(ref.template)}.`);
}
