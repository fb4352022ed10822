// Parts of the composition: what lies around the router, in order, and what each client may do there. Who may ask comes
// first, then answers that are kept, then prices and budgets, then embeddings asked together.

import { Budget } from '../access/budget.ts';
import type { ClientTerms } from '../access/terms.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import { stack } from '../core/layer.ts';
import type { Layer } from '../core/layer.ts';
import { costUsd, priceOf } from '../core/price.ts';
import type { TokenCounts } from '../core/price.ts';
import type { Log } from '../core/log.ts';
import { soonAfter } from '../core/store.ts';
import type { Store } from '../core/store.ts';
import type { Models } from '../providers/chat.ts';
import { batched } from '../routing/batch/embed-batches.ts';
import { cached } from '../routing/cache/cached.ts';
import { callLines } from '../routing/call-lines.ts';
import type { CallLines } from '../routing/call-lines.ts';
import { allowed } from '../routing/limits/allowed.ts';
import type { AllowedOptions } from '../routing/limits/allowed.ts';
import { charged } from '../routing/limits/charged.ts';
import type { Reserve } from '../routing/limits/charged.ts';
import { priced } from '../routing/priced.ts';
import type { Router } from '../routing/router.ts';
import { counted } from '../routing/usage/counted.ts';
import type { Counting } from '../routing/usage/counted.ts';

export interface LayerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Answers that are kept, and counts. */
  readonly memory: { readonly texts: Store; readonly counts: Store };
  readonly limitsOf: (client: string) => ClientTerms;
  /** What is asked is counted there. */
  readonly counting: Counting;
  /** The provider whose models go by their own name. */
  readonly defaultProvider?: string;
}

/** What is asked of the router here. */
type Asked = Pick<Router, 'models' | 'targetsOf'>;

export function layered(router: Asked, config: Config, parts: LayerParts): Models {
  const { clock, log, memory, limitsOf, counting } = parts;
  const { cache, prices, limits, clientKeys, access } = config;
  const budget = new Budget({ store: memory.counts, clock, budgetOf: limitsOf });
  const hasBudget = [limits.perClient, ...clientKeys, access.jwt].some(
    (one) => one?.budgetUsdPerDay !== undefined || one?.budgetTokensPerDay !== undefined,
  );
  const layers: Layer<Models>[] = [
    callLines({ ...loggingOf(config), log, clock }),
    allowed(allowance(config, parts)),
    counted(counting),
    cached({ ...cache, store: memory.texts, clock, targetsOf: (model) => router.targetsOf(model) }),
    priced(prices),
  ];
  if (hasBudget) layers.push(charged(reserving(budget, router, prices)));
  layers.push(batched({ clock }));
  return stack(...layers)(router.models);
}

/** Which models each client may ask for. */
export function allowance(
  { aliases, defaultModel, bareNames }: Config,
  { limitsOf, defaultProvider }: Pick<LayerParts, 'limitsOf' | 'defaultProvider'>,
): AllowedOptions {
  return {
    modelsOf: (client) => limitsOf(client).models,
    isAlias: (name) => Object.hasOwn(aliases, name),
    defaultModel,
    defaultProvider,
    bareNames,
  };
}

/** Lines that would be written nowhere are not made. */
function loggingOf({ logging, logLevel }: Config): CallLines {
  const isHeard = logLevel === 'debug' || logLevel === 'info';
  return isHeard ? logging : { requests: false, responses: false, performance: false };
}

/** What a call may take is that of the dearest target its name leads to. */
function reserving(budget: Budget, router: Asked, prices: Config['prices']): Reserve {
  const dearest = (model: string, counts: TokenCounts): number =>
    Math.max(
      0,
      ...(router.targetsOf(model) ?? []).map((target) => {
        const price = priceOf(prices, target.provider, target.model);
        return (price === undefined ? undefined : costUsd(counts, price)) ?? 0;
      }),
    );
  const tokens = ({ inputTokens = 0, outputTokens = 0 }: TokenCounts): number => inputTokens + outputTokens;
  return (model, estimate, ctx) =>
    soonAfter(
      budget.reserve(ctx.client ?? '', { usd: dearest(model, estimate), tokens: tokens(estimate) }),
      (held) => ({
        settle(usage, served) {
          const price = priceOf(prices, served.provider, served.model);
          const usd = usage.costUsd ?? (price === undefined ? undefined : costUsd(usage, price));
          return held.settle({ usd, tokens: tokens(usage) });
        },
      }),
    );
}
