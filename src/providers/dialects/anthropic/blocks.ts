// The content blocks of an answer, keyed by the index the upstream gives them. They may overlap, and what belongs to
// a block may come after its stop: llama.cpp signs the thinking when the text is long under way (WIRE.md 4.4, case
// 57). Blocks of kinds we do not know are passed over, whatever is sent into them.

import { encodeJson, isObject } from '../../../core/json.ts';
import type { EventBatch } from '../event-batch.ts';
import { stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { malformed, readName } from '../limits.ts';
import { Replay } from '../sending/replay.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { REASONING_FORMAT } from './content.ts';

const MAX_CALLS = 256;

/** What a delta may do to its block; the names are those of the delta types. */
export type Growth = 'text' | 'thinking' | 'input_json';

interface Block {
  readonly type: string;
  /** Of thinking: what was said of it. */
  readonly said: Replay;
  signature: string;
  /** Of redacted thinking. */
  readonly data: string;
  /** Of a call: its place among the calls, and its input as it was given at the start. */
  readonly call: number;
  readonly input: unknown;
  hasArguments: boolean;
  isTold: boolean;
}

export class Blocks {
  readonly #names: ToolNames;
  readonly #blocks = new Map<number, Block>();
  #calls = 0;

  /** `names` gives the callers' names of tools. */
  constructor(names: ToolNames) {
    this.#names = names;
  }

  get hasCalls(): boolean {
    return this.#calls > 0;
  }

  /** What the deltas into an open block add to it; undefined when they add nothing we know. */
  growthOf(index: number): Growth | undefined {
    const block = this.#blocks.get(index);
    if (block?.type === 'text' || block?.type === 'thinking') return block.type;
    return block?.type === 'tool_use' ? 'input_json' : undefined;
  }

  open(index: number, fields: Fields, batch: EventBatch): void {
    const type = stringAt(fields, 'type') ?? '';
    const block: Block = {
      type,
      said: new Replay(),
      signature: stringAt(fields, 'signature') ?? '',
      data: stringAt(fields, 'data') ?? '',
      call: this.#calls,
      input: fields['input'],
      hasArguments: false,
      isTold: false,
    };
    this.#blocks.set(index, block);
    if (type === 'text' || type === 'thinking') this.grow(index, type, stringAt(fields, type) ?? '', batch);
    if (type !== 'tool_use') return;
    if (++this.#calls > MAX_CALLS) throw malformed(`The upstream's answer calls more than ${MAX_CALLS} tools.`);
    const name = readName(stringAt(fields, 'name') ?? '');
    const id = stringAt(fields, 'id') ?? `call_${block.call}`;
    batch.add({ type: 'tool', index: block.call, id, name: this.#names.get(name) ?? name, arguments: '' });
  }

  /** Adds a piece to a block; text and thinking are heard even where the block's start was lost on the way. */
  grow(index: number, growth: Growth, piece: string, batch: EventBatch): void {
    if (growth === 'text') return batch.text('text', piece, 0);
    const block = this.#blocks.get(index);
    if (growth === 'thinking') {
      block?.said.add(piece);
      return batch.text('reasoning', piece, 0);
    }
    if (block?.type !== 'tool_use' || piece === '') return;
    block.hasArguments = true;
    batch.add({ type: 'tool', index: block.call, arguments: piece });
  }

  sign(index: number, signature: string): void {
    const block = this.#blocks.get(index);
    if (block !== undefined) block.signature = signature;
  }

  /** The block is whole, as far as the upstream knows. */
  close(index: number, batch: EventBatch): void {
    const block = this.#blocks.get(index);
    if (block !== undefined) tell(block, batch);
  }

  /** The answer is whole: what was never closed, or signed after it was, is told now. */
  finish(batch: EventBatch): void {
    for (const block of this.#blocks.values()) {
      tell(block, batch);
      // Not before: some servers go on with the input of a call that they have stopped.
      if (block.type === 'tool_use' && !block.hasArguments)
        batch.add({ type: 'tool', index: block.call, arguments: '{}' });
    }
  }
}

function tell(block: Block, batch: EventBatch): void {
  if (block.isTold) return;
  const format = REASONING_FORMAT;
  if (block.type === 'thinking') {
    // Without its signature nobody takes it back; it may still come.
    if (block.signature === '') return;
    const { signature, said } = block;
    // Thinking that is left unsaid is signed too; what was too long to be kept is not handed back in part.
    const text = said.isEmpty ? '' : said.text;
    if (text !== undefined)
      batch.add({ type: 'reasoning_detail', detail: { type: 'reasoning.text', text, signature, format } });
  } else if (block.type === 'redacted_thinking') {
    if (block.data !== '')
      batch.add({ type: 'reasoning_detail', detail: { type: 'reasoning.encrypted', data: block.data, format } });
  } else if (block.type === 'tool_use' && !block.hasArguments && isObject(block.input)) {
    const text = inputText(block.input);
    if (text === '{}') return;
    block.hasArguments = true;
    batch.add({ type: 'tool', index: block.call, arguments: text });
  }
  block.isTold = true;
}

/** The input that came whole with the block's start. */
function inputText(input: Fields): string {
  const text = encodeJson(input);
  if (text === undefined) throw malformed('The arguments of a tool call are nested too deeply.');
  return text;
}
