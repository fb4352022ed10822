// What the product's resources are made of, as they need it: who reads one is shown what is its to see. Knows no router,
// no configuration and no wire; whoever composes the program fills it in.

import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Soon } from '../../core/store.ts';
import type { ModelInfo, Models } from '../../providers/chat.ts';
import type { ToolContext } from '../tool.ts';

/** A provider that is configured. */
export interface ProviderFacts {
  readonly id: string;
  readonly type: string;
  /** For people. */
  readonly name?: string;
}

/** How a provider is: whether its last probe succeeded, and which models are left alone for now. */
export interface ProviderState {
  readonly id: string;
  readonly well: boolean;
  readonly open: readonly string[];
}

/** Counts since the start; tokens and cost are those that providers told, or prices say. */
export interface UsageCounts {
  readonly requests: number;
  /** Of them, those that came to no answer. */
  readonly failed: number;
  /** Of them, those that an answer of before served: they took no tokens. */
  readonly cached: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars. */
  readonly costUsd: number;
}

export interface ModelUsage extends UsageCounts {
  readonly provider: string;
  readonly model: string;
}

export interface UsageFacts {
  readonly total: UsageCounts;
  /** In the order they were asked last, the latest last. */
  readonly models: readonly ModelUsage[];
  /** Of the client that asks. */
  readonly client: UsageCounts;
}

/** Which configuration is in force. */
export interface ReloadFacts {
  /** In milliseconds since the epoch. */
  readonly loadedAt: number;
  readonly failed: number;
  /** Present while what is in force is not what the file says. */
  readonly lastFault?: { readonly problems: readonly string[] };
}

/** What a client may see that may not ask for every model. */
export interface Sight {
  model(model: Pick<ModelInfo, 'id' | 'provider'>): boolean;
  provider(id: string): boolean;
}

export interface ResourceSources {
  readonly clock: Clock;
  readonly models: Models;
  readonly version: string;
  /** Where the program started on the clock. */
  readonly startedAt: number;
  /** The main one first. */
  readonly providers: readonly ProviderFacts[];
  readonly mainProvider?: string | undefined;
  readonly reloads: () => ReloadFacts;
  readonly states: () => readonly ProviderState[];
  readonly usage: (client: string) => UsageFacts;
  /** Nothing for a client that may ask for every model. */
  readonly sightOf: (client: string) => Soon<Sight | undefined>;
  /** The configuration in force, as far as that client may know it: redacted. */
  readonly config: (client: string) => Soon<JsonObject>;
}

/** What whoever reads may see; nothing: everything. */
export function sight({ sightOf }: ResourceSources, { client = '' }: ToolContext): Soon<Sight | undefined> {
  return sightOf(client);
}
