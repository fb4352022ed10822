// resources/*: what is listed, read and followed. Knows no resource by name.
// Follows MCP server/resources; protocol/MCP.md section 5.3.

import { isOffered, matchTemplate } from '../../catalog/resource.ts';
import type { Resource, ResourceContents, ResourceTemplate } from '../../catalog/resource.ts';
import type { ToolContext } from '../../catalog/tool.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { RawJson } from '../../core/json.ts';
import type { Soon } from '../../core/store.ts';
import type { ListParams, ReadResourceParams } from '../../protocol/params.ts';
import { listedItem } from '../../protocol/shape.ts';
import type { Body, ItemFields } from '../../protocol/shape.ts';
import { orAsk } from '../call/ask.ts';
import { inCall } from '../call/call.ts';
import type { McpContext } from '../context.ts';
import type { List } from '../list-pages.ts';
import { EMPTY } from './opening.ts';

/** Resources of one peer that it wants to hear of, at most. */
const MAX_FOLLOWED = 1000;

export function listResources({ cursor }: ListParams, ctx: McpContext): RawJson {
  const { listed } = ctx.site.catalog().resources;
  return ctx.site.pages.page(listOf('resources', listed, resourceFields), ctx.peer.revision, pageFor(cursor, ctx));
}

export function listTemplates({ cursor }: ListParams, ctx: McpContext): RawJson {
  const { templates } = ctx.site.catalog().resources;
  const list = listOf('resourceTemplates', templates, templateFields);
  return ctx.site.pages.page(list, ctx.peer.revision, pageFor(cursor, ctx));
}

export function pageFor(
  cursor: string | undefined,
  { site, peer, row }: McpContext,
): Parameters<McpContext['site']['pages']['page']>[2] {
  return { cursor, finish: (page) => site.stamp(page, peer.revision, row.cacheable) };
}

export function listOf<Item>(member: string, items: readonly Item[], fields: (item: Item) => ItemFields): List<Item> {
  return {
    member,
    items,
    nameOf: (item) => fields(item).name,
    listed: (item, revision) => listedItem(fields(item), revision),
  };
}

function resourceFields({ uri, name, title, description, mimeType, size }: Resource): ItemFields {
  return { uri, name, ...present({ title, description, mimeType, size }) };
}

function templateFields({ uriTemplate, name, title, description, mimeType }: ResourceTemplate): ItemFields {
  return { uriTemplate, name, ...present({ title, description, mimeType }) };
}

export function readResource({ uri, answers }: ReadResourceParams, ctx: McpContext): Promise<Body> {
  return inCall(ctx, { method: 'resources/read' }, (call) =>
    orAsk(ctx, { of: uri, args: {}, answers }, async (asking) => {
      const contents = await contentsOf(uri, { ...call, asking }, ctx);
      if (contents !== undefined) return { contents };
      throw notFound(uri, ctx);
    }),
  );
}

function contentsOf(
  uri: string,
  call: ToolContext,
  { site }: McpContext,
): Soon<readonly ResourceContents[] | undefined> {
  const { listed, templates } = site.catalog().resources;
  const resource = listed.find((one) => one.uri === uri);
  if (resource !== undefined) return resource.read(call);
  for (const template of templates) {
    const variables = matchTemplate(template.uriTemplate, uri);
    if (variables !== undefined) return template.read(uri, variables, call);
  }
  return undefined;
}

function notFound(uri: string, { peer }: McpContext): Fault {
  return new Fault(peer.revision.missingResource, 'Resource not found.', { data: { wire: { uri } } });
}

/** From now on the peer is told when the resource has other contents; one of a template may be yet to come. */
export function subscribe(uri: string, ctx: McpContext): RawJson {
  const { site } = ctx;
  if (!isOffered(uri, site.catalog().resources)) throw notFound(uri, ctx);
  if (site.followed.size >= MAX_FOLLOWED && !site.followed.has(uri)) {
    throw new Fault(
      'invalid-params',
      `Invalid params: ${MAX_FOLLOWED} resources are subscribed to, which is the most.`,
    );
  }
  site.followed.add(uri);
  return EMPTY;
}

export function unsubscribe(uri: string, { site }: McpContext): RawJson {
  site.followed.delete(uri);
  return EMPTY;
}
