// The decoder every dialect's stream is: bytes are cut into messages by a framing (SSE events, lines), and a
// reader that knows the dialect's grammar makes events of them. What comes out does not depend on how the bytes
// were cut, but for how neighbouring pieces of text are joined.
//
// A fault never swallows the events before it: those are returned first, and the next push (an empty one
// will do) or the end throws it.

import type { Decoder } from '../../core/decoder.ts';
import { Fault } from '../../core/fault.ts';
import type { ChatEvent } from '../chat.ts';
import { EventBatch } from './event-batch.ts';

/** What a dialect knows of its stream. Throws the Fault of an error that came instead of an answer. */
export interface AnswerReader<Message> {
  accept(message: Message, batch: EventBatch): void;
  /** The stream has said that the answer is over: bytes after that are the server's business. */
  readonly isOver: boolean;
  /** Why the answer ended is known, so that the end of the bytes is the end of the answer. */
  readonly isFinished: boolean;
  /** The answer is complete: says what was kept back, `finish` last. Called once. */
  finish(batch: EventBatch): void;
}

export class AnswerStream<Message> implements Decoder<Uint8Array, ChatEvent> {
  readonly #framing: Decoder<Uint8Array, Message>;
  readonly #reader: AnswerReader<Message>;
  readonly #batch = new EventBatch();
  #isDone = false;
  #fault: Fault | undefined;

  constructor(framing: Decoder<Uint8Array, Message>, reader: AnswerReader<Message>) {
    this.#framing = framing;
    this.#reader = reader;
  }

  push(chunk: Uint8Array): ChatEvent[] {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#isDone) return [];
    return this.#guarded(() => this.#acceptAll(this.#framing.push(chunk)));
  }

  end(): ChatEvent[] {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#isDone) return [];
    return this.#guarded(() => {
      this.#acceptAll(this.#lastMessages());
      if (this.#isDone) return;
      if (!this.#reader.isFinished)
        throw new Fault('INCOMPLETE', "The upstream's stream ended before the answer was complete.");
      this.#complete();
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

  #acceptAll(messages: readonly Message[]): void {
    for (const message of messages) {
      if (this.#isDone) return;
      this.#reader.accept(message, this.#batch);
      if (this.#reader.isOver) this.#complete();
    }
  }

  #complete(): void {
    this.#isDone = true;
    this.#reader.finish(this.#batch);
  }

  /** What the framing held back. A cut after the finish reason loses at most the usage. */
  #lastMessages(): readonly Message[] {
    try {
      return this.#framing.end();
    } catch (thrown) {
      if (this.#reader.isFinished) return [];
      throw thrown;
    }
  }
}
