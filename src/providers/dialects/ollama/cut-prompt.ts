// Whether an answer was made from a prompt that the server cut short without saying so. Servers since 0.12.6 refuse
// instead, because `truncate: false` is sent; older ones ignore it. Pure.
//
// The rule: fewer tokens were read than the prompt has at least (`leastTokens`), and their number stands at a limit
// (`isAtLimit`). The first alone proves nothing, because servers before 0.4 did not count what they had in their cache.
// A gap is left on purpose, since a false alarm would cost a good answer: a server from 0.4 to 0.12.5 that drops whole
// messages from a conversation longer than the model's own context is not found out.

import { Fault } from '../../../core/fault.ts';
import type { ChatMessage } from '../../chat.ts';
import type { AnswerAsk } from '../../dialect.ts';
import { numberAt, objectAt } from '../fields.ts';
import { LONGER_CONTEXT } from './refusal.ts';

const CONTEXT_STEP = 1024;
const WIDE_PER_TOKEN = 8;

/**
 * The Fault of a prompt that was cut, or undefined. `read` is how many tokens of it the server says it read. A cut
 * that was asked for (`truncate: true`) is none of our business.
 */
export function cutPrompt(ask: AnswerAsk, read: number | undefined): Fault | undefined {
  const extra = ask.request.extra ?? {};
  if (read === undefined || read <= 0 || extra['truncate'] === true) return undefined;
  const given = numberAt(objectAt(extra, 'options') ?? {}, 'num_ctx') ?? numberAt(extra, 'num_ctx');
  // Counting words is left out where no count could matter.
  if (given === undefined && read % CONTEXT_STEP !== 0) return undefined;
  const least = leastTokens(ask);
  if (read >= least || !isAtLimit(read, least, given)) return undefined;
  const sentence = `The server cut the prompt without saying so: it has at least ${least} tokens, and ${read} were read.`;
  return new Fault('CONTEXT_TOO_LONG', sentence, {
    data: { retry: 'never', tokens: { asked: least, limit: read }, next: LONGER_CONTEXT },
  });
}

/**
 * A prompt that is too long is cut to fill the context exactly, whose size is a multiple of 1024 unless the caller
 * gave another; and it cannot have been read whole in a context the caller made too small for it.
 */
function isAtLimit(read: number, least: number, given: number | undefined): boolean {
  return read % CONTEXT_STEP === 0 || (given !== undefined && given < least && read <= given);
}

/**
 * No tokenizer in use joins two words, so there are at least as many tokens as words that begin with a letter or a
 * digit; and one for every 8 characters of a script without spaces.
 */
function leastTokens(ask: AnswerAsk): number {
  const texts = ask.op === 'complete' ? [ask.request.prompt] : ask.request.messages.flatMap(textsOf);
  return texts.reduce((sum, text) => sum + leastTokensOf(text), 0);
}

/** Templates leave out some of what assistants and tools said, but nothing of these. */
function textsOf({ role, content }: ChatMessage): string[] {
  if (role === 'assistant' || role === 'tool' || content === null) return [];
  if (typeof content === 'string') return [content];
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
}

/** One pass without a copy: this may be megabytes. */
function leastTokensOf(text: string): number {
  let words = 0;
  let wide = 0;
  let isInWord = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWide(code)) wide++;
    const isInside = code > 0x20 && !isWide(code);
    if (isInside && !isInWord && beginsWord(code)) words++;
    isInWord = isInside;
  }
  return words + Math.floor(wide / WIDE_PER_TOKEN);
}

/** Scripts that put no spaces between words, from the CJK signs to the last Hangul syllable, and their spaces. */
function isWide(code: number): boolean {
  return code >= 0x2e80 && code < 0xd7b0;
}

/** ASCII digits and letters. */
function beginsWord(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
