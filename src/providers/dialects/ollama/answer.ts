// An Ollama answer as it comes in: lines of a stream, or one whole reply, into events; /api/chat keeps what is said
// under `message`, /api/generate beside it. Tool calls come whole, and older servers give them no ids: one is made
// of the time of the answer and the call's place, so that it is the same however the answer is cut, and another in the
// next turn. It knows neither lines nor bytes. WIRE.md 2.2, 3.1, 3.2 and 4.5.

import { encodeJson, present } from '../../../core/json.ts';
import type { AnswerAsk } from '../../dialect.ts';
import type { EventBatch } from '../event-batch.ts';
import { countAt, objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { ImagesSaid, urlOf } from '../images.ts';
import { malformed, readName } from '../limits.ts';
import { Replay } from '../sending/replay.ts';
import { cutPrompt } from './cut-prompt.ts';
import { ollamaErrorIn } from './refusal.ts';
import { unixSeconds } from './timestamp.ts';

const MAX_CALLS = 256;

export class OllamaAnswer {
  readonly #ask: AnswerAsk;
  readonly #ids = new Set<string>();
  readonly #thoughts = new Replay();
  #images: ImagesSaid | undefined;
  #started = false;
  /** Digits of the answer's time, to tell its tool calls from those of other turns. */
  #stamp = '';
  #calls = 0;
  /** The line that said that the answer is over. */
  #last: Fields | undefined;

  constructor(ask: AnswerAsk) {
    this.#ask = ask;
  }

  get isDone(): boolean {
    return this.#last !== undefined;
  }

  /** Takes one line, or a whole reply. Throws the Fault of an error that came instead. */
  accept(fields: Fields, batch: EventBatch): void {
    const error = ollamaErrorIn(fields);
    if (error !== undefined) throw error;
    this.#start(fields, batch);
    const message = objectAt(fields, 'message') ?? fields;
    this.#think(stringAt(message, 'thinking') ?? '', batch);
    batch.text('text', stringAt(message, 'content') ?? stringAt(fields, 'response') ?? '', 0);
    // Models that paint answer through /api/generate, with base64 and nothing else.
    const image = urlOf(stringAt(message, 'image'));
    if (image !== undefined) (this.#images ??= new ImagesSaid(0)).say(image, batch);
    for (const call of objectsAt(message, 'tool_calls')) this.#call(call, batch);
    if (fields['done'] === true) this.#last = fields;
  }

  /** The answer is complete: says how it ended. Throws when its prompt was cut. */
  finish(batch: EventBatch): void {
    const last = this.#last ?? {};
    const inputTokens = countAt(last, 'prompt_eval_count');
    const cut = cutPrompt(this.#ask, inputTokens);
    if (cut !== undefined) throw cut;
    this.#replay(batch);
    const outputTokens = countAt(last, 'eval_count');
    if (inputTokens !== undefined || outputTokens !== undefined) {
      batch.add({ type: 'usage', usage: present({ inputTokens, outputTokens }) });
    }
    const reason = stringAt(last, 'done_reason') ?? 'stop';
    batch.add({ type: 'finish', reason: reason === 'stop' && this.#calls > 0 ? 'tool_calls' : reason });
  }

  #start(fields: Fields, batch: EventBatch): void {
    if (this.#started) return;
    this.#started = true;
    const time = stringAt(fields, 'created_at') ?? '';
    this.#stamp = time.replace(/\D/g, '').slice(0, 24);
    const facts = present({ model: stringAt(fields, 'model'), created: unixSeconds(time) });
    if (Object.keys(facts).length > 0) batch.add({ type: 'start', ...facts });
  }

  #think(text: string, batch: EventBatch): void {
    if (text === '') return;
    batch.text('reasoning', text, 0);
    this.#thoughts.add(text);
  }

  #call(entry: Fields, batch: EventBatch): void {
    if (this.#calls >= MAX_CALLS) throw malformed(`The upstream's answer calls more than ${MAX_CALLS} tools.`);
    const index = this.#calls++;
    const fn = objectAt(entry, 'function') ?? {};
    const given = stringAt(entry, 'id');
    const id = given === undefined || this.#ids.has(given) ? this.#madeUpId(index) : given;
    this.#ids.add(id);
    batch.add({
      type: 'tool',
      index,
      id,
      name: readName(stringAt(fn, 'name') ?? ''),
      arguments: argumentsText(fn['arguments']),
    });
  }

  #madeUpId(index: number): string {
    return this.#stamp === '' ? `call_${index}` : `call_${BigInt(this.#stamp).toString(36)}_${index}`;
  }

  /** A model that thinks between its tool calls goes on better when it is handed its thoughts again. */
  #replay(batch: EventBatch): void {
    const { text } = this.#thoughts;
    if (this.#calls === 0 || text === undefined) return;
    batch.add({ type: 'reasoning_detail', detail: { type: 'reasoning.text', text, format: 'ollama' } });
  }
}

/** An object, by the wire; some servers that speak it write text all the same. */
function argumentsText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '{}';
  const text = typeof value === 'string' ? value : encodeJson(value);
  if (text === undefined) throw malformed('The arguments of a tool call are nested too deeply.');
  return text;
}
