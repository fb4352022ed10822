// A layer over the models that counts what is asked of them, and says so. Outside of answers that are kept, so that
// these are counted as what they are.

import type { Layer } from '../../core/layer.ts';
import type { Hear, ModelContext, ModelInfo, Models, Usage } from '../../providers/chat.ts';
import type { UsageBook, UsageCounts } from './book.ts';
import type { ListsSeen } from './lists-seen.ts';

export interface UsageNews {
  /** A call has ended, and what it took is counted. */
  used(): void;
  /** A provider's list is not what it was; the models are those that came or went. */
  listed(changed: readonly ModelInfo[]): void;
}

export interface Counting {
  readonly book: UsageBook;
  readonly lists: ListsSeen;
  readonly news: UsageNews;
}

export function counted({ book, lists, news }: Counting): Layer<Models> {
  const settle = (ctx: ModelContext, used: Usage, isFailed: boolean): void => {
    book.add(takenBy(used, ctx, isFailed), ctx);
    news.used();
  };
  const heard = async (ctx: ModelContext, ask: (hear: Hear) => Promise<void>, hear: Hear): Promise<void> => {
    let used: Usage = {};
    let isFailed = true;
    try {
      await ask((events) => {
        for (const event of events) if (event.type === 'usage') used = event.usage;
        return hear(events);
      });
      isFailed = false;
    } finally {
      settle(ctx, used, isFailed);
    }
  };
  return (inner) => ({
    chat: (request, ctx, hear) => heard(ctx, (own) => inner.chat(request, ctx, own), hear),
    complete: (request, ctx, hear) => heard(ctx, (own) => inner.complete(request, ctx, own), hear),
    async embed(request, ctx) {
      let used: Usage | undefined;
      try {
        const embeddings = await inner.embed(request, ctx);
        used = embeddings.usage;
        return embeddings;
      } finally {
        settle(ctx, used ?? {}, used === undefined);
      }
    },
    async list(query, ctx) {
      const listing = await inner.list(query, ctx);
      const changed = lists.changedBy(listing);
      if (changed.length > 0) news.listed(changed);
      return listing;
    },
  });
}

function takenBy(used: Usage, { served }: ModelContext, isFailed: boolean): UsageCounts {
  const isOfBefore = served.cached === true || served.shared === true;
  const { inputTokens = 0, outputTokens = 0, costUsd = 0 } = isOfBefore ? {} : used;
  return { requests: 1, failed: isFailed ? 1 : 0, cached: isOfBefore ? 1 : 0, inputTokens, outputTokens, costUsd };
}
