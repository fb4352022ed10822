// Ids of tool calls as Anthropic takes them: `^[a-zA-Z0-9_-]+$`, each one once in a conversation. Other servers make
// ids with other characters, or count from 0 in every turn. One map for one request: calls and results go through it
// in the order of the conversation, so a result finds the call it answers. WIRE.md 2.2.

export class ToolIds {
  readonly #taken = new Set<string>();
  /** By the id that was free once: the number to try next. */
  readonly #next = new Map<string, number>();
  /** By the caller's id: the ids of its calls that wait for a result, and the one answered last. */
  readonly #calls = new Map<string, { readonly waiting: string[]; last: string }>();

  /** The id of a call. */
  call(id: string): string {
    const sent = this.#free(id);
    const known = this.#calls.get(id);
    if (known === undefined) this.#calls.set(id, { waiting: [sent], last: sent });
    else known.waiting.push(sent);
    return sent;
  }

  /** The id of the call that a result answers; of several under one id, the first that has no result yet. */
  result(id: string): string {
    const known = this.#calls.get(id);
    if (known === undefined) return this.#free(id);
    known.last = known.waiting.shift() ?? known.last;
    return known.last;
  }

  #free(id: string): string {
    const plain = id.replaceAll(/[^\w-]/g, '_') || 'call';
    let free = plain;
    let n = this.#next.get(plain) ?? 2;
    while (this.#taken.has(free)) free = `${plain}_${n++}`;
    this.#next.set(plain, n);
    this.#taken.add(free);
    return free;
  }
}
