// tools/list and tools/call: from a name and arguments to a result, and from a failure to the form it takes.
// Knows no tool by name and no model; what a tool does is the catalog's business.
// Follows MCP server/tools (error handling) and protocol/MCP.md sections 5.1 and 5.2.

import { refuse } from '../core/problems.ts';
import type { Catalog, Tool, ToolContext } from '../catalog/tool.ts';
import { Fault } from '../core/fault.ts';
import type { JsonObject, RawJson } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { check } from '../core/schema.ts';
import type { Job } from '../jobs/job.ts';
import { accountOf, quoted } from '../protocol/errors.ts';
import type { Scrub } from '../protocol/errors.ts';
import type { CallParams, ListParams } from '../protocol/params.ts';
import { callResult, listedTool } from '../protocol/shape.ts';
import type { Body, CallFields } from '../protocol/shape.ts';
import { coreTask, extensionTask, taskFormOf, tasksNotDeclared } from '../protocol/task-shape.ts';
import { orAsk } from './call/ask.ts';
import { admit, openCall } from './call/call.ts';
import { runDetachable } from './call/detachable.ts';
import type { McpContext } from './context.ts';
import { pageFor } from './resources.ts';
import { withOfferedNext } from './offered-next.ts';

export function listTools({ cursor }: ListParams, ctx: McpContext): RawJson {
  const { site, peer } = ctx;
  const list = { member: 'tools', items: site.catalog().tools, nameOf: (tool: Tool) => tool.name, listed: listedTool };
  return site.pages.page(list, peer.revision, pageFor(cursor, ctx));
}

export async function callTool(params: CallParams, ctx: McpContext): Promise<Body> {
  const { site, peer } = ctx;
  const tool = toolNamed(params.name, site.catalog());
  const mode = modeOf(tool, params, ctx);
  const call = openCall(ctx, { tool: tool.name });
  let leave: (() => void) | undefined;
  let rest: Promise<void> | undefined;
  try {
    const entered = admit(ctx, call.context);
    leave = entered instanceof Promise ? await entered : entered;
    const args = accepted(tool, params.arguments);
    const run = async (context: ToolContext): Promise<Body> => callResult(await tool.run(args, context), peer.revision);
    return await orAsk(ctx, { of: tool.name, args, answers: params.answers }, (asking) =>
      mode === 'answer'
        ? run({ ...call.context, asking })
        : runDetachable(ctx, call.context, {
            run,
            asking,
            atOnce: mode === 'task',
            handle: (job, ending) => {
              rest = ending;
              return handleOf(job, ctx);
            },
            failed: (thrown) => failed(thrown, ctx),
          }),
    );
  } catch (thrown) {
    return failed(thrown, ctx);
  } finally {
    const over = (): void => {
      leave?.();
      call.close();
    };
    if (rest === undefined) over();
    else void rest.then(over);
  }
}

/**
 * How a call is answered: with what it comes to, with a task that is there at once, or with a task when the tool says so.
 * Throws where tool and client do not fit together.
 */
function modeOf({ task, detachesItself }: Tool, { asTask }: CallParams, ctx: McpContext): 'answer' | 'task' | 'either' {
  const form = taskFormOf(ctx.peer);
  const isWanted = form === 'extension' || (form === 'core' && asTask);
  if (task === undefined) {
    if (form === 'core' && asTask && ctx.site.offered().tasks) throw unknown('a call of this tool cannot be a task');
    return 'answer';
  }
  if (isWanted) return form === 'extension' && detachesItself === true ? 'either' : 'task';
  if (task !== 'required') return 'answer';
  throw ctx.peer.revision.tasks === 'extension' ? tasksNotDeclared() : unknown('a call of this tool must be a task');
}

function unknown(why: string): Fault {
  return new Fault('unknown-method', `Not available: ${why}.`);
}

/** The answer that stands for a job. */
function handleOf(job: Job, { peer }: McpContext): Body {
  return peer.revision.tasks === 'core' ? { task: coreTask(job) } : { resultType: 'task', ...extensionTask(job) };
}

/** What a failure comes to. Throws it where it is none of the tool's. */
function failed(thrown: unknown, { site, peer }: McpContext): Body {
  const fault = withOfferedNext(Fault.from(thrown), site.catalog());
  return callResult(outcome(fault, site.scrub), peer.revision);
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
