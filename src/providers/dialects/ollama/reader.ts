// An Ollama stream line by line: which lines are whole, and what each says (WIRE.md 4.5). A last line without its end
// is taken when it is whole JSON; one that is not was cut.

import type { Decoder } from '../../../core/decoder.ts';
import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import { NdjsonDecoder, TOO_LONG } from '../../../wire/ndjson.ts';
import type { AnswerAsk } from '../../dialect.ts';
import type { AnswerReader } from '../answer-stream.ts';
import type { EventBatch } from '../event-batch.ts';
import { malformed } from '../limits.ts';
import { OllamaAnswer } from './answer.ts';

/** The last line of a completion holds a number for every token of the prompt. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

interface Line {
  readonly text: string | typeof TOO_LONG;
  /** No newline came after it. */
  readonly isOpen: boolean;
}

export class OllamaLines implements Decoder<Uint8Array, Line> {
  readonly #lines = new NdjsonDecoder(MAX_LINE_BYTES);

  push(chunk: Uint8Array): Line[] {
    return this.#lines.push(chunk).map((text) => ({ text, isOpen: false }));
  }

  end(): Line[] {
    return this.#lines.end().map((text) => ({ text, isOpen: true }));
  }
}

export class OllamaReader implements AnswerReader<Line> {
  readonly #answer: OllamaAnswer;
  /** Lines seen, to name the one that is broken without showing what it holds. */
  #count = 0;

  constructor(ask: AnswerAsk) {
    this.#answer = new OllamaAnswer(ask);
  }

  get isOver(): boolean {
    return this.#answer.isDone;
  }

  get isFinished(): boolean {
    return this.#answer.isDone;
  }

  accept({ text, isOpen }: Line, batch: EventBatch): void {
    this.#count++;
    if (text === TOO_LONG) {
      throw malformed(`Line ${this.#count} of the upstream's stream is longer than ${MAX_LINE_BYTES} bytes.`);
    }
    const value = parseJson(text);
    if (isObject(value)) this.#answer.accept(value, batch);
    else if (value === undefined && isOpen)
      throw new Fault('INCOMPLETE', "The upstream's answer was cut within a line.");
    else if (value === undefined) throw malformed(`Line ${this.#count} of the upstream's stream is not valid JSON.`);
  }

  finish(batch: EventBatch): void {
    this.#answer.finish(batch);
  }
}
