// One turn of a model that was asked for JSON: what it says goes on to the listener as it comes, but for its end, which
// waits until the whole text has been judged. Keeps what is needed to judge it, and to say it again.

import type { ChatEvent, FinishReason, Hear, Usage } from '../../providers/chat.ts';

/** An answer that is longer is not checked. */
const MAX_TEXT = 8 * 1024 * 1024;

/** Of the reasoning, what is said again when the answer is. */
const MAX_REASONING = 64 * 1024;
const MAX_SAID = 10_000;

export class TurnHeard {
  readonly #hear: Hear;
  #pieces: string[] = [];
  #characters = 0;
  #reasoning = 0;
  #said: ChatEvent[] = [];
  #ends: ChatEvent[] = [];
  #callsTools = false;
  #usage: Usage | undefined;
  #reason: FinishReason = '';

  constructor(hear: Hear) {
    this.#hear = hear;
  }

  pass(events: readonly ChatEvent[]): void | Promise<void> {
    const passed = events.filter((event) => this.#isTaken(event));
    return passed.length === 0 ? undefined : this.#hear(passed);
  }

  /** The answer's text; undefined when it was too long to keep. */
  get text(): string | undefined {
    return this.#characters > MAX_TEXT ? undefined : this.#pieces.join('');
  }

  /** Start and reasoning, for the listener that was told to drop them. */
  get said(): readonly ChatEvent[] {
    return this.#said;
  }

  /** The `finish` that was held back; one for each choice. */
  get ends(): readonly ChatEvent[] {
    return this.#ends;
  }

  get usage(): Usage | undefined {
    return this.#usage;
  }

  get reason(): FinishReason {
    return this.#reason;
  }

  get callsTools(): boolean {
    return this.#callsTools;
  }

  /** Whether the listener is to hear of it now. */
  #isTaken(event: ChatEvent): boolean {
    if (event.type === 'finish') {
      this.#ends.push(event);
      if (event.choice === undefined) this.#reason = event.reason;
      return false;
    }
    if (event.type === 'usage') {
      this.#usage = event.usage;
      return false;
    }
    if (event.type === 'restart') this.#reset();
    else if (!('choice' in event) || event.choice === undefined) this.#keep(event);
    return true;
  }

  #keep(event: ChatEvent): void {
    if (event.type === 'text') {
      this.#characters += event.text.length;
      if (this.#characters <= MAX_TEXT) this.#pieces.push(event.text);
      else this.#pieces = [];
      return;
    }
    if (event.type === 'tool') this.#callsTools = true;
    if (event.type === 'reasoning') this.#reasoning += event.text.length;
    if (this.#reasoning <= MAX_REASONING && this.#said.length < MAX_SAID) this.#said.push(event);
  }

  #reset(): void {
    this.#pieces = [];
    this.#characters = 0;
    this.#reasoning = 0;
    this.#said = [];
    this.#ends = [];
    this.#callsTools = false;
    this.#usage = undefined;
    this.#reason = '';
  }
}
