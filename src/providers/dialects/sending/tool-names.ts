// Names of tools as a vendor takes them, and back. MCP names hold dots and slashes, and most vendors take only
// letters, digits, `_` and `-`. The map is made of the request alone, so that encoding it and reading its answer
// come to the same names. WIRE.md 2.2.

import type { ChatRequest } from '../../chat.ts';
import type { Ask } from '../../dialect.ts';

/** By the caller's name: the name to send, for each that cannot be sent as it is. */
export type ToolNames = ReadonlyMap<string, string>;

const NONE: ToolNames = new Map();

/** Names longer than `longest` are cut; no two names become one. */
export function sentToolNames(request: ChatRequest, longest: number): ToolNames {
  if (request.tools === undefined && !request.messages.some((message) => message.toolCalls !== undefined)) return NONE;
  const names = new Set((request.tools ?? []).map((tool) => tool.name));
  for (const { toolCalls } of request.messages) for (const call of toolCalls ?? []) names.add(call.name);
  const fits = (name: string): boolean => name.length <= longest && /^[\w-]+$/.test(name);
  const taken = new Set([...names].filter(fits));
  const sent = new Map<string, string>();
  const next = new Map<string, number>();
  for (const name of names) {
    if (fits(name)) continue;
    const plain = (name.replaceAll(/[^\w-]/g, '_') || 'tool').slice(0, longest);
    let n = next.get(plain) ?? 2;
    let free = plain;
    for (; taken.has(free); n++) free = `${plain.slice(0, longest - String(n).length - 1)}_${n}`;
    next.set(plain, n);
    taken.add(free);
    sent.set(name, free);
  }
  return sent;
}

/** By the name that was sent: the caller's, for reading the answer. */
export function callersToolNames(ask: Ask, longest: number): ToolNames {
  if (ask.op !== 'chat') return NONE;
  return new Map([...sentToolNames(ask.request, longest)].map(([own, sent]) => [sent, own]));
}
