// The tool calls of an answer, put together from the fragments a stream brings them in.
// Follows WIRE sheet 2.2 and 4.2: keyed by index, arguments joined, no arguments mean `{}`.

import { Fault } from '../../core/fault.ts';
import type { ChatEvent, ToolCall } from '../chat.ts';

type Fragment = Extract<ChatEvent, { readonly type: 'tool' }>;

interface Parts {
  id: string | undefined;
  name: string;
  readonly arguments: string[];
}

/** Arguments are read by programs, so they cannot be cut: more than this is no answer. */
const MAX_CHARS = 8 * 1024 * 1024;

export class ToolCallParts {
  readonly #byIndex = new Map<number, Parts>();
  #characters = 0;

  /** Throws `UPSTREAM` when the arguments of all calls together grow past any use. */
  add({ index, id, name, arguments: text }: Fragment): void {
    this.#characters += text.length;
    if (this.#characters > MAX_CHARS) {
      const data = { retry: 'never' } as const;
      throw new Fault('UPSTREAM', `The model's tool calls have more than ${MAX_CHARS} characters of arguments.`, {
        data,
      });
    }
    let parts = this.#byIndex.get(index);
    if (parts === undefined) this.#byIndex.set(index, (parts = { id: undefined, name: '', arguments: [] }));
    parts.id ??= id;
    if (parts.name === '') parts.name = name ?? '';
    if (text !== '') parts.arguments.push(text);
  }

  /** The calls in the order of their indexes. Upstreams that give no ids need one all the same when they are answered. */
  finish(): ToolCall[] {
    const calls = [...this.#byIndex].toSorted(([a], [b]) => a - b);
    return calls.map(([index, parts]) => ({
      id: parts.id ?? `call_${index}`,
      name: parts.name,
      arguments: parts.arguments.join('') || '{}',
    }));
  }
}
