// Asks, and the decoder of their streams, for tests of the Anthropic dialect.

import type { Decoder } from '../../src/core/decoder.ts';
import type { ChatEvent, ChatRequest } from '../../src/providers/chat.ts';
import type { Ask, Endpoint, Sending } from '../../src/providers/dialect.ts';
import { anthropic } from '../../src/providers/dialects/anthropic.ts';
import { lessonsOf } from './lessons.ts';
import type { WrittenLessons } from './lessons.ts';

export function anthropicEndpoint(more: Partial<Endpoint> = {}): Endpoint {
  const baseUrl = 'https://api.anthropic.com';
  return { provider: 'claude', type: 'anthropic', baseUrl, apiKey: 'k', headers: {}, query: {}, ...more };
}

export function chatAsk(request: Partial<ChatRequest> = {}): Extract<Ask, { op: 'chat' }> {
  return {
    op: 'chat',
    stream: true,
    request: { model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'Hi' }], ...request },
  };
}

export function anthropicSending(request: Partial<ChatRequest>, lessons: WrittenLessons = {}): Sending {
  return anthropic.encode(chatAsk(request), anthropicEndpoint(), lessonsOf(lessons));
}

export function anthropicStream(): Decoder<Uint8Array, ChatEvent> {
  return anthropic.decoder({ ask: chatAsk(), sending: anthropicSending({}) });
}
