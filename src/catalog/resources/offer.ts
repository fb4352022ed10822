// The product's resources as they are listed (product sheet, section 5), and who reads each. What reads one is loaded
// when it is first read: a start needs the list alone.
// Follows MCP server/resources.

import type { JsonObject } from '../../core/json.ts';
import type { Resource, ResourceOffer, ResourceTemplate, Variables } from '../resource.ts';
import type { ToolContext } from '../tool.ts';
import { documentOf, JSON_TYPE } from './document.ts';
import type { ResourceSources } from './sources.ts';

/** Before every address of ours. */
export const SCHEME = 'anymodel://';

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly document: (sources: ResourceSources, ctx: ToolContext) => Promise<JsonObject>;
}

const RESOURCES: readonly Listed[] = [
  {
    name: 'providers',
    title: 'Providers',
    description: 'The model APIs that are configured, and how each is.',
    document: async (sources, ctx) => (await import('./providers.ts')).providersDocument(sources, ctx),
  },
  {
    name: 'models',
    title: 'Models',
    description: 'The models that can be asked, and what is known of each.',
    document: async (sources, ctx) => (await import('./models.ts')).modelsDocument(sources, ctx),
  },
  {
    name: 'health',
    title: 'Health',
    description: 'How the server and its providers are.',
    document: async (sources, ctx) => (await import('./health.ts')).healthDocument(sources, ctx),
  },
  {
    name: 'usage',
    title: 'Usage',
    description: 'Requests, tokens and cost since the start.',
    document: async (sources, ctx) => (await import('./usage.ts')).usageDocument(sources, ctx),
  },
  {
    name: 'config',
    title: 'Configuration',
    description: 'The settings in force, without anything secret.',
    document: async (sources, { client = '' }) => sources.config(client),
  },
];

interface Family {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly document: (
    sources: ResourceSources,
    variables: Variables,
    ctx: ToolContext,
  ) => Promise<JsonObject | undefined>;
  readonly complete?: (sources: ResourceSources) => ResourceTemplate['complete'];
}

const FAMILIES: readonly Family[] = [
  {
    uriTemplate: `${SCHEME}models/{provider}/{id}`,
    name: 'model',
    title: 'A model',
    description: 'What is known of one model. A slash in its id is written %2F.',
    document: async (sources, variables, ctx) => (await import('./model.ts')).modelDocument(sources, variables, ctx),
    complete: (sources) => async (argument, given, ctx) =>
      (await import('../completing/model-names.ts')).completeModelAddress(sources, { argument, given }, ctx),
  },
  {
    uriTemplate: `${SCHEME}jobs/{id}`,
    name: 'job',
    title: 'A job',
    description: 'A call that outlives its request: its state, and its text once there is one.',
    document: async (_, variables, ctx) => (await import('./job.ts')).jobDocument(variables, ctx),
  },
];

export function productResources(sources: ResourceSources): ResourceOffer {
  return {
    listed: RESOURCES.map((one) => resourceOf(one, sources)),
    templates: FAMILIES.map((one) => templateOf(one, sources)),
  };
}

function resourceOf({ document, ...listed }: Listed, sources: ResourceSources): Resource {
  const uri = `${SCHEME}${listed.name}`;
  return {
    ...listed,
    uri,
    mimeType: JSON_TYPE,
    read: async (ctx) => documentOf(uri, await document(sources, ctx)),
  };
}

function templateOf({ document, complete, ...listed }: Family, sources: ResourceSources): ResourceTemplate {
  const completing = complete?.(sources);
  return {
    ...listed,
    mimeType: JSON_TYPE,
    async read(uri, variables, ctx) {
      const found = await document(sources, variables, ctx);
      return found === undefined ? undefined : documentOf(uri, found);
    },
    ...(completing === undefined ? {} : { complete: completing }),
  };
}
