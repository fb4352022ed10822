// What a stream of `/responses` says, event by event, and the same from a whole reply (WIRE.md 4.3). The last event
// ends the answer; a `[DONE]` that some servers send after it is not waited for, and none ends a cut one.

import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { SseEvent } from '../../../wire/sse.ts';
import type { ChatEvent } from '../../chat.ts';
import type { Ask } from '../../dialect.ts';
import { readInBandError } from '../../faults/refusal.ts';
import type { AnswerReader } from '../answer-stream.ts';
import { EventBatch } from '../event-batch.ts';
import { malformed } from '../limits.ts';
import { ResponsesAnswer } from './answer.ts';
import { outputCap } from './encode.ts';
import { LONGEST_NAME } from '../openai/adapted.ts';
import { callersToolNames } from '../sending/tool-names.ts';

export class ResponsesReader implements AnswerReader<SseEvent> {
  readonly #answer: ResponsesAnswer;
  #count = 0;

  constructor(ask: Ask) {
    this.#answer = answerTo(ask);
  }

  get isOver(): boolean {
    return this.#answer.isFinished;
  }

  get isFinished(): boolean {
    return this.#answer.isFinished;
  }

  accept({ data, event }: SseEvent, batch: EventBatch): void {
    this.#count++;
    if (data.startsWith('[DONE]') || data.trim() === '') return;
    const fields = parseJson(data);
    if (fields === undefined) throw malformed(`Event ${this.#count} of the upstream's stream is not valid JSON.`);
    if (!isObject(fields)) return;
    if (event === 'error') throw readInBandError(fields);
    // Behind some proxies only the event's name tells its type.
    this.#answer.accept(
      fields['type'] === undefined && event !== undefined ? { ...fields, type: event } : fields,
      batch,
    );
  }

  finish(batch: EventBatch): void {
    this.#answer.finish(batch);
  }
}

export function decodeResponse(ask: Ask, body: string): ChatEvent[] {
  const reply = parseJson(body);
  if (reply === undefined) throw new Fault('INCOMPLETE', "The upstream's reply is cut short or not valid JSON.");
  if (!isObject(reply)) throw malformed("The upstream's reply is not a JSON object.");
  const batch = new EventBatch();
  const answer = answerTo(ask);
  answer.accept(reply, batch);
  if (!Array.isArray(reply['output']) && reply['status'] === undefined)
    throw malformed("The upstream's reply holds no output, so it is no response.");
  answer.end({ response: reply }, batch);
  answer.finish(batch);
  return batch.take();
}

function answerTo(ask: Ask): ResponsesAnswer {
  const cap = ask.op === 'chat' ? ask.request.maxTokens : undefined;
  return new ResponsesAnswer(cap === undefined ? Infinity : outputCap(cap), callersToolNames(ask, LONGEST_NAME));
}
