// The tool calls of an answer, put together from the fragments a stream brings them in.
// Follows WIRE sheet 2.2 and 4.2: keyed by index, arguments joined, no arguments mean `{}`.

import type { ChatEvent, ToolCall } from '../../providers/chat.ts';

type Fragment = Extract<ChatEvent, { readonly type: 'tool' }>;

interface Parts {
  id: string | undefined;
  name: string;
  readonly arguments: string[];
}

export class ToolCallParts {
  readonly #byIndex = new Map<number, Parts>();

  add({ index, id, name, arguments: text }: Fragment): void {
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
