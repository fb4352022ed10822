// An Anthropic answer as it comes in, event by event or as one whole message, into our events. It knows the grammar
// of WIRE.md 4.4 and nothing of SSE or bytes. The answer is over at `message_stop` and not before.

import { present } from '../../../core/json.ts';
import type { FinishReason } from '../../chat.ts';
import { readInBandError } from '../../faults/refusal.ts';
import type { EventBatch } from '../event-batch.ts';
import { objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { malformed, readIndex } from '../limits.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { Blocks } from './blocks.ts';
import { Counts } from './usage.ts';

const MAX_BLOCKS = 1024;

export class AnthropicAnswer {
  readonly blocks: Blocks;
  readonly #counts = new Counts();
  #isStarted = false;
  #isOver = false;
  #reason: string | undefined;
  #category: string | undefined;

  /** `names` gives the callers' names of tools. */
  constructor(names: ToolNames) {
    this.blocks = new Blocks(names);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes one event of a stream, known by its `type`. Throws the Fault of an error that came instead. */
  accept(event: Fields, batch: EventBatch): void {
    if (isError(event)) throw readInBandError(event);
    switch (event['type']) {
      case 'message_start':
        return this.#acceptMessage(objectAt(event, 'message') ?? {}, batch);
      case 'content_block_start':
        return this.blocks.open(indexOf(event), objectAt(event, 'content_block') ?? {}, batch);
      case 'content_block_delta':
        return this.#acceptDelta(indexOf(event), objectAt(event, 'delta') ?? {}, batch);
      case 'content_block_stop':
        return this.blocks.close(indexOf(event), batch);
      case 'message_delta':
        this.#acceptEnding(objectAt(event, 'delta') ?? {});
        return this.#counts.accept(objectAt(event, 'usage') ?? {});
      case 'message_stop':
        this.#isOver = true;
    }
  }

  /** Takes the whole reply to a request that was not streamed. */
  acceptWhole(message: Fields, batch: EventBatch): void {
    if (isError(message)) throw readInBandError(message);
    if (!Array.isArray(message['content']))
      throw malformed("The upstream's reply holds no content, so it is no answer to a chat.");
    this.#acceptMessage(message, batch);
  }

  /** The answer is complete: says what was kept back, `finish` last. */
  finish(batch: EventBatch): void {
    this.blocks.finish(batch);
    const { usage } = this.#counts;
    if (usage !== undefined) batch.add({ type: 'usage', usage });
    const reason = this.#finishReason();
    batch.add({ type: 'finish', reason, ...present({ category: this.#category }) });
  }

  /** A message's members; at the start of a stream it is a shell, whose content is nearly always empty. */
  #acceptMessage(message: Fields, batch: EventBatch): void {
    if (!this.#isStarted) {
      this.#isStarted = true;
      batch.add({ type: 'start', ...present({ id: stringAt(message, 'id'), model: stringAt(message, 'model') }) });
    }
    const content = objectsAt(message, 'content');
    if (content.length > MAX_BLOCKS) throw malformed(`The upstream's answer has more than ${MAX_BLOCKS} blocks.`);
    for (const [index, block] of content.entries()) {
      this.blocks.open(index, block, batch);
      this.blocks.close(index, batch);
    }
    this.#acceptEnding(message);
    this.#counts.accept(objectAt(message, 'usage') ?? {});
  }

  #acceptDelta(index: number, delta: Fields, batch: EventBatch): void {
    switch (delta['type']) {
      case 'text_delta':
        return this.blocks.grow(index, 'text', stringAt(delta, 'text') ?? '', batch);
      case 'thinking_delta':
        return this.blocks.grow(index, 'thinking', stringAt(delta, 'thinking') ?? '', batch);
      case 'input_json_delta':
        return this.blocks.grow(index, 'input_json', stringAt(delta, 'partial_json') ?? '', batch);
      case 'signature_delta':
        this.blocks.sign(index, stringAt(delta, 'signature') ?? '');
    }
  }

  #acceptEnding(fields: Fields): void {
    this.#reason = stringAt(fields, 'stop_reason') ?? this.#reason;
    this.#category = stringAt(objectAt(fields, 'stop_details') ?? {}, 'category') ?? this.#category;
  }

  /** Some servers end a call of tools as they end a text. */
  #finishReason(): FinishReason {
    const said = this.#reason ?? 'end_turn';
    const reason = REASONS.get(said) ?? said;
    return reason === 'stop' && this.blocks.hasCalls ? 'tool_calls' : reason;
  }
}

const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
  ['pause_turn', 'pause'],
]);

/** Its own form, or another server's, which has no `type`. */
function isError(event: Fields): boolean {
  return event['type'] === 'error' || (event['error'] !== undefined && event['error'] !== null);
}

function indexOf(event: Fields): number {
  return readIndex(event['index'], MAX_BLOCKS, 'content block') ?? 0;
}
