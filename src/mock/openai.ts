// Answers on OpenAI's wire, whole or as a stream: chat completions and legacy completions. Pure; follows the
// upstream wire sheet, 4.2.

import type { Answer } from './answer.ts';
import type { Ask } from './ask.ts';
import { events, json, whole } from './reply.ts';
import type { Reply, Step } from './reply.ts';

export type Endpoint = 'chat' | 'completion';

/** What the answer is wrapped in. */
export interface Envelope {
  readonly endpoint: Endpoint;
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly ask: Ask;
  /** The mock's own pace. */
  readonly wordMs: number;
}

/** How the answer is spoilt on its way. */
export type Spoiling = 'cut' | 'garbage' | undefined;

export function render(envelope: Envelope, answer: Answer, spoiling: Spoiling): Reply {
  if (envelope.ask.stream) return events(paced(envelope, answer, streamed(envelope, answer, spoiling)));
  if (spoiling === 'garbage') return whole(200, 'text/html', '<html><body><h1>It works!</h1></body></html>');
  const body = wholeBody(envelope, answer);
  if (spoiling !== 'cut') return later(answer, json(200, body));
  const text = JSON.stringify(body);
  return whole(200, 'application/json', text, text.slice(0, text.length >> 1));
}

function later({ firstMs }: Answer, { head, steps }: Reply): Reply {
  const waiting: Step[] = firstMs > 0 ? [{ do: 'wait', ms: firstMs }] : [];
  return { ...(head === undefined ? {} : { head }), steps: [...waiting, ...steps] };
}

/** What is counted while an answer is made. */
interface Tally {
  reasoning: number;
  words: number;
  finish: string;
}

function usageOf({ ask }: Envelope, { reasoning, words }: Tally): Record<string, unknown> {
  return {
    prompt_tokens: ask.promptWords,
    completion_tokens: reasoning + words,
    total_tokens: ask.promptWords + reasoning + words,
    ...(reasoning === 0 ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function wholeBody(envelope: Envelope, answer: Answer): Record<string, unknown> {
  const tally = newTally(answer);
  const reasoning = [...answer.reasoning];
  tally.reasoning = reasoning.length;
  const text = [...limited(envelope, answer, tally)].join('');
  const { endpoint, ask, id, created } = envelope;
  const message = {
    role: 'assistant',
    content: answer.call === undefined ? text : null,
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join('') }),
    ...(answer.call === undefined
      ? {}
      : { tool_calls: [{ id: `call-${id}`, type: 'function', function: answer.call }] }),
  };
  const choice = { index: 0, ...(endpoint === 'chat' ? { message } : { text }), finish_reason: tally.finish };
  const object = endpoint === 'chat' ? 'chat.completion' : 'text_completion';
  return { id, object, created, model: ask.model.name, choices: [choice], usage: usageOf(envelope, tally) };
}

function newTally({ call }: Answer): Tally {
  return { reasoning: 0, words: 0, finish: call === undefined ? 'stop' : 'tool_calls' };
}

/** The words up to the caller's limit. */
function* limited({ ask }: Envelope, answer: Answer, tally: Tally): Iterable<string> {
  for (const word of answer.words) {
    if (tally.words >= ask.maxTokens) {
      tally.finish = 'length';
      return;
    }
    tally.words++;
    yield word;
  }
}

/** Each chunk of the stream; `undefined` stands for the place where it breaks off. */
function* streamed(envelope: Envelope, answer: Answer, spoiling: Spoiling): Iterable<string | undefined> {
  const tally = newTally(answer);
  const chunk = chunker(envelope);
  const words = spoiling === undefined ? answer.words : firstHalf(answer.words);
  yield chunk({ role: 'assistant', content: '' });
  for (const piece of answer.reasoning) {
    tally.reasoning++;
    yield chunk({ reasoning_content: piece });
  }
  for (const word of limited(envelope, { ...answer, words }, tally)) yield chunk({ content: word });
  if (spoiling === 'cut') yield undefined;
  if (spoiling === 'garbage') yield 'data: {"id":"chatcmpl-mock","choices":[{"del\n\n';
  else {
    yield* callChunks(envelope, answer, chunk);
    yield chunk({}, tally.finish);
    if (envelope.ask.includeUsage) yield chunk(undefined, null, usageOf(envelope, tally));
  }
  yield 'data: [DONE]\n\n';
}

function* callChunks({ id }: Envelope, { call }: Answer, chunk: Chunker): Iterable<string> {
  if (call === undefined) return;
  const half = call.arguments.length >> 1;
  const first = { index: 0, id: `call-${id}`, type: 'function', function: { name: call.name, arguments: '' } };
  yield chunk({ tool_calls: [first] });
  for (const part of [call.arguments.slice(0, half), call.arguments.slice(half)]) {
    yield chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] });
  }
}

type Chunker = (delta: Record<string, unknown> | undefined, finish?: string | null, usage?: unknown) => string;

/** Renders one event; without a delta the list of choices is empty. */
function chunker({ endpoint, id, created, ask }: Envelope): Chunker {
  const object = endpoint === 'chat' ? 'chat.completion.chunk' : 'text_completion';
  const head = { id, object, created, model: ask.model.name };
  return (delta, finish = null, usage = null) => {
    const content = endpoint === 'chat' ? { delta } : { text: delta?.['content'] ?? '' };
    const choices = delta === undefined ? [] : [{ index: 0, ...content, finish_reason: finish }];
    const counted = ask.includeUsage ? { usage } : {};
    return `data: ${JSON.stringify({ ...head, choices, ...counted })}\n\n`;
  };
}

function* firstHalf(words: Iterable<string>): Iterable<string> {
  const all = [...words];
  yield* all.slice(0, Math.max(1, all.length >> 1));
}

/** Chunks as steps, with the model's pauses between them. */
function* paced(envelope: Envelope, answer: Answer, chunks: Iterable<string | undefined>): Iterable<Step> {
  const between = answer.wordMs ?? envelope.wordMs;
  if (answer.firstMs > 0) yield { do: 'wait', ms: answer.firstMs };
  let first = true;
  for (const text of chunks) {
    if (text === undefined) {
      yield { do: 'cut' };
      return;
    }
    if (!first && between > 0 && !text.includes('"finish_reason":"') && !text.startsWith('data: [')) {
      yield { do: 'wait', ms: between };
    }
    first = false;
    yield { do: 'write', text };
  }
}
