// tools/list and tools/call: from a name and arguments to a result, and from a failure to the form it takes.
// Knows no tool by name and no model; what a tool does is the catalog's business.
// Follows MCP server/tools (error handling) and protocol/MCP.md sections 5.1 and 5.2.

import { refuse } from '../../core/problems.ts';
import type { Catalog, ContentBlock, ImageBlock, Tool, ToolContext, ToolResult } from '../../catalog/tool.ts';
import { Fault } from '../../core/fault.ts';
import type { JsonObject, RawJson } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { check } from '../../core/schema.ts';
import type { Ending, Job } from '../../jobs/job.ts';
import { accountOf, quoted } from '../../protocol/errors.ts';
import type { Scrub } from '../../protocol/errors.ts';
import type { CallParams, ListParams } from '../../protocol/params.ts';
import type { Revision } from '../../protocol/revisions.ts';
import { callResult, listedTool } from '../../protocol/shape.ts';
import type { Body } from '../../protocol/shape.ts';
import { coreTask, extensionTask, taskFormOf, tasksNotDeclared } from '../../protocol/task-shape.ts';
import { orAsk } from '../call/ask.ts';
import { admit, openCall } from '../call/call.ts';
import type { Call } from '../call/call.ts';
import { runDetachable } from '../call/detachable.ts';
import type { DetachTerms, Ran } from '../call/detachable.ts';
import { isReachable } from '../call/patience.ts';
import type { McpContext } from '../context.ts';
import { pageFor } from './resources.ts';
import { withOfferedNext } from '../offered-next.ts';

export function listTools({ cursor }: ListParams, ctx: McpContext): RawJson {
  const { site, peer } = ctx;
  const list = { member: 'tools', items: site.catalog().tools, nameOf: (tool: Tool) => tool.name, listed: listedTool };
  return site.pages.page(list, peer.revision, pageFor(cursor, ctx));
}

export async function callTool(params: CallParams, ctx: McpContext): Promise<Body> {
  const { site, peer } = ctx;
  const tool = toolNamed(params.name, site.catalog());
  const mode = modeOf(tool, params, ctx);
  const call = openCall(ctx, { tool: tool.name }, tool);
  let leave: (() => void) | undefined;
  let rest: Promise<void> | undefined;
  try {
    const entered = admit(ctx, call.context);
    leave = entered instanceof Promise ? await entered : entered;
    const args = accepted(tool, params.arguments);
    const run = async (context: ToolContext): Promise<Ran> => ranOf(await tool.run(args, context), peer.revision);
    return await orAsk(ctx, { of: tool.name, args, answers: params.answers }, async (asking) => {
      if (mode === 'answer' && tool.pending === undefined) return (await run({ ...call.context, asking })).body;
      return runDetachable(ctx, call.context, {
        terms: detachTerms(tool, { mode, call, ttlMs: params.ttlMs }, ctx),
        run,
        asking,
        handle: (job, ending) => {
          rest = ending;
          // Its request is answered, so nobody hears of the call's progress any more.
          call.close();
          call.detached();
          return handleOf(job, { tool, mode, context: call.context }, ctx);
        },
        failed: (fault) => ranOf(failedFields(fault, ctx), peer.revision),
      });
    });
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

type Mode = 'answer' | 'task' | 'either';

/**
 * How a call is answered: with what it comes to, with a task that is there at once, or with a task when the tool says so
 * or it takes long.
 * Throws where tool and client do not fit together.
 */
function modeOf({ task, detachesItself, pending }: Tool, { asTask }: CallParams, ctx: McpContext): Mode {
  const form = taskFormOf(ctx.peer);
  const isWanted = form === 'extension' || (form === 'core' && asTask);
  if (task === undefined) {
    if (form === 'core' && asTask && ctx.site.offered().tasks) throw unknown('a call of this tool cannot be a task');
    return 'answer';
  }
  if (isWanted) return form === 'extension' && (detachesItself === true || pending !== undefined) ? 'either' : 'task';
  if (task !== 'required') return 'answer';
  throw ctx.peer.revision.tasks === 'extension' ? tasksNotDeclared() : unknown('a call of this tool must be a task');
}

function unknown(why: string): Fault {
  return new Fault('unknown-method', `Not available: ${why}.`);
}

interface Opened {
  readonly mode: Mode;
  readonly call: Call;
  /** How long the client wants a task kept. */
  readonly ttlMs: number | undefined;
}

/** How a call may outlive its request, by what its client knows of that and how long it waits. */
function detachTerms({ name, pending }: Tool, { mode, call, ttlMs }: Opened, { site, peer }: McpContext): DetachTerms {
  const isFound = isReachable(site.carrier, call.traits);
  const isReadable = isFound && site.catalog().tools.some((one) => one.readsJobs);
  const isHandedOver = pending !== undefined && (isReadable || (isFound && mode === 'either'));
  return {
    about: name,
    atOnce: mode === 'task',
    isTask: mode !== 'answer',
    softMs: isHandedOver ? call.context.patienceMs : undefined,
    ttlMs: mode === 'task' && peer.revision.tasks === 'core' ? ttlMs : undefined,
    keeps: isReadable,
  };
}

interface Detached {
  readonly tool: Tool;
  readonly mode: Mode;
  readonly context: ToolContext;
}

/** The answer that stands for a job: a task, or the tool's own words with what there is so far. */
function handleOf(job: Job, { tool, mode, context }: Detached, { peer }: McpContext): Body {
  if (mode === 'answer' && tool.pending !== undefined) return callResult(tool.pending(job, context), peer.revision);
  return peer.revision.tasks === 'core' ? { task: coreTask(job) } : { resultType: 'task', ...extensionTask(job) };
}

function ranOf(result: ToolResult, revision: Revision): Ran {
  return { body: callResult(result, revision), ending: () => endingOf(result) };
}

function endingOf(result: ToolResult): Ending {
  const { isError = false, meta = {}, content } = result;
  const images = content.filter(isImage);
  return { blocks: isError ? firstText(result) : (result.tail?.() ?? []), meta, isError, images };
}

function isImage(block: ContentBlock): block is ImageBlock {
  return block.type === 'image' || block.type === 'resource_link';
}

function firstText({ content }: ToolResult): readonly string[] {
  const block = content.find(({ type }) => type === 'text');
  return block?.type === 'text' ? [String(block.text)] : [];
}

/** What a failure comes to. Throws it where it is none of the tool's. */
function failed(thrown: unknown, ctx: McpContext): Body {
  return callResult(failedFields(Fault.from(thrown), ctx), ctx.peer.revision);
}

function failedFields(fault: Fault, { site }: McpContext): ToolResult {
  return outcome(withOfferedNext(fault, site.catalog()), site.scrub);
}

/**
 * What becomes of a fault raised once the tool was found: one with a caller's code is a result that is an
 * error, which a model can read and act on. The rest, bugs and cancels, stay faults.
 */
export function outcome(fault: Fault, scrub: Scrub): ToolResult {
  const account = accountOf(fault, scrub);
  if (account === undefined) throw fault;
  const content: ContentBlock[] = [{ type: 'text', text: account.text }];
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
