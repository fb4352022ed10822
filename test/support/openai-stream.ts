// Pieces of an OpenAI event stream, for tests that write one, and its decoder.

import type { Decoder } from '../../src/core/decoder.ts';
import type { ChatEvent } from '../../src/providers/chat.ts';
import { openai } from '../../src/providers/dialects/openai.ts';

export function openAiStream(): Decoder<Uint8Array, ChatEvent> {
  const ask = { op: 'chat', stream: true, request: { model: 'm', messages: [] } } as const;
  return openai.decoder({ ask, sending: { method: 'POST', url: 'http://127.0.0.1/', headers: {}, changed: [] } });
}

/** One chunk with this text. */
export function said(text: string): string {
  return event({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });
}

export function thought(text: string): string {
  return event({ choices: [{ index: 0, delta: { reasoning_content: text }, finish_reason: null }] });
}

export function ended(reason = 'stop'): string {
  return `${event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })}data: [DONE]\n\n`;
}

export function event(members: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ id: 'c1', model: 'm-1', created: 1, ...members })}\n\n`;
}
