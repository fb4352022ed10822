// What is owed for what was sent: every line that holds a request with an id is answered once under that id,
// cancelled ones and members of batches at most once. An oracle of its own, which shares no code with the program.

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The id as JSON text; nothing where it is none that can come back: a number past 2^53 is refused without it. */
function keyOf(id: unknown): string | undefined {
  if (typeof id === 'string') return JSON.stringify(id);
  return typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER ? JSON.stringify(id) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export class Ledger {
  readonly #owed = new Map<string, number>();
  /** Ids that need no answer: cancelled, or inside an array that may have been no batch. */
  readonly #excused = new Set<string>();
  answers = 0;

  sent(line: Buffer): void {
    const message = parse(line.toString('utf8'));
    if (Array.isArray(message)) {
      for (const member of message) this.#excuse(isObject(member) ? member['id'] : undefined);
      return;
    }
    if (!isObject(message)) return;
    const { method, params } = message;
    if (method === 'notifications/cancelled' && isObject(params)) this.#excuse(params['requestId']);
    const key = keyOf(message['id']);
    const answersUs = !('method' in message) && ('result' in message || 'error' in message);
    if (key !== undefined && !answersUs && !this.#excused.has(key)) this.#owed.set(key, (this.#owed.get(key) ?? 0) + 1);
  }

  /** Takes a line of the program; answers what is wrong with it, or nothing. */
  heard(line: string): string | undefined {
    const message = parse(line);
    const members = Array.isArray(message) ? message : [message];
    for (const one of members) {
      if (!isObject(one) || one['jsonrpc'] !== '2.0') return `not a message: ${line.slice(0, 300)}`;
      if ('method' in one || one['id'] === null) continue;
      const key = keyOf(one['id']);
      if (key === undefined || 'result' in one === 'error' in one) return `not an answer: ${line.slice(0, 300)}`;
      this.answers += 1;
      const owed = this.#owed.get(key) ?? 0;
      if (owed === 0 && !this.#excused.has(key))
        return `nobody asked, or it was answered before: ${line.slice(0, 300)}`;
      if (owed <= 1) this.#owed.delete(key);
      else this.#owed.set(key, owed - 1);
    }
    return undefined;
  }

  /** How many ids are still owed an answer. */
  get size(): number {
    return this.#owed.size;
  }

  /** Ids that are still owed an answer. */
  get open(): string[] {
    return [...this.#owed.keys()];
  }

  #excuse(id: unknown): void {
    const key = keyOf(id);
    if (key === undefined) return;
    this.#excused.add(key);
    this.#owed.delete(key);
  }
}
