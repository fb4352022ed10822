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
import { imageOf, ImagesSaid } from '../images.ts';
import { contentOf } from './sent/content.ts';
import { readIndex } from '../limits.ts';
import { Replay } from '../sending/replay.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { filteredCategory } from './filter-category.ts';
import { ReasoningDetails } from './reasoning-details.ts';
import { ToolCalls } from './sent/tools.ts';
import { readUsage } from './usage.ts';

const MAX_CHOICES = 128;

interface Choice {
  finish: string | undefined;
  /** What a content filter objected to. */
  category: string | undefined;
  /** The model has said in so many words that it will not answer. */
  refused: boolean;
  readonly tools: ToolCalls;
  details: ReasoningDetails | undefined;
  images: ImagesSaid | undefined;
  /** Reasoning came under a name of its own. */
  hasReasoned: boolean;
  /** The reasoning so far, where its text has to come back. */
  readonly reasoning: Replay;
}

/** What the request decides about the reading of its answer. */
export interface AnswerManner {
  /** What of the reasoning has to come back: its details, or its text with the tool calls it led to. */
  readonly keeps?: 'details' | 'text';
  /** By the names that were sent: the caller's own, of tools that had to be renamed. */
  readonly toolNames?: ToolNames;
}

export class OpenAiAnswer {
  readonly #choices = new Map<number, Choice>();
  readonly #manner: AnswerManner;
  #started = false;
  #usage: Usage | undefined;

  constructor(manner: AnswerManner = {}) {
    this.#manner = manner;
  }

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
    for (const [index, choice] of this.#choices) {
      choice.tools.finish(batch);
      sayReasoning(choice, index, batch);
    }
    if (this.#usage !== undefined) batch.add({ type: 'usage', usage: this.#usage });
    for (const [index, choice] of this.#choices) {
      if (index !== 0) batch.add({ type: 'finish', ...endOf(choice), choice: index });
    }
    batch.add({ type: 'finish', ...endOf(this.#choices.get(0)) });
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
    const { reasoning: told, text, place } = contentOf(delta);
    if (place === 'named') choice.hasReasoned = true;
    const reasoning = place === 'signed' && choice.hasReasoned ? '' : told;
    batch.text('reasoning', reasoning, index);
    batch.text('text', text, index);
    if (delta['images'] !== undefined || Array.isArray(delta['content'])) sayImages(choice, index, delta, batch);
    if (this.#manner.keeps !== undefined) this.#keepReasoning(choice, index, delta, reasoning);
    if (fields['content_filter_results'] !== undefined)
      choice.category = filteredCategory(fields['content_filter_results']) ?? choice.category;
    if (stringAt(delta, 'refusal') !== undefined) choice.refused = true;
    acceptCalls(choice.tools, delta, batch);
    const finish = stringAt(fields, 'finish_reason');
    if (finish === 'error')
      throw new Fault('UPSTREAM', 'The upstream ended the answer with an error it did not explain.');
    choice.finish = finish ?? choice.finish;
  }

  #keepReasoning(choice: Choice, index: number, delta: Fields, text: string): void {
    if (this.#manner.keeps === 'text') choice.reasoning.add(text);
    else if (delta['reasoning_details'] !== undefined) {
      choice.details ??= new ReasoningDetails(index);
      choice.details.accept(objectsAt(delta, 'reasoning_details'));
    }
  }

  #choice(index: number): Choice {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const choice: Choice = {
      finish: undefined,
      category: undefined,
      refused: false,
      tools: new ToolCalls(index, this.#manner.toolNames),
      details: undefined,
      images: undefined,
      hasReasoned: false,
      reasoning: new Replay(),
    };
    this.#choices.set(index, choice);
    return choice;
  }
}

function acceptCalls(tools: ToolCalls, delta: Fields, batch: EventBatch): void {
  const calls = objectsAt(delta, 'tool_calls');
  for (const [place, entry] of calls.entries()) tools.accept(entry, calls.length > 1 ? place : undefined, batch);
  const legacy = objectAt(delta, 'function_call');
  if (legacy !== undefined) tools.accept({ index: 0, function: legacy }, undefined, batch);
}

/** A list of their own, or parts of the content. */
function sayImages(choice: Choice, index: number, delta: Fields, batch: EventBatch): void {
  for (const entry of [...objectsAt(delta, 'content'), ...objectsAt(delta, 'images')]) {
    const url = imageOf(entry);
    if (url !== undefined) (choice.images ??= new ImagesSaid(index)).say(url, batch);
  }
}

/** What has to come back with the next turn. Text alone only does with the tool calls it led to. */
function sayReasoning({ details, reasoning, tools }: Choice, index: number, batch: EventBatch): void {
  details?.finish(batch);
  const { text } = reasoning;
  if (tools.size === 0 || text === undefined) return;
  const detail = { type: 'reasoning.text', text, format: 'unknown' };
  batch.add({ type: 'reasoning_detail', detail, ...(index === 0 ? {} : { choice: index }) });
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
  ['model_length', 'length'],
]);

function endOf(choice: Choice | undefined): { reason: FinishReason; category?: string } {
  const reason = reasonOf(choice);
  if (reason === 'stop' && choice?.refused === true) return { reason: 'content_filter', category: 'refusal' };
  return reason === 'content_filter' ? { reason, ...present({ category: choice?.category }) } : { reason };
}

/** Several servers say `stop` when they mean that tools are to be called; one says nothing. */
function reasonOf(choice: Choice | undefined): FinishReason {
  const said = choice?.finish ?? 'stop';
  const reason = FINISH.get(said) ?? said;
  return reason === 'stop' && choice !== undefined && choice.tools.size > 0 ? 'tool_calls' : reason;
}
