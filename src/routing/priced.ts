// What an answer costs, told with its usage: a layer over the models for when prices are configured. A figure of the
// provider's own is left as it is. Below the cache, so that an answer that is given again keeps what it did cost.

import { costUsd, priceOf } from '../core/price.ts';
import type { Price } from '../core/price.ts';
import type { Layer } from '../core/layer.ts';
import type { ChatEvent, Hear, ModelContext, Models, Usage } from '../providers/chat.ts';

export function priced(prices: Readonly<Record<string, Price>>): Layer<Models> {
  if (Object.keys(prices).length === 0) return (inner) => inner;
  const withCost = (usage: Usage, { served }: ModelContext): Usage => {
    const price = priceOf(prices, served.provider, served.asked ?? served.model);
    const cost = price === undefined ? undefined : costUsd(usage, price);
    return usage.costUsd !== undefined || cost === undefined ? usage : { ...usage, costUsd: cost };
  };
  const listening =
    (ctx: ModelContext, hear: Hear): Hear =>
    (events) =>
      hear(
        events.some(isUsage)
          ? events.map((one) => (isUsage(one) ? { ...one, usage: withCost(one.usage, ctx) } : one))
          : events,
      );
  return (inner) => ({
    ...inner,
    chat: (request, ctx, hear) => inner.chat(request, ctx, listening(ctx, hear)),
    complete: (request, ctx, hear) => inner.complete(request, ctx, listening(ctx, hear)),
    embed: async (request, ctx) => {
      const embeddings = await inner.embed(request, ctx);
      return { ...embeddings, usage: withCost(embeddings.usage, ctx) };
    },
  });
}

function isUsage(event: ChatEvent): event is Extract<ChatEvent, { type: 'usage' }> {
  return event.type === 'usage';
}
