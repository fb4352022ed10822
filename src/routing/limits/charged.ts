// What a call may cost is set aside before it is asked, and what it did cost stands in its place afterwards: a layer
// that knows tokens and models, and not whose budget it is or how it is kept. Below the cache, so that what is given
// again is free. Prices are by target; a name that leads to several is held to the dearest.

import { Fault } from '../../core/fault.ts';
import type { Layer } from '../../core/layer.ts';
import type { Hear, ModelContext, Models, Usage } from '../../providers/chat.ts';
import type { ModelAsk } from '../../providers/dialect.ts';
import { AN_IMAGE, tokenEstimate, textTokens } from './token-estimate.ts';
import type { TokenEstimate } from './token-estimate.ts';

/** What was set aside. */
export interface Charge {
  /** By who served it in the end; the model is the one that was asked for there, whatever it calls itself. Once only. */
  settle(usage: Usage, served: { readonly provider: string; readonly model: string }): void | Promise<void>;
}

/** Sets aside what a question to `model`, as asked, may take; rejects when there is not so much left. */
export type Reserve = (model: string, estimate: TokenEstimate, ctx: ModelContext) => Charge | Promise<Charge>;

export function charged(reserve: Reserve): Layer<Models> {
  const charge = async <T>(ask: ModelAsk, ctx: ModelContext, run: (bill: Bill) => Promise<T>): Promise<T> => {
    const estimate = tokenEstimate(ask);
    const reserved = reserve(ask.request.model, estimate, ctx);
    const held = reserved instanceof Promise ? await reserved : reserved;
    const bill = new Bill(estimate);
    try {
      return await run(bill);
    } finally {
      await settle(held, bill, ctx);
    }
  };
  return (inner) => ({
    ...inner,
    chat: (request, ctx, hear) =>
      charge({ op: 'chat', request, stream: true }, ctx, (bill) => inner.chat(request, ctx, bill.listening(hear))),
    complete: (request, ctx, hear) =>
      charge({ op: 'complete', request, stream: true }, ctx, (bill) =>
        inner.complete(request, ctx, bill.listening(hear)),
      ),
    embed: (request, ctx) =>
      charge({ op: 'embed', request }, ctx, async (bill) => {
        const embeddings = await inner.embed(request, ctx);
        bill.usage = embeddings.usage;
        return embeddings;
      }),
  });
}

/** The answer is there: that its cost could not be written down does not take it away. */
async function settle(held: Charge, bill: Bill, ctx: ModelContext): Promise<void> {
  try {
    const { provider, model, asked = model } = ctx.served;
    const settled = held.settle(bill.total, { provider, model: asked });
    if (settled instanceof Promise) await settled;
  } catch (thrown) {
    ctx.log.warn('what a call took was not written down', { why: Fault.from(thrown).message });
  }
}

/** What one call takes. What the upstream did not count of an answer that was begun is counted by its length. */
class Bill {
  readonly #estimate: TokenEstimate;
  #characters = 0;
  #images = 0;
  usage: Usage | undefined;

  constructor(estimate: TokenEstimate) {
    this.#estimate = estimate;
  }

  listening(hear: Hear): Hear {
    return (events) => {
      for (const event of events) {
        if (event.type === 'usage') this.usage = event.usage;
        else if (event.type === 'text' || event.type === 'reasoning') this.#characters += event.text.length;
        else if (event.type === 'image') this.#images++;
      }
      return hear(events);
    };
  }

  get total(): Usage {
    if (this.usage === undefined && this.#characters === 0 && this.#images === 0) return {};
    return {
      inputTokens: this.#estimate.inputTokens,
      outputTokens: textTokens(this.#characters) + AN_IMAGE * this.#images,
      ...this.usage,
    };
  }
}
