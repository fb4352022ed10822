// What goes out, in the shape of the revision it goes to: members a revision does not know are left out,
// those it demands are added. Results are built once here and never changed afterwards.
// Follows MCP schema.ts of each revision; 2026-07-28 basic for `resultType`, `ttlMs`, `cacheScope`, serverInfo.

import type { JsonObject } from '../core/json.ts';
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
  readonly outputSchema?: object;
  readonly annotations: object;
  readonly meta?: JsonObject;
}

/** What a tool call came to. */
export interface CallFields {
  readonly content: readonly unknown[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
  readonly meta?: JsonObject;
}

/** Completes a result as the revision demands; where it demands nothing, the result itself. */
export type Stamp = (body: Body, revision: Revision, cacheable: boolean) => Body;

export function stampFor(info: ServerInfo): Stamp {
  return (body, revision, cacheable) => {
    if (!revision.resultType) return body;
    const meta = body['_meta'];
    const who = { 'io.modelcontextprotocol/serverInfo': implementation(info, revision) };
    const stamped = {
      ...body,
      resultType: 'complete',
      _meta: typeof meta === 'object' ? { ...meta, ...who } : who,
    };
    // What is listed depends on keys and configuration, and may change with both: not to be kept or shared.
    return cacheable && revision.cacheHints ? { ...stamped, ttlMs: 0, cacheScope: 'private' } : stamped;
  };
}

/** What may change while a peer is connected. */
export interface Changes {
  /** The tools that are listed; the peer is told of it. */
  readonly tools: boolean;
}

/** What we can do, in the words of the revision. */
function capabilities(revision: Revision, changes: Changes): Body {
  return {
    tools: changes.tools ? { listChanged: true } : {},
    logging: {},
    ...(revision.completionsCapability ? { completions: {} } : {}),
    [revision.extensionsMember]: { 'anymodel/models': {} },
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
}

export function initializeResult(revision: Revision, { info, instructions, changes }: Introduction): Body {
  return {
    protocolVersion: revision.date,
    capabilities: capabilities(revision, changes),
    serverInfo: implementation(info, revision),
    ...(instructions === undefined ? {} : { instructions }),
  };
}

export function discoverResult(revision: Revision, instructions: string | undefined): Body {
  return {
    supportedVersions: SUPPORTED_DATES,
    // Peers of this era are told by the streams they listen on, of which there are none yet.
    capabilities: capabilities(revision, { tools: false }),
    ...(instructions === undefined ? {} : { instructions }),
  };
}

export function listedTool(tool: ToolFields, revision: Revision): Body {
  const { name, title, description, inputSchema, outputSchema, annotations, meta } = tool;
  return {
    name,
    ...(revision.titles ? { title } : {}),
    description,
    inputSchema,
    ...(revision.structuredOutput && outputSchema !== undefined ? { outputSchema } : {}),
    ...(revision.toolAnnotations ? { annotations } : {}),
    ...(revision.itemMeta && meta !== undefined ? { _meta: meta } : {}),
  };
}

/** A CallToolResult. Clients hold structured content against the output schema on errors too, so errors have none. */
export function callResult(result: CallFields, revision: Revision): Body {
  const { content, structuredContent, isError, meta } = result;
  const body: Record<string, unknown> = { content };
  if (isError === true) body['isError'] = true;
  else if (structuredContent !== undefined && revision.structuredOutput) body['structuredContent'] = structuredContent;
  if (meta !== undefined) body['_meta'] = meta;
  return body;
}
