// How many tokens a question may take, before it is asked: what a limit or a budget sets aside until the upstream has
// counted. Pure, and the same for every model, because no vendor's tokenizer is worth its size here:
//
// - text, in messages, tool definitions and schemas: a token for four characters, and four for each message;
// - an image: 1,000, in the middle of what vendors take for one;
// - the answer: its cap, else 1,000; an embedding has none.

import type { ChatMessage, ChatRequest } from '../../providers/chat.ts';
import type { ModelAsk } from '../../providers/dialect.ts';

const CHARACTERS_A_TOKEN = 4;
const A_MESSAGE = 4;
export const AN_IMAGE = 1000;
const AN_ANSWER = 1000;

export interface TokenEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export function tokenEstimate(ask: ModelAsk): TokenEstimate {
  switch (ask.op) {
    case 'chat':
      return { inputTokens: chatTokens(ask.request), outputTokens: ask.request.maxTokens ?? AN_ANSWER };
    case 'complete': {
      const { prompt, suffix = '', maxTokens = AN_ANSWER } = ask.request;
      return { inputTokens: textTokens(prompt.length + suffix.length), outputTokens: maxTokens };
    }
    case 'embed':
      return { inputTokens: textTokens(characters(ask.request.input)), outputTokens: 0 };
  }
}

/** Tokens of a text of so many characters. */
export function textTokens(length: number): number {
  return Math.ceil(length / CHARACTERS_A_TOKEN);
}

export function characters(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function chatTokens({ messages, tools, responseFormat }: ChatRequest): number {
  const spoken = messages.reduce((sum, message) => sum + messageTokens(message), 0);
  return spoken + jsonTokens(tools) + jsonTokens(responseFormat);
}

function messageTokens({ content, toolCalls = [] }: ChatMessage): number {
  const calls = toolCalls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0);
  if (content === null || typeof content === 'string') return A_MESSAGE + textTokens((content ?? '').length + calls);
  return content.reduce(
    // What else is attached has no size that is known before it is read.
    (sum, part) => sum + (part.type === 'text' ? textTokens(part.text.length) : AN_IMAGE),
    A_MESSAGE + textTokens(calls),
  );
}

function jsonTokens(value: unknown): number {
  return value === undefined ? 0 : textTokens(JSON.stringify(value).length);
}
