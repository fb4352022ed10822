// What goes out, in the shape of the revision it goes to: members a revision does not know are left out,
// those it demands are added. Results are built once here and never changed afterwards.
// Follows MCP schema.ts of each revision; 2026-07-28 basic for `resultType`, `ttlMs`, `cacheScope`, serverInfo.

import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import type { Offered } from './methods.ts';
import { TASKS } from './task-shape.ts';
import { SUPPORTED_DATES } from './revisions.ts';
import type { Revision } from './revisions.ts';

/** A result, before or after it is stamped. */
export type Body = Readonly<Record<string, unknown>>;

export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
}

/** What is listed of a tool. */
export interface ToolFields {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly listedSchema?: object;
  readonly outputSchema?: object;
  readonly annotations: object;
  /** Whether a call may be a task, or must be; absent: neither. */
  readonly task?: 'optional' | 'required';
  readonly meta?: JsonObject;
}

/** What a tool call came to. */
export interface CallFields {
  readonly content: readonly unknown[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
  readonly meta?: JsonObject;
}

/** What is listed of a resource, a template or a prompt: their own members, of which only `title` is not in every revision. */
export interface ItemFields {
  readonly name: string;
  readonly title?: string;
  readonly [member: string]: unknown;
}

/** Completes a result as the revision demands; where it demands nothing, the result itself. */
export type Stamp = (body: Body, revision: Revision, cacheable: boolean) => Body;

export function stampFor(info: ServerInfo): Stamp {
  return (body, revision, cacheable) => {
    if (!revision.resultType) return body;
    const meta = body['_meta'];
    const who = { 'io.modelcontextprotocol/serverInfo': implementation(info, revision) };
    const stamped = {
      resultType: 'complete',
      ...body,
      _meta: typeof meta === 'object' ? { ...meta, ...who } : who,
    };
    // What is listed depends on keys and configuration, and may change with both: not to be kept or shared.
    const isComplete = stamped.resultType === 'complete';
    return cacheable && isComplete && revision.cacheHints ? { ...stamped, ttlMs: 0, cacheScope: 'private' } : stamped;
  };
}

/** What may change while a peer is connected. */
export interface Changes {
  /** The tools that are listed; the peer is told of it. */
  readonly tools: boolean;
  readonly prompts: boolean;
  readonly resources: boolean;
}

const CORE_TASKS: Body = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/** What we can do, in the words of the revision. */
function capabilities(revision: Revision, { changes, offered }: Introduction): Body {
  const listed = (list: keyof Changes): Body => (changes[list] ? { listChanged: true } : {});
  return {
    tools: listed('tools'),
    ...(offered.resources ? { resources: { subscribe: true, ...listed('resources') } } : {}),
    ...(offered.prompts ? { prompts: listed('prompts') } : {}),
    logging: {},
    ...(revision.completionsCapability ? { completions: {} } : {}),
    ...(offered.tasks && revision.tasks === 'core' ? { tasks: CORE_TASKS } : {}),
    [revision.extensionsMember]: {
      'anymodel/models': {},
      ...(offered.tasks && revision.tasks === 'extension' ? { [TASKS]: {} } : {}),
    },
  };
}

function implementation({ name, version, title }: ServerInfo, revision: Revision): Body {
  return title === undefined || !revision.titles ? { name, version } : { name, title, version };
}

/** How a server introduces itself. */
export interface Introduction {
  readonly info: ServerInfo;
  readonly instructions?: string | undefined;
  readonly changes: Changes;
  readonly offered: Offered;
}

export function initializeResult(revision: Revision, introduction: Introduction): Body {
  const { info, instructions } = introduction;
  return {
    protocolVersion: revision.date,
    capabilities: capabilities(revision, introduction),
    serverInfo: implementation(info, revision),
    ...(instructions === undefined ? {} : { instructions }),
  };
}

export function discoverResult(revision: Revision, introduction: Introduction): Body {
  const { instructions } = introduction;
  return {
    supportedVersions: SUPPORTED_DATES,
    capabilities: capabilities(revision, introduction),
    ...(instructions === undefined ? {} : { instructions }),
  };
}

export function listedTool(tool: ToolFields, revision: Revision): Body {
  const { name, title, description, inputSchema, listedSchema, outputSchema, annotations, task, meta } = tool;
  return {
    name,
    ...(revision.titles ? { title } : {}),
    description,
    inputSchema: listedSchema ?? inputSchema,
    ...(revision.structuredOutput && outputSchema !== undefined ? { outputSchema } : {}),
    ...(revision.toolAnnotations ? { annotations } : {}),
    ...(revision.tasks === 'core' && task !== undefined ? { execution: { taskSupport: task } } : {}),
    ...(revision.itemMeta && meta !== undefined ? { _meta: meta } : {}),
  };
}

/** A resource, a template or a prompt as it is listed. */
export function listedItem(item: ItemFields, revision: Revision): Body {
  if (revision.titles || item.title === undefined) return item;
  const { title: _, ...rest } = item;
  return rest;
}

/** One block of content; what the revision does not know is told in words. */
export function contentOf(block: unknown, revision: Revision): unknown {
  if (!isObject(block)) return block;
  const { type, uri, mimeType } = block;
  if (type === 'audio' && !revision.audio) return { type: 'text', text: `[audio, ${String(mimeType)}]` };
  if (type === 'resource_link' && !revision.resourceLinks) return { type: 'text', text: String(uri) };
  return block;
}

/** A CallToolResult. Clients hold structured content against the output schema on errors too, so errors have none. */
export function callResult(result: CallFields, revision: Revision): Body {
  const { content, structuredContent, isError, meta } = result;
  const body: Record<string, unknown> = { content: content.map((block) => contentOf(block, revision)) };
  if (isError === true) body['isError'] = true;
  else if (structuredContent !== undefined && revision.structuredOutput) body['structuredContent'] = structuredContent;
  if (meta !== undefined) body['_meta'] = meta;
  return body;
}
