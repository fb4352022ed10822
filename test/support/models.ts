// Models that say what a test scripted and remember what they were asked, and the context a tool runs in.

import type { ToolContext } from '../../src/catalog/tool.ts';
import { CancelSource } from '../../src/core/context.ts';
import { silentLog } from '../../src/core/log.ts';
import type {
  ChatEvent,
  ChatRequest,
  CompletionRequest,
  Embeddings,
  EmbedRequest,
  Hear,
  ModelContext,
  ModelInfo,
  ModelListing,
  ModelQuery,
  Models,
} from '../../src/providers/chat.ts';

export interface Script {
  /** What is heard of chat and complete, batch by batch; one that is an Error is thrown. */
  readonly batches?: readonly (readonly ChatEvent[] | Error)[];
  readonly embeddings?: Embeddings;
  readonly models?: readonly ModelInfo[];
  readonly failed?: ModelListing['failed'];
  /** Runs when a model is asked; stands for what the route writes while it works. */
  readonly serve?: (ctx: ModelContext) => void;
}

export interface Asked {
  readonly chat: ChatRequest[];
  readonly complete: CompletionRequest[];
  readonly embed: EmbedRequest[];
  readonly list: ModelQuery[];
}

export function scripted(script: Script): { readonly models: Models; readonly asked: Asked } {
  const asked: Asked = { chat: [], complete: [], embed: [], list: [] };
  const serve = script.serve ?? servedByCorp;
  async function answer(ctx: ModelContext, hear: Hear): Promise<void> {
    serve(ctx);
    for (const batch of script.batches ?? []) {
      if (batch instanceof Error) throw batch;
      await hear(batch);
    }
  }
  const models: Models = {
    chat: (request, ctx, hear) => (asked.chat.push(request), answer(ctx, hear)),
    complete: (request, ctx, hear) => (asked.complete.push(request), answer(ctx, hear)),
    async embed(request, ctx) {
      asked.embed.push(request);
      serve(ctx);
      return script.embeddings ?? { model: '', vectors: [], usage: {} };
    },
    async list(query, ctx) {
      asked.list.push(query);
      serve(ctx);
      return { models: script.models ?? [], failed: script.failed ?? [] };
    },
  };
  return { models, asked };
}

function servedByCorp({ served }: ModelContext): void {
  served.provider = 'corp';
  served.model = 'gpt-4o-mini';
  served.attempts.push({ provider: 'corp', model: 'gpt-4o-mini', status: 200, ms: 12 });
}

/** The events of a whole answer of one batch. */
export function answering(text: string, reason = 'stop'): readonly ChatEvent[] {
  return [
    { type: 'start', id: 'chatcmpl-1', model: 'gpt-4o-mini-2024', created: 1_700_000_000 },
    { type: 'text', text },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 5 } },
    { type: 'finish', reason },
  ];
}

/** What a caller heard while its tool ran. */
export interface Heard {
  /** Texts, and phases with their attempt. */
  readonly texts: string[];
  counted: number;
}

export function toolContext(more: Partial<ToolContext> = {}): { readonly ctx: ToolContext; readonly heard: Heard } {
  const heard: Heard = { texts: [], counted: 0 };
  const ctx: ToolContext = {
    cancel: new CancelSource(),
    deadline: 600_000,
    log: silentLog,
    requestId: 'req-1',
    phase: (phase, attempt) => void heard.texts.push(`${phase} ${attempt}`),
    progress: {
      text: (delta) => void heard.texts.push(delta),
      count: (characters) => void (heard.counted += characters),
      step: () => {},
    },
    structured: true,
    ...more,
  };
  return { ctx, heard };
}
