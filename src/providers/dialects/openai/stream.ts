// The decoder of an OpenAI event stream: bytes in, chat events out, `finish` last. The same events come out
// however the bytes were cut, but for how neighbouring pieces of text are joined. WIRE.md 4.1 and 4.2.
//
// A fault never swallows the events before it: those are returned first, and the next push (an empty one
// will do) or the end throws it.

import type { Decoder } from '../../../core/decoder.ts';
import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import { SseDecoder } from '../../../wire/sse.ts';
import type { SseEvent } from '../../../wire/sse.ts';
import type { ChatEvent } from '../../chat.ts';
import { readInBandError } from '../../faults/refusal.ts';
import { EventBatch } from '../event-batch.ts';
import { FastCut } from './fast-cut.ts';
import { objectAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { OpenAiAnswer } from './answer.ts';
import { malformed } from '../limits.ts';

export class OpenAiStream implements Decoder<Uint8Array, ChatEvent> {
  readonly #sse = new SseDecoder();
  readonly #answer = new OpenAiAnswer();
  readonly #fast = new FastCut();
  readonly #batch = new EventBatch();
  /** Events seen, to name the one that is broken without showing what it holds. */
  #count = 0;
  #done = false;
  #fault: Fault | undefined;

  push(chunk: Uint8Array): ChatEvent[] {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#done) return [];
    return this.#guarded(() => {
      for (const event of this.#sse.push(chunk)) this.#accept(event);
    });
  }

  end(): ChatEvent[] {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#done) return [];
    return this.#guarded(() => {
      for (const event of this.#endOfEvents()) this.#accept(event);
      if (!this.#done) this.#finishAtEnd();
    });
  }

  /** Runs `work` and returns what it gathered; its fault waits when there is something to hand out first. */
  #guarded(work: () => void): ChatEvent[] {
    try {
      work();
    } catch (thrown) {
      this.#fault = Fault.from(thrown);
      if (this.#batch.isEmpty) throw this.#fault;
    }
    return this.#batch.take();
  }

  #accept(event: SseEvent): void {
    // Bytes after the end are the server's business.
    if (this.#done) return;
    const { data } = event;
    this.#count++;
    const isNamedError = event.event === 'error';
    const content = isNamedError ? undefined : this.#fast.cut(data);
    if (content !== undefined) this.#batch.text('text', content, 0);
    else if (data.startsWith('[DONE]')) this.#complete();
    else if (data.trim() !== '') this.#acceptJson(data, isNamedError);
  }

  #acceptJson(data: string, isNamedError: boolean): void {
    const chunk = parseJson(data);
    if (chunk === undefined) throw malformed(`Event ${this.#count} of the upstream's stream is not valid JSON.`);
    if (!isObject(chunk)) return;
    if (isNamedError) throw readInBandError(chunk);
    this.#answer.accept(chunk, this.#batch);
    const content = onlyContent(chunk);
    if (content !== undefined) this.#fast.learn(data, content);
  }

  #complete(): void {
    this.#done = true;
    this.#answer.finish(this.#batch);
  }

  /** What the SSE decoder held back. A cut after the finish reason loses at most the usage. */
  #endOfEvents(): readonly SseEvent[] {
    try {
      return this.#sse.end();
    } catch (thrown) {
      if (this.#answer.isFinished) return [];
      throw thrown;
    }
  }

  #finishAtEnd(): void {
    if (this.#answer.isFinished) this.#complete();
    else throw new Fault('INCOMPLETE', "The upstream's stream ended before the answer was complete.");
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
