// What the product's resources are made of, for tests: two providers, of which `corp` is the main one, nothing asked yet,
// and clients that may see everything.

import type { ResourceSources } from '../../src/catalog/resources/sources.ts';
import { FakeClock } from './clock.ts';
import { scripted } from './models.ts';

const UNUSED = { requests: 0, failed: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

export function sourcesOf(more: Partial<ResourceSources> = {}): ResourceSources {
  const clock = new FakeClock();
  return {
    clock,
    models: scripted({}).models,
    version: '1.2.3',
    startedAt: 0,
    providers: [
      { id: 'corp', type: 'openai', name: 'Corporate API' },
      { id: 'local', type: 'ollama' },
    ],
    mainProvider: 'corp',
    reloads: () => ({ loadedAt: 1_767_225_600_000, failed: 0 }),
    states: () => [
      { id: 'corp', well: true, open: [] },
      { id: 'local', well: false, open: ['llama'] },
    ],
    usage: () => ({ total: UNUSED, models: [], client: UNUSED }),
    sightOf: () => undefined,
    config: () => ({ tools: ['chat'] }),
    ...more,
  };
}

/** For catalogs of which only the tools matter. */
export function nothingOffered(): {
  readonly sources: ResourceSources;
  readonly prompts: readonly [];
  readonly virtualTools: readonly [];
} {
  return { sources: sourcesOf(), prompts: [], virtualTools: [] };
}
