// Judges an answer while it passes: whether its first token has come, and at its finish whether it is one
// to be given to a caller at all. An empty answer and a filtered one end in a Fault and not in `finish`.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { ChatEvent } from '../chat.ts';
import { ScrubbedEvents } from './scrubbed.ts';

const MORE_TOKENS = 'Set max_tokens higher, or reasoning_effort lower.';

export class AnswerCheck {
  readonly #scrubbed: ScrubbedEvents;
  #hasContent = false;
  #hasReasoning = false;
  #isFinished = false;
  #fault: Fault | undefined;

  constructor(secrets: Secrets) {
    this.#scrubbed = new ScrubbedEvents(secrets);
  }

  /** Some text, reasoning, image or tool call has come. */
  get hasBegun(): boolean {
    return this.#hasContent || this.#hasReasoning;
  }

  /** Nothing that follows belongs to the answer. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** The events that may be handed on, scrubbed. What is wrong with them waits for `verify`. */
  pass(events: readonly ChatEvent[]): ChatEvent[] {
    const out: ChatEvent[] = [];
    for (const event of events) {
      this.#note(event);
      if (this.#fault === undefined) this.#scrubbed.pass(event, out);
    }
    return out;
  }

  /** Throws when the answer turned out to be none. To be called when what `pass` returned is handed on. */
  verify(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #note(event: ChatEvent): void {
    if (event.type === 'text' || event.type === 'tool' || event.type === 'image') this.#hasContent = true;
    else if (event.type === 'reasoning') this.#hasReasoning = true;
    else if (event.type === 'finish' && event.choice === undefined) {
      this.#isFinished = true;
      this.#fault = this.#verdict(event.reason, event.category);
    }
  }

  #verdict(reason: string, category: string | undefined): Fault | undefined {
    if (reason === 'content_filter') {
      const data = { next: 'Rephrase the request.', ...present({ category }) };
      const why = category === undefined ? '' : ` (${category})`;
      return new Fault('CONTENT_FILTER', `The upstream's content filter stopped the answer${why}.`, { data });
    }
    if (this.#hasContent) return undefined;
    if (reason === 'length') {
      const what = this.#hasReasoning ? 'on reasoning, before' : 'before';
      const data = { retry: 'never', isStarved: true, next: MORE_TOKENS } as const;
      return new Fault('EMPTY_ANSWER', `All output tokens were used up ${what} the answer began.`, { data });
    }
    if (!this.#hasReasoning) return new Fault('EMPTY_ANSWER', 'The model answered nothing.');
    return new Fault('EMPTY_ANSWER', 'The model reasoned, but answered nothing.', {
      data: { isStarved: true, next: MORE_TOKENS },
    });
  }
}
