// Reasoning that is kept to be handed back with the next turn. It goes back whole or not at all, so what grows past
// any thought somebody would send again is not kept, however long the model goes on.

import type { ReasoningDetail } from '../../chat.ts';

/** Most characters of one thought. */
const MAX_CHARS = 262_144;

export class Replay {
  #pieces: string[] = [];
  #length = 0;

  add(text: string): void {
    if (text === '') return;
    this.#length += text.length;
    if (this.#length <= MAX_CHARS) this.#pieces.push(text);
    else this.#pieces = [];
  }

  /** Nothing was ever said. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** What was kept; undefined when that is nothing, or was too much. */
  get text(): string | undefined {
    return this.#pieces.length === 0 ? undefined : this.#pieces.join('');
  }
}

/** Whether it is a thought in plain words, which any server that takes thoughts back can read. */
export function isPlainThought({ type, format }: ReasoningDetail): boolean {
  return type === 'reasoning.text' && (format === 'unknown' || format === 'ollama');
}
