// Structured output on every route: an answer that was asked for as JSON is JSON and nothing else, fits its schema, and
// has the same form whatever the upstream can do. One that is wrapped is unwrapped, one that is wrong is asked for again
// twice at most. How an upstream is told of the schema is its dialect's; requests for text pass through untouched.

import type { Layer } from '../core/layer.ts';
import { unsupportedKeywords } from '../core/json-schema/unsupported.ts';
import { Fault } from '../core/fault.ts';
import type { FaultData, FaultKind } from '../core/fault.ts';
import type { JsonValue } from '../core/json.ts';
import type { ChatEvent, ChatModel, ChatRequest, Hear, ModelContext, Usage } from '../providers/chat.ts';
import { repairRequest, summedUsage } from './structured/repair.ts';
import { TurnHeard } from './structured/turn-heard.ts';
import { judge, wantedSchema } from './structured/wanted.ts';

const MAX_REPAIRS = 2;

/** Problems named in a fault; the model is told all of them. */
const MAX_TOLD = 5;

/** Endings after which there is no answer to judge. */
const UNJUDGED: ReadonlySet<string> = new Set(['tool_calls', 'content_filter', 'refusal', 'pause']);

/** A model whose answers to requests for JSON are checked, and mended where they can be. */
export const structured: Layer<ChatModel> = (inner) => (request, ctx, hear) => {
  const schema = wantedSchema(request.responseFormat);
  return schema === undefined ? inner(request, ctx, hear) : new Dialogue(inner, schema, { request, ctx, hear }).run();
};

interface Call {
  readonly request: ChatRequest;
  readonly ctx: ModelContext;
  readonly hear: Hear;
}

class Dialogue {
  readonly #inner: ChatModel;
  readonly #schema: JsonValue;
  readonly #call: Call;
  #repairs = 0;
  #usage: Usage | undefined;

  constructor(inner: ChatModel, schema: JsonValue, call: Call) {
    this.#inner = inner;
    this.#schema = schema;
    this.#call = call;
  }

  async run(): Promise<void> {
    const { ctx, hear } = this.#call;
    let { request } = this.#call;
    for (;;) {
      const turn = new TurnHeard(hear, ctx.commit !== undefined);
      await this.#inner(request, ctx, (events) => turn.pass(events));
      this.#usage = summedUsage(this.#usage, turn.usage);
      const { text } = turn;
      if (turn.callsTools || UNJUDGED.has(turn.reason)) return this.#release(turn);
      if (text === undefined) throw this.#fault('UPSTREAM', 'The JSON of the answer is too long to be checked.', {});
      const judgement = judge(text, this.#schema);
      if ('json' in judgement) return this.#deliver(turn, text, judgement.json);
      this.#checkRepairable(turn, text, judgement.problems);
      if (ctx.cancel.reason !== undefined) throw ctx.cancel.reason;
      if (!turn.isHeld) await hear([this.#restart(ctx.served.attempts.length + 1, judgement.problems)]);
      this.#repairs++;
      request = repairRequest(this.#call.request, text, judgement.problems);
    }
  }

  async #deliver(turn: TurnHeard, text: string, json: string): Promise<void> {
    const { ctx, hear } = this.#call;
    const { changed } = ctx.served;
    // The route wrote its own lines anew with each turn: ours come when the last one is over.
    if (this.#repairs > 0) changed.push(`response_format: repaired ${this.#repairs === 1 ? 'once' : 'twice'}`);
    const unchecked = unsupportedKeywords(this.#schema);
    if (unchecked.length > 0) changed.push(`response_format: not checked: ${unchecked.join(', ')}`);
    // White space around it is no reason to take back what was handed on.
    const isCommitted = ctx.commit?.isMade === true;
    if (json === text || (isCommitted && json === text.trim())) return this.#release(turn);
    if (isCommitted) throw this.#committed(text, ['it has other text around it']);
    const restart = this.#restart(ctx.served.attempts.length, ['it has other text around it']);
    await hear([...(turn.isHeld ? [] : [restart]), ...turn.said, { type: 'text', text: json }]);
    return this.#end(turn);
  }

  async #release(turn: TurnHeard): Promise<void> {
    await turn.release();
    return this.#end(turn);
  }

  /** What was held back, with the usage of all turns. */
  async #end(turn: TurnHeard): Promise<void> {
    const usage: ChatEvent[] = this.#usage === undefined ? [] : [{ type: 'usage', usage: this.#usage }];
    await this.#call.hear([...usage, ...turn.ends]);
  }

  /** Throws when asking again would not help, or was tried. */
  #checkRepairable(turn: TurnHeard, text: string, problems: readonly string[]): void {
    if (turn.reason === 'length') {
      throw this.#fault('INCOMPLETE', 'The answer was cut at its token limit before its JSON was complete.', {
        partial: text,
        next: 'Raise max_tokens, or ask for less.',
      });
    }
    if (this.#call.ctx.commit?.isMade === true) throw this.#committed(text, problems);
    if (this.#repairs < MAX_REPAIRS) return;
    const tried = 'Asked twice to correct its answer, the model still did not give the JSON that was asked for: ';
    throw this.#fault('UPSTREAM', tried + list(problems), {
      partial: text,
      next: 'Use a simpler schema, or another model.',
    });
  }

  /** It was handed on as it came, because it began as JSON does. */
  #committed(partial: string, problems: readonly string[]): Fault {
    const next = 'Ask again without streaming: the answer is then corrected before it is given.';
    return this.#fault('UPSTREAM', `The answer is not the JSON that was asked for: ${list(problems)}`, {
      partial,
      next,
    });
  }

  #restart(attempt: number, problems: readonly string[]): ChatEvent {
    const reason = this.#fault('UPSTREAM', `The answer is not the JSON that was asked for: ${list(problems)}`, {});
    return { type: 'restart', attempt, reason };
  }

  #fault(kind: FaultKind, message: string, more: FaultData): Fault {
    const { provider, model, attempts } = this.#call.ctx.served;
    return new Fault(kind, message, { data: { provider, model, attempts: [...attempts], retry: 'never', ...more } });
  }
}

function list(problems: readonly string[]): string {
  const more = problems.length > MAX_TOLD ? ` (and ${problems.length - MAX_TOLD} more)` : '';
  return `${problems.slice(0, MAX_TOLD).join('; ')}${more}.`;
}
