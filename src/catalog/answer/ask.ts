// One question to a model, from the tool's side: opens the record of who served it, collects the answer, and turns
// an answer that was withheld into the error it is.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Hear, ModelContext, Served } from '../../providers/chat.ts';
import type { ToolContext } from '../tool.ts';
import { brief } from '../../providers/answer/brief.ts';
import { collect } from '../../providers/answer/collect.ts';
import type { Answer } from '../../providers/answer/collect.ts';

export interface Asking {
  /** As asked; empty means the default model. */
  readonly model: string;
  readonly silent: boolean;
  /** Most characters of text that are kept. */
  readonly maxChars: number;
}

/** An answer, and how it came about. */
export interface Reply extends Answer {
  readonly served: Served;
  /** The model that answered, as well as it is known. */
  readonly model: string;
}

/** The context a model is called in, with a record for the route to write. */
export function modelContext(ctx: ToolContext, model: string): ModelContext {
  return {
    cancel: ctx.cancel,
    deadline: ctx.deadline,
    log: ctx.log,
    requestId: ctx.requestId,
    ...present({ client: ctx.client, about: ctx.about }),
    phase: (phase, attempt) => ctx.phase(phase, attempt),
    served: { provider: '', model, attempts: [], changed: [] },
  };
}

/** Asks and waits for the whole answer. Throws `CONTENT_FILTER`, with what was said before, when it was withheld. */
export async function ask(
  answer: (ctx: ModelContext, hear: Hear) => Promise<void>,
  { model, silent, maxChars }: Asking,
  ctx: ToolContext,
): Promise<Reply> {
  const context = modelContext(ctx, model);
  const { served } = context;
  const restarted = (attempt: number): void => ctx.phase('restart', attempt);
  const gathered = await collect((hear) => answer(context, hear), {
    progress: ctx.progress,
    restarted,
    silent,
    maxChars,
  });
  const reply = { served, model: brief(served.model || gathered.statedModel || model), ...gathered };
  if (gathered.finishReason === 'content_filter') throw withheld(reply);
  return reply;
}

function withheld({ served, model, text }: Reply): Fault {
  const { provider, attempts } = served;
  return new Fault(
    'CONTENT_FILTER',
    `The content filter of ${provider || 'the provider'} stopped the answer of ${model}.`,
    {
      data: { provider, model, attempts, partial: String(text) },
    },
  );
}
