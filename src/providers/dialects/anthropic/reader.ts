// What an Anthropic stream says, event by event (WIRE.md 4.4). Events are known by the `type` in their data, because
// the `event:` lines get lost behind some proxies.
//
// A delta that the API itself wrote has one fixed form, of which only the piece of text and some padding differ: that
// piece is cut out without parsing. A property test compares the two ways.

import { isObject, parseJson } from '../../../core/json.ts';
import type { SseEvent } from '../../../wire/sse.ts';
import { readInBandError } from '../../faults/refusal.ts';
import type { AnswerReader } from '../answer-stream.ts';
import type { EventBatch } from '../event-batch.ts';
import { malformed } from '../limits.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { AnthropicAnswer } from './answer.ts';
import type { Growth } from './blocks.ts';

const FIELD: Readonly<Record<Growth, string>> = { text: 'text', thinking: 'thinking', input_json: 'partial_json' };

// oxlint-disable-next-line no-control-regex -- raw control characters are what JSON strings may not hold
const NOT_PLAIN = /["\\\u0000-\u001f]/;

/** The deltas that the next event most probably is one of: how they begin, and where their text goes. */
interface Expected {
  readonly head: string;
  readonly index: number;
  readonly growth: Growth;
}

export class AnthropicReader implements AnswerReader<SseEvent> {
  readonly #answer: AnthropicAnswer;
  #expected: Expected | undefined;
  /** Events seen, to name the one that is broken without showing what it holds. */
  #count = 0;

  constructor(names: ToolNames) {
    this.#answer = new AnthropicAnswer(names);
  }

  get isOver(): boolean {
    return this.#answer.isOver;
  }

  /** A stop reason alone ends nothing: what the stream says last is `message_stop`. */
  get isFinished(): boolean {
    return this.#answer.isOver;
  }

  accept({ data, event }: SseEvent, batch: EventBatch): void {
    this.#count++;
    const expected = this.#expected;
    const piece = expected === undefined || event === 'error' ? undefined : cut(data, expected.head);
    if (piece !== undefined && expected !== undefined)
      this.#answer.blocks.grow(expected.index, expected.growth, piece, batch);
    else if (data.trim() !== '' && !data.startsWith('[DONE]')) this.#acceptJson(data, event === 'error', batch);
  }

  finish(batch: EventBatch): void {
    this.#answer.finish(batch);
  }

  #acceptJson(data: string, isNamedError: boolean, batch: EventBatch): void {
    const value = parseJson(data);
    if (value === undefined) throw malformed(`Event ${this.#count} of the upstream's stream is not valid JSON.`);
    if (!isObject(value)) return;
    if (isNamedError) throw readInBandError(value);
    this.#answer.accept(value, batch);
    const index = value['index'];
    if (typeof index === 'number') this.#expect(index);
  }

  /** Blocks that overlap have their deltas parsed in turn; that costs time and nothing else. */
  #expect(index: number): void {
    const growth = this.#answer.blocks.growthOf(index);
    if (growth === undefined || (this.#expected?.index === index && this.#expected.growth === growth)) return;
    const head = `{"type":"content_block_delta","index":${index},"delta":{"type":"${growth}_delta","${FIELD[growth]}":"`;
    this.#expected = { head, index, growth };
  }
}

/** What stands between the head and the end, when it is one JSON string; undefined when it must be parsed. */
function cut(data: string, head: string): string | undefined {
  const end = data.lastIndexOf('"');
  // Comparing a slice costs an eighth of `startsWith`, which goes character by character.
  if (end < head.length || data.slice(0, head.length) !== head || !isTail(data.slice(end + 1))) return undefined;
  const raw = data.slice(head.length, end);
  if (!NOT_PLAIN.test(raw)) return raw;
  const value = parseJson(`"${raw}"`);
  return typeof value === 'string' ? value : undefined;
}

/** The two objects are closed, and nothing is added to either; the API pads with spaces. */
function isTail(tail: string): boolean {
  return tail === '}}' || /^ *\} *\} *$/.test(tail);
}
