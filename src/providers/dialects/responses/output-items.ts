// The output items of one response: messages, reasoning, calls, each in deltas, whole, or first the one and then the
// other. An item is known by `output_index`, else by its id, which some servers leave out and some change between
// events. WIRE.md 4.3.

import type { EventBatch } from '../event-batch.ts';
import { objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { imageOf, ImagesSaid, urlOf } from '../images.ts';
import { malformed } from '../limits.ts';
import { ToolCalls } from '../openai/sent/tools.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { FORMAT } from './items.ts';

const MAX_ITEMS = 1024;
const MAX_ENCRYPTED_CHARS = 16 * 1024 * 1024;

interface Call {
  readonly index: number;
  hasArguments: boolean;
}

export class OutputItems {
  readonly #tools: ToolCalls;
  readonly #calls = new Map<string, Call>();
  #lastCall: Call | undefined;
  /** Items whose text was said in deltas or whole. */
  readonly #said = new Set<string>();
  readonly #encrypted = new Set<string>();
  #images: ImagesSaid | undefined;
  #encryptedChars = 0;
  #hasText = false;
  #isRefused = false;
  /** The part of the reasoning that is being said, and by which kind of event. */
  #part = '';
  #reasoningBy: string | undefined;

  /** `names`: what the caller calls the tools that were sent under another name. */
  constructor(names: ToolNames) {
    this.#tools = new ToolCalls(0, names);
  }

  get hasCalls(): boolean {
    return this.#tools.size > 0;
  }

  /** The model has said in so many words that it will not answer. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  added(event: Fields, batch: EventBatch): void {
    const item = objectAt(event, 'item');
    if (item?.['type'] === 'function_call') this.#begin(item, keysOf(event, item), batch);
  }

  text(event: Fields, batch: EventBatch): void {
    this.#hasText = true;
    if (event['type'] === 'response.refusal.delta') this.#isRefused = true;
    this.#note(keysOf(event, {}));
    batch.text('text', stringAt(event, 'delta') ?? '', 0);
  }

  /** Summary or full text, whichever comes first: some servers tell both. */
  reasoning(event: Fields, batch: EventBatch): void {
    const type = stringAt(event, 'type');
    this.#reasoningBy ??= type;
    const delta = stringAt(event, 'delta');
    if (type !== this.#reasoningBy || delta === undefined) return;
    const keys = keysOf(event, {});
    this.#note(keys);
    // Not by `content_index` as well: some versions of vLLM count it up with every delta.
    this.#sayReasoning(`${keys[0]}/${String(event['summary_index'])}`, delta, batch);
  }

  argumentsDelta(event: Fields, batch: EventBatch): void {
    const text = stringAt(event, 'delta');
    if (text !== undefined) this.#arguments(this.#callOf(event), text, batch);
  }

  argumentsDone(event: Fields, batch: EventBatch): void {
    const call = this.#callOf(event);
    const text = stringAt(event, 'arguments');
    if (text !== undefined && call?.hasArguments === false) this.#arguments(call, text, batch);
  }

  /** An item that is whole: what of it was not said yet is said. */
  done(event: Fields, batch: EventBatch): void {
    const item = objectAt(event, 'item');
    if (item === undefined) return;
    this.#whole(item, keysOf(event, item), batch);
    this.#imagesOf(item, batch);
  }

  /** The items of the whole response. Kinds that were said as the stream went on are not said again. */
  all(output: readonly Fields[], batch: EventBatch): void {
    const skipped = {
      message: this.#hasText,
      reasoning: this.#reasoningBy !== undefined,
      function_call: this.hasCalls,
    };
    for (const [place, item] of output.entries()) {
      const keys = keysOf({ output_index: place }, item);
      this.#imagesOf(item, batch);
      if (item['type'] === 'message' && skipped.message) continue;
      if (item['type'] === 'function_call' && skipped.function_call) continue;
      if (item['type'] === 'reasoning' && skipped.reasoning) this.#detail(item, batch);
      else this.#whole(item, keys, batch);
    }
  }

  finish(batch: EventBatch): void {
    this.#tools.finish(batch);
  }

  #whole(item: Fields, keys: readonly string[], batch: EventBatch): void {
    const isSaid = keys.some((key) => this.#said.has(key));
    switch (item['type']) {
      case 'message': {
        if (isSaid) return;
        const parts = objectsAt(item, 'content');
        const text = parts.map((part) => stringAt(part, 'text') ?? stringAt(part, 'refusal') ?? '');
        if (parts.some((part) => stringAt(part, 'refusal') !== undefined)) this.#isRefused = true;
        this.#note(keys);
        this.#hasText = true;
        batch.text('text', text.join(''), 0);
        return;
      }
      case 'reasoning':
        if (!isSaid) this.#wholeReasoning(item, keys, batch);
        this.#detail(item, batch);
        return;
      case 'function_call':
        this.#wholeCall(item, keys, batch);
        return;
      default:
    }
  }

  /** Only when they are whole: what comes before as `partial_image` is not the beginning of one but a sketch. */
  #imagesOf(item: Fields, batch: EventBatch): void {
    const { type } = item;
    const urls =
      type === 'image_generation_call'
        ? [urlOf(stringAt(item, 'result'))]
        : type === 'message'
          ? objectsAt(item, 'content').map(imageOf)
          : [];
    for (const url of urls) if (url !== undefined) (this.#images ??= new ImagesSaid(0)).say(url, batch);
  }

  #wholeReasoning(item: Fields, keys: readonly string[], batch: EventBatch): void {
    const summary = objectsAt(item, 'summary');
    const parts = summary.length > 0 ? summary : objectsAt(item, 'content');
    for (const [place, part] of parts.entries()) {
      const text = stringAt(part, 'text');
      if (text === undefined) continue;
      this.#note(keys);
      this.#reasoningBy ??= 'whole';
      this.#sayReasoning(`${keys[0]}/${place}`, text, batch);
    }
  }

  /** Reasoning that has to come back; each item once. */
  #detail(item: Fields, batch: EventBatch): void {
    const data = stringAt(item, 'encrypted_content');
    if (data === undefined || this.#encrypted.has(data)) return;
    this.#encrypted.add(data);
    this.#encryptedChars += data.length;
    if (this.#encryptedChars > MAX_ENCRYPTED_CHARS) throw malformed('The answer has too much encrypted reasoning.');
    const id = stringAt(item, 'id');
    const detail = { type: 'reasoning.encrypted', data, ...(id === undefined ? {} : { id }), format: FORMAT };
    batch.add({ type: 'reasoning_detail', detail });
  }

  #wholeCall(item: Fields, keys: readonly string[], batch: EventBatch): void {
    const known = keys.map((key) => this.#calls.get(key)).find((call) => call !== undefined);
    const call = known ?? this.#begin({ ...item, arguments: '' }, keys, batch);
    const text = stringAt(item, 'arguments');
    if (text !== undefined && !call.hasArguments) this.#arguments(call, text, batch);
  }

  #begin(item: Fields, keys: readonly string[], batch: EventBatch): Call {
    const call: Call = { index: this.#tools.size, hasArguments: false };
    this.#lastCall = call;
    for (const key of keys) this.#calls.set(key, call);
    const { call_id: id, name, arguments: args } = item;
    call.hasArguments = typeof args === 'string' && args !== '';
    this.#tools.accept({ index: call.index, id, function: { name, arguments: args } }, undefined, batch);
    return call;
  }

  /** The call an event is about; without a name for it, the last one that began. */
  #callOf(event: Fields): Call | undefined {
    const keys = keysOf(event, {});
    return keys.map((key) => this.#calls.get(key)).find((call) => call !== undefined) ?? this.#lastCall;
  }

  #arguments(call: Call | undefined, text: string, batch: EventBatch): void {
    if (call === undefined) return;
    call.hasArguments = true;
    this.#tools.accept({ index: call.index, function: { arguments: text } }, undefined, batch);
  }

  #sayReasoning(part: string, text: string, batch: EventBatch): void {
    const isNext = this.#part !== '' && this.#part !== part;
    this.#part = part;
    batch.text('reasoning', isNext ? `\n\n${text}` : text, 0);
  }

  /** The place is enough where there is one: ids may be others with every event. */
  #note(keys: readonly string[]): void {
    const [surest] = keys;
    for (const key of surest?.startsWith('#') === true ? [surest] : keys) this.#said.add(key);
    if (this.#said.size > MAX_ITEMS) throw malformed(`The answer has more than ${MAX_ITEMS} parts.`);
  }
}

/** What an item may be known by, the surest first. */
function keysOf(event: Fields, item: Fields): readonly string[] {
  const keys: string[] = [];
  const place = event['output_index'];
  if (typeof place === 'number') keys.push(`#${place}`);
  for (const id of [event['item_id'], item['id'], item['call_id']]) {
    if (typeof id === 'string' && id !== '') keys.push(id);
  }
  return keys;
}
