// What is offered: the tools that were chosen, in their order, and the names they are also known by; resources and prompts
// have tables of their own. To add a tool: one file in tools/, one row here.

import { Fault } from '../core/fault.ts';
import { nearest } from '../core/nearest.ts';
import type { PromptSettings } from './prompts/configured.ts';
import { offeredPrompts } from './prompts/offer.ts';
import { productResources } from './resources/offer.ts';
import type { ResourceSources } from './resources/sources.ts';
import type { Catalog, Tool } from './tool.ts';
import { chatAlias, chatTool } from './tools/chat.ts';
import { compareTool } from './tools/compare.ts';
import { completeTool } from './tools/complete.ts';
import { conversationsTool } from './tools/conversations.ts';
import { embedAlias, embedTool } from './tools/embed.ts';
import { generateTool } from './tools/generate.ts';
import { jobTool } from './tools/job.ts';
import { listModelsTool } from './tools/list-models.ts';
import type { Terms } from './tools/terms.ts';
import { virtualTool } from './tools/virtual.ts';
import type { VirtualToolSettings } from './tools/virtual.ts';

/** Every tool, in the order of the list. */
const TOOLS: Readonly<Record<string, (terms: Terms) => Tool>> = {
  chat: chatTool,
  generate: generateTool,
  list_models: listModelsTool,
  embed: embedTool,
  job: jobTool,
  complete: completeTool,
  compare: compareTool,
};

/** Names that callers of other bridges use; accepted, never listed. */
const ALIASES: readonly { readonly name: string; readonly of: string; readonly adapt?: (tool: Tool) => Tool }[] = [
  { name: 'createCompletion', of: 'chat', adapt: chatAlias },
  { name: 'create_completion', of: 'chat', adapt: chatAlias },
  { name: 'proxy_completion', of: 'chat', adapt: chatAlias },
  { name: 'listModels', of: 'list_models' },
  { name: 'createEmbedding', of: 'embed', adapt: embedAlias },
  { name: 'embeddings', of: 'embed', adapt: embedAlias },
];

export interface CatalogOptions extends Terms {
  /** The names of the tools to offer. */
  readonly tools: readonly string[];
  /** What the product's resources are made of. */
  readonly sources: ResourceSources;
  /** The tools of the configuration, which are always offered. */
  readonly virtualTools: readonly VirtualToolSettings[];
  /** The prompts of the configuration. */
  readonly prompts: readonly PromptSettings[];
}

/** The catalog of the chosen tools. Throws `CONFIG` on a name that is no tool. */
export function createCatalog(options: CatalogOptions): Catalog {
  for (const name of options.tools) if (!Object.hasOwn(TOOLS, name)) throw unknownTool(name);
  const tools = Object.entries(TOOLS)
    .filter(([name]) => options.tools.includes(name))
    .map(([, make]) => make(options));
  if (options.conversations !== undefined) tools.push(conversationsTool(options.conversations, options));
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  for (const { name, of, adapt } of ALIASES) {
    const tool = byName.get(of);
    if (tool !== undefined) byName.set(name, adapt === undefined ? tool : adapt(tool));
  }
  for (const settings of options.virtualTools) {
    const tool = virtualTool(settings, options);
    tools.push(tool);
    byName.set(tool.name, tool);
  }
  const withheld = Object.keys(TOOLS).filter((name) => !byName.has(name));
  return {
    tools,
    withheld,
    find: (name) => byName.get(name),
    resources: productResources(options.sources),
    prompts: offeredPrompts(options.prompts, options.sources, options.tools),
  };
}

function unknownTool(name: string): Fault {
  const known = Object.keys(TOOLS);
  const near = nearest(name, known);
  const hint = near === undefined ? `Available are ${known.join(', ')}.` : `Did you mean "${near}"?`;
  return new Fault('CONFIG', `TOOLS names ${JSON.stringify(name)}, which is not a tool. ${hint}`);
}
