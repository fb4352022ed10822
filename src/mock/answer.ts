// What a model of the mock says: words, reasoning, a tool call, and at which pace. Knows no wire.

import { isObject } from '../core/json.ts';
import type { Ask } from './ask.ts';

export interface Answer {
  /** Silence before the first word. */
  readonly firstMs: number;
  /** Pause between words; absent: the mock's own pace. */
  readonly wordMs?: number;
  readonly reasoning: Iterable<string>;
  /** Pieces of text that joined are the answer; made while they are sent. */
  readonly words: Iterable<string>;
  readonly call?: { readonly name: string; readonly arguments: string };
}

const LONG_WORDS = 100_000;
const SLOW_FIRST_MS = 6000;
const SLOW_WORD_MS = 1000;

const NOTHING: Answer = { firstMs: 0, reasoning: [], words: [] };

export const EMPTY: Answer = NOTHING;

export function answerTo(ask: Ask): Answer {
  switch (ask.model.answer) {
    case 'echo':
      return { ...NOTHING, words: pieces(`You said: ${ask.said}`) };
    case 'words':
      return { ...NOTHING, words: numbered(ask.model.count) };
    case 'long':
      return { ...NOTHING, wordMs: 0, words: numbered(LONG_WORDS) };
    case 'slow':
      return { ...NOTHING, firstMs: SLOW_FIRST_MS, wordMs: SLOW_WORD_MS, words: pieces(`You said: ${ask.said}`) };
    case 'reason':
      return {
        ...NOTHING,
        reasoning: pieces('Somebody said something to me. The best I can do is to say it back.'),
        words: pieces(`You said: ${ask.said}`),
      };
    case 'json':
      return { ...NOTHING, words: pieces(JSON.stringify({ you_said: ask.said })) };
    case 'tool':
      return toolAnswer(ask);
  }
}

function toolAnswer({ tool, toolResult, said }: Ask): Answer {
  if (toolResult !== undefined) return { ...NOTHING, words: pieces(`The tool answered: ${toolResult}`) };
  if (tool === undefined) return { ...NOTHING, words: pieces('I was offered no tool to call.') };
  return { ...NOTHING, call: { name: tool.name, arguments: JSON.stringify(sample(tool.parameters, said, 0) ?? {}) } };
}

const DEEPEST_SAMPLE = 8;

/** A value that fits a JSON Schema as far as types, `enum` and `required` go; strings are what the user said. */
function sample(schema: unknown, said: string, depth: number): unknown {
  if (!isObject(schema) || depth > DEEPEST_SAMPLE) return undefined;
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  switch (schema['type']) {
    case 'string':
      return said;
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'array':
      return [sample(schema['items'], said, depth + 1)].filter((item) => item !== undefined);
    case 'object':
      return sampleObject(schema, said, depth);
    default:
      return undefined;
  }
}

function sampleObject(schema: Record<string, unknown>, said: string, depth: number): Record<string, unknown> {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : Object.keys(properties);
  const names = required.filter((name): name is string => typeof name === 'string' && Object.hasOwn(properties, name));
  return Object.fromEntries(names.map((name) => [name, sample(properties[name], said, depth + 1)]));
}

/** The text cut before every word; joined it is the text again. */
function pieces(text: string): readonly string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? [text];
}

function* numbered(count: number): Iterable<string> {
  for (let n = 1; n <= count; n++) yield n === 1 ? 'word1' : ` word${n}`;
}
