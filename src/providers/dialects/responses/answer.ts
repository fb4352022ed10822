// An answer of `/responses` as it comes in: the events of a stream, or one whole response, into neutral events
// (WIRE.md 3.1, 3.2, 3.5, 4.3). What comes in pieces is said in pieces; items that come whole, because a server leaves
// out the deltas or did not stream, are said when they are whole, and nothing is said twice.

import { Fault } from '../../../core/fault.ts';
import { isObject, present } from '../../../core/json.ts';
import type { ChatEvent, FinishReason } from '../../chat.ts';
import { readInBandError } from '../../faults/refusal.ts';
import type { EventBatch } from '../event-batch.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { filteredCategory } from '../openai/filter-category.ts';
import { readUsage } from '../openai/usage.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { OutputItems } from './output-items.ts';

type Handler = (answer: ResponsesAnswer, event: Fields, batch: EventBatch) => void;

/** By `type`; events that are not here say nothing that is of use. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['response.created', (answer, event, batch) => answer.start(event, batch)],
  ['response.in_progress', (answer, event, batch) => answer.start(event, batch)],
  ['response.output_item.added', ({ items }, event, batch) => items.added(event, batch)],
  ['response.output_text.delta', ({ items }, event, batch) => items.text(event, batch)],
  ['response.refusal.delta', ({ items }, event, batch) => items.text(event, batch)],
  ['response.reasoning_summary_text.delta', ({ items }, event, batch) => items.reasoning(event, batch)],
  ['response.reasoning_text.delta', ({ items }, event, batch) => items.reasoning(event, batch)],
  ['response.function_call_arguments.delta', ({ items }, event, batch) => items.argumentsDelta(event, batch)],
  ['response.function_call_arguments.done', ({ items }, event, batch) => items.argumentsDone(event, batch)],
  ['response.output_item.done', ({ items }, event, batch) => items.done(event, batch)],
  ['response.completed', (answer, event, batch) => answer.end(event, batch)],
  ['response.incomplete', (answer, event, batch) => answer.end(event, batch)],
  ['response.failed', (answer, event, batch) => answer.end(event, batch)],
]);

export class ResponsesAnswer {
  readonly items: OutputItems;
  /** The output cap that was sent; Infinity for none. */
  readonly #cap: number;
  #started = false;
  #ending: readonly ChatEvent[] | undefined;

  constructor(cap: number, names: ToolNames) {
    this.#cap = cap;
    this.items = new OutputItems(names);
  }

  get isFinished(): boolean {
    return this.#ending !== undefined;
  }

  /** Takes one event of a stream. Throws the Fault of an error that came instead. */
  accept(event: Fields, batch: EventBatch): void {
    const type = stringAt(event, 'type');
    if (type === 'error' || (type === undefined && isError(event['error']))) throw readInBandError(event);
    if (type !== undefined) HANDLERS.get(type)?.(this, event, batch);
  }

  start(event: Fields, batch: EventBatch): void {
    const response = objectAt(event, 'response');
    if (response === undefined || this.#started) return;
    this.#started = true;
    const id = stringAt(response, 'id');
    const model = stringAt(response, 'model');
    batch.add({ type: 'start', ...present({ id, model, created: numberAt(response, 'created_at') }) });
  }

  /** The last event of a stream, or a whole response as if it were one. */
  end(event: Fields, batch: EventBatch): void {
    const response = objectAt(event, 'response') ?? {};
    const status = stringAt(response, 'status') ?? stringAt(event, 'type')?.slice('response.'.length);
    if (status === 'failed' || isError(response['error'])) throw failure(response);
    if (status !== 'completed' && status !== 'incomplete') {
      throw new Fault('INCOMPLETE', `The upstream's response is not complete, but "${status ?? 'without a status'}".`);
    }
    this.start(event, batch);
    this.items.all(objectsAt(response, 'output'), batch);
    const usage = objectAt(response, 'usage');
    this.#ending = [
      ...(usage === undefined ? [] : [{ type: 'usage', usage: readUsage(usage) } as const]),
      { type: 'finish', ...this.#reason(response, status, usage) },
    ];
  }

  /** The answer is complete: says what was kept back. */
  finish(batch: EventBatch): void {
    this.items.finish(batch);
    for (const event of this.#ending ?? []) batch.add(event);
  }

  #reason(response: Fields, status: string, usage: Fields | undefined): { reason: FinishReason; category?: string } {
    const details = objectAt(response, 'incomplete_details');
    const why = details === undefined ? undefined : stringAt(details, 'reason');
    if (status === 'incomplete') {
      if (why === 'content_filter') return { reason: why, ...present({ category: categoryOf(response) }) };
      return { reason: why === undefined || why === 'max_output_tokens' ? 'length' : why };
    }
    if (this.items.isRefused) return { reason: 'content_filter', category: 'refusal' };
    if (this.items.hasCalls) return { reason: 'tool_calls' };
    // llama.cpp knows no `incomplete`: what used up its cap was cut.
    const isCut = !('incomplete_details' in response) && (numberAt(usage ?? {}, 'output_tokens') ?? 0) >= this.#cap;
    return { reason: isCut ? 'length' : 'stop' };
  }
}

function isError(error: unknown): boolean {
  return isObject(error) || (typeof error === 'string' && error !== '');
}

function failure(response: Fields): Fault {
  if (isError(response['error'])) return readInBandError(response);
  return new Fault('UPSTREAM', 'The upstream ended the answer with an error it did not explain.');
}

/** Azure: one entry for each filter that ran. */
function categoryOf(response: Fields): string | undefined {
  for (const entry of objectsAt(response, 'content_filters')) {
    const category = filteredCategory(entry['content_filter_results']);
    if (category !== undefined) return category;
  }
  return undefined;
}
