// What an OpenAI chat stream says, event by event: chunks, `[DONE]`, and errors among them (WIRE.md 4.1 and 4.2).

import type { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { SseEvent } from '../../../wire/sse.ts';
import { readInBandError } from '../../faults/refusal.ts';
import type { AnswerReader } from '../answer-stream.ts';
import type { EventBatch } from '../event-batch.ts';
import { objectAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { malformed } from '../limits.ts';
import { OpenAiAnswer } from './answer.ts';
import type { AnswerManner } from './answer.ts';
import { FastCut } from './fast-cut.ts';

export class OpenAiReader implements AnswerReader<SseEvent> {
  readonly #answer: OpenAiAnswer;
  readonly #fast = new FastCut();
  /** Events seen, to name the one that is broken without showing what it holds. */
  #count = 0;
  #isOver = false;

  constructor(manner?: AnswerManner) {
    this.#answer = new OpenAiAnswer(manner);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isFinished(): boolean {
    return this.#answer.isFinished;
  }

  accept({ data, event }: SseEvent, batch: EventBatch): void {
    this.#count++;
    const isNamedError = event === 'error';
    const content = isNamedError ? undefined : this.#fast.cut(data);
    if (content !== undefined) batch.text('text', content, 0);
    else if (data.startsWith('[DONE]')) this.#isOver = true;
    else if (data.trim() !== '') this.#acceptJson(data, isNamedError, batch);
  }

  finish(batch: EventBatch): void {
    this.#answer.finish(batch);
  }

  #acceptJson(data: string, isNamedError: boolean, batch: EventBatch): void {
    const chunk = parseJson(data);
    if (chunk === undefined) throw this.#notJson();
    if (!isObject(chunk)) return;
    if (isNamedError) throw readInBandError(chunk);
    this.#answer.accept(chunk, batch);
    const content = onlyContent(chunk);
    if (content !== undefined) this.#fast.learn(data, content);
  }

  #notJson(): Fault {
    return malformed(`Event ${this.#count} of the upstream's stream is not valid JSON.`);
  }
}

/** The content of a chunk that does nothing but say some text of the first choice. */
function onlyContent(chunk: Fields): string | undefined {
  const choices = chunk['choices'];
  const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined;
  if (!isObject(choice) || (choice['index'] ?? 0) !== 0 || (choice['finish_reason'] ?? '') !== '') return undefined;
  if (objectAt(chunk, 'usage') !== undefined) return undefined;
  const delta = objectAt(choice, 'delta') ?? {};
  const content = delta['content'];
  if (typeof content !== 'string') return undefined;
  const isSilent = Object.entries(delta).every(
    ([name, value]) => name === 'content' || name === 'role' || isNothing(value),
  );
  return isSilent ? content : undefined;
}

function isNothing(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
