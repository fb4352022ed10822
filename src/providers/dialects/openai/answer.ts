// An OpenAI answer as it comes in: objects of chunks, or one whole reply, into events. It keeps what a later
// chunk may still change (finish reasons, usage, half-sent tool calls) and says them when the answer is
// complete, `finish` of the first choice last. It knows neither SSE nor bytes. WIRE.md 3.1, 3.2, 4.2.

import { Fault } from '../../../core/fault.ts';
import { present } from '../../../core/json.ts';
import { readInBandError } from '../../faults/refusal.ts';
import type { FinishReason, Usage } from '../../chat.ts';
import type { EventBatch } from '../event-batch.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { contentOf } from './content.ts';
import { readIndex } from '../limits.ts';
import { ToolCalls } from './tools.ts';
import { readUsage } from './usage.ts';

const MAX_CHOICES = 128;

interface Choice {
  finish: string | undefined;
  readonly tools: ToolCalls;
}

export class OpenAiAnswer {
  readonly #choices = new Map<number, Choice>();
  #started = false;
  #usage: Usage | undefined;

  /** Some choice has said why it ended: the end of the body is then the end of the answer. */
  get isFinished(): boolean {
    for (const choice of this.#choices.values()) if (choice.finish !== undefined) return true;
    return false;
  }

  /** Takes one chunk, or a whole reply. Throws the Fault of an error that came instead. */
  accept(chunk: Fields, batch: EventBatch): void {
    if (isError(chunk)) throw readInBandError(chunk);
    this.#start(chunk, batch);
    const usage = objectAt(chunk, 'usage');
    if (usage !== undefined) this.#usage = readUsage(usage);
    for (const choice of objectsAt(chunk, 'choices')) this.#acceptChoice(choice, batch);
  }

  /** The answer is complete: says what was kept back. */
  finish(batch: EventBatch): void {
    for (const { tools } of this.#choices.values()) tools.finish(batch);
    if (this.#usage !== undefined) batch.add({ type: 'usage', usage: this.#usage });
    for (const [index, choice] of this.#choices) {
      if (index !== 0) batch.add({ type: 'finish', reason: reasonOf(choice), choice: index });
    }
    batch.add({ type: 'finish', reason: reasonOf(this.#choices.get(0)) });
  }

  /** Id and model come from the first chunk that has them: Azure's first one is a shell of empty strings. */
  #start(chunk: Fields, batch: EventBatch): void {
    if (this.#started) return;
    const id = stringAt(chunk, 'id');
    const model = stringAt(chunk, 'model');
    if (id === undefined && model === undefined) return;
    this.#started = true;
    batch.add({ type: 'start', ...present({ id, model, created: numberAt(chunk, 'created') }) });
  }

  #acceptChoice(fields: Fields, batch: EventBatch): void {
    if (isError(fields)) throw readInBandError(fields);
    const index = readIndex(fields['index'], MAX_CHOICES, 'choice') ?? 0;
    const choice = this.#choice(index);
    const delta = objectAt(fields, 'delta') ?? objectAt(fields, 'message') ?? fields;
    const { reasoning, text } = contentOf(delta);
    batch.text('reasoning', reasoning, index);
    batch.text('text', text, index);
    const calls = objectsAt(delta, 'tool_calls');
    for (const [place, entry] of calls.entries())
      choice.tools.accept(entry, calls.length > 1 ? place : undefined, batch);
    const legacy = objectAt(delta, 'function_call');
    if (legacy !== undefined) choice.tools.accept({ index: 0, function: legacy }, undefined, batch);
    const finish = stringAt(fields, 'finish_reason');
    if (finish === 'error')
      throw new Fault('UPSTREAM', 'The upstream ended the answer with an error it did not explain.');
    choice.finish = finish ?? choice.finish;
  }

  #choice(index: number): Choice {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const choice = { finish: undefined, tools: new ToolCalls(index) };
    this.#choices.set(index, choice);
    return choice;
  }
}

/** Any non-empty `error`, or vLLM's bare form, wins over whatever else the chunk holds. */
function isError(chunk: Fields): boolean {
  const error = chunk['error'];
  if (typeof error === 'string') return error !== '';
  if (typeof error === 'object' && error !== null) return true;
  return chunk['object'] === 'error' || (chunk['type'] === 'error' && chunk['choices'] === undefined);
}

const FINISH: ReadonlyMap<string, FinishReason> = new Map([
  ['function_call', 'tool_calls'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
]);

/** Several servers say `stop` when they mean that tools are to be called; one says nothing. */
function reasonOf(choice: Choice | undefined): FinishReason {
  const said = choice?.finish ?? 'stop';
  const reason = FINISH.get(said) ?? said;
  return reason === 'stop' && choice !== undefined && choice.tools.size > 0 ? 'tool_calls' : reason;
}
