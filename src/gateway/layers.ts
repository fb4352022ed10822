// Parts of the composition: what lies around the router, in order. Answers that are kept come first, then prices and
// budgets, then embeddings asked together.

import type { Budget } from '../access/budget.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import { stack } from '../core/layer.ts';
import type { Layer } from '../core/layer.ts';
import { costUsd, priceOf } from '../core/price.ts';
import type { TokenCounts } from '../core/price.ts';
import { soonAfter } from '../core/store.ts';
import type { Store } from '../core/store.ts';
import type { Models } from '../providers/chat.ts';
import { batched } from '../routing/batch/embed-batches.ts';
import { cached } from '../routing/cache/cached.ts';
import { charged } from '../routing/limits/charged.ts';
import type { Reserve } from '../routing/limits/charged.ts';
import { priced } from '../routing/priced.ts';
import type { Router } from '../routing/router.ts';

/** What is remembered whatever the configuration is: texts and counts apart, so that a rush of one keeps the other. */
export interface Memory {
  readonly texts: Store;
  readonly counts: Store;
}

export interface LayerParts {
  readonly clock: Clock;
  readonly memory: Memory;
  readonly budget: Budget;
}

export function layered(router: Router, config: Config, { clock, memory, budget }: LayerParts): Models {
  const { cache, prices, limits } = config;
  const hasBudget = limits.perClient.budgetUsdPerDay !== undefined || limits.perClient.budgetTokensPerDay !== undefined;
  const layers: Layer<Models>[] = [
    cached({ ...cache, store: memory.texts, clock, targetsOf: (model) => router.targetsOf(model) }),
    priced(prices),
  ];
  if (hasBudget) layers.push(charged(reserving(budget, router, prices)));
  layers.push(batched({ clock }));
  return stack(...layers)(router.models);
}

/** What a call may take is that of the dearest target its name leads to. */
function reserving(budget: Budget, router: Router, prices: Config['prices']): Reserve {
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
