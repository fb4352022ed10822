// `anymodel://usage`: what was asked since the start, what it took and what it cost: in all, by provider and model, and
// by the client that reads. A client that may ask for some models only sees those and itself.

import type { JsonObject } from '../../core/json.ts';
import type { ToolContext } from '../tool.ts';
import { timestamp } from './document.ts';
import { sight } from './sources.ts';
import type { ModelUsage, ResourceSources, UsageCounts } from './sources.ts';

export async function usageDocument(sources: ResourceSources, ctx: ToolContext): Promise<JsonObject> {
  const seen = await sight(sources, ctx);
  const { clock, startedAt } = sources;
  const { total, models, client } = sources.usage(ctx.client ?? '');
  const shown = models.filter(({ provider, model }) => seen?.model({ id: model, provider }) ?? true);
  return {
    since: timestamp(clock.wall() - (clock.now() - startedAt)),
    ...(seen === undefined ? { total: counts(total) } : {}),
    client: { ...(ctx.client ? { name: ctx.client } : {}), ...counts(client) },
    providers: byProvider(shown),
    models: shown.map((one) => Object.assign({ provider: one.provider, model: one.model }, counts(one))),
  };
}

function byProvider(models: readonly ModelUsage[]): JsonObject[] {
  const providers = [...new Set(models.map(({ provider }) => provider))];
  const rowOf = (provider: string): JsonObject =>
    Object.assign({ provider }, counts(sumOf(models.filter((one) => one.provider === provider))));
  return providers.map(rowOf);
}

function sumOf(all: readonly UsageCounts[]): UsageCounts {
  const sum = (of: (one: UsageCounts) => number): number => all.reduce((before, one) => before + of(one), 0);
  return {
    requests: sum((one) => one.requests),
    failed: sum((one) => one.failed),
    cached: sum((one) => one.cached),
    inputTokens: sum((one) => one.inputTokens),
    outputTokens: sum((one) => one.outputTokens),
    costUsd: sum((one) => one.costUsd),
  };
}

function counts({ requests, failed, cached, inputTokens, outputTokens, costUsd }: UsageCounts): JsonObject {
  return {
    requests,
    failed,
    cached,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    // Sums of small fractions: past this they say nothing.
    cost_usd: Number(costUsd.toFixed(9)),
  };
}
