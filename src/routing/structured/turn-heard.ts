// One turn of a model that was asked for JSON: what it says goes on to the listener as it comes, but for its end, which
// waits until the whole text has been judged. Keeps what is needed to judge it, and to say it again. For a listener that
// cannot take back what it handed on, all of it waits until the answer begins as JSON does: what is wrapped in words is
// then unwrapped, or asked for again, before a word of it is out.

import type { ChatEvent, FinishReason, Hear, Usage } from '../../providers/chat.ts';

/** An answer that is longer is not checked. */
const MAX_TEXT = 8 * 1024 * 1024;

/** Of the reasoning, what is said again when the answer is. */
const MAX_REASONING = 64 * 1024;
const MAX_SAID = 10_000;
/** Of its images, in characters: more than any answer may have. */
const MAX_IMAGES = 64 * 1024 * 1024;

export class TurnHeard {
  readonly #hear: Hear;
  #pieces: string[] = [];
  #characters = 0;
  #reasoning = 0;
  #images = 0;
  #said: ChatEvent[] = [];
  #ends: ChatEvent[] = [];
  #callsTools = false;
  #usage: Usage | undefined;
  #reason: FinishReason = '';
  /** What waits; undefined: nothing has to. */
  #held: ChatEvent[] | undefined;

  /** `isFinal`: what the listener hears it cannot drop any more. */
  constructor(hear: Hear, isFinal: boolean) {
    this.#hear = hear;
    this.#held = isFinal ? [] : undefined;
  }

  pass(events: readonly ChatEvent[]): void | Promise<void> {
    const passed = events.filter((event) => this.#isTaken(event));
    if (this.#held === undefined) return passed.length === 0 ? undefined : this.#hear(passed);
    this.#held.push(...passed);
    // Tools are called instead of an answer.
    const isTooMuch = this.#characters > MAX_TEXT || this.#images > MAX_IMAGES;
    return this.#callsTools || this.#beginsAsJson || isTooMuch ? this.release() : undefined;
  }

  /** Hands on what waits, and from now on everything. */
  release(): void | Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held.length === 0 ? undefined : this.#hear(held);
  }

  /** The listener has heard nothing of it yet. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  get #beginsAsJson(): boolean {
    const piece = this.#pieces.find((one) => one.trim() !== '')?.trimStart() ?? '';
    return piece.startsWith('{') || piece.startsWith('[');
  }

  /** The answer's text; undefined when it was too long to keep. */
  get text(): string | undefined {
    return this.#characters > MAX_TEXT ? undefined : this.#pieces.join('');
  }

  /** Start, reasoning and images, for the listener that was told to drop them. */
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
    if (event.type === 'restart') {
      this.#reset();
      if (this.#held === undefined) return true;
      // Nothing of it was heard.
      this.#held.length = 0;
      return false;
    }
    if (!('choice' in event) || event.choice === undefined) this.#keep(event);
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
    if (event.type === 'image') this.#images += event.url.length;
    const isKept = event.type === 'image' ? this.#images <= MAX_IMAGES : this.#reasoning <= MAX_REASONING;
    if (isKept && this.#said.length < MAX_SAID) this.#said.push(event);
  }

  #reset(): void {
    this.#pieces = [];
    this.#characters = 0;
    this.#reasoning = 0;
    this.#images = 0;
    this.#said = [];
    this.#ends = [];
    this.#callsTools = false;
    this.#usage = undefined;
    this.#reason = '';
  }
}
