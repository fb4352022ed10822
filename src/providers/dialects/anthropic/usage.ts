// Token counts as Anthropic reports them (WIRE.md 3.2). A stream says them several times, growing: what a later
// report leaves out or says as null stays as it was.

import { present } from '../../../core/json.ts';
import type { Usage } from '../../chat.ts';
import { countAt, objectAt } from '../fields.ts';
import type { Fields } from '../fields.ts';

export class Counts {
  readonly #counts = new Map<string, number>();

  /** Takes the `usage` of a message or of a delta. */
  accept(usage: Fields): void {
    for (const name of ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'output_tokens'])
      this.#note(name, countAt(usage, name));
    this.#note('thinking_tokens', countAt(objectAt(usage, 'output_tokens_details') ?? {}, 'thinking_tokens'));
  }

  /** Undefined when nothing was reported. `input_tokens` is only what the cache had no part in. */
  get usage(): Usage | undefined {
    if (this.#counts.size === 0) return undefined;
    const input = this.#counts.get('input_tokens');
    const cacheWriteTokens = this.#counts.get('cache_creation_input_tokens');
    const cachedTokens = this.#counts.get('cache_read_input_tokens');
    return present({
      inputTokens: input === undefined ? undefined : input + (cacheWriteTokens ?? 0) + (cachedTokens ?? 0),
      cachedTokens,
      cacheWriteTokens,
      outputTokens: this.#counts.get('output_tokens'),
      reasoningTokens: this.#counts.get('thinking_tokens'),
    });
  }

  #note(name: string, count: number | undefined): void {
    if (count !== undefined) this.#counts.set(name, count);
  }
}
