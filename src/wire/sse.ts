// Bytes to server-sent events, for upstreams that stream. Knows no dialect: what an event's data means is the
// caller's business. Follows WHATWG HTML 9.2.6 (interpreting an event stream), with two known departures:
// events without data are not worth an event, and a last event without its blank line is kept when it is whole.
//
// This runs once per network read of a streamed answer. It decodes up to the last line end in one go and
// holds the rest as bytes, so that no character is ever decoded in halves.

import type { Decoder } from '../core/decoder.ts';
import { Fault } from '../core/fault.ts';
import { parseJson } from '../core/json.ts';
import { asBuffer, HeldBytes } from './held-bytes.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BOM = '\uFEFF';
const MAX_EVENT_BYTES = 8 * 1024 * 1024;

export interface SseEvent {
  /** The `event` field, where there was one. */
  readonly event?: string;
  /** Never empty. */
  readonly data: string;
}

export class SseDecoder implements Decoder<Uint8Array, SseEvent> {
  readonly #maxEventBytes: number;
  readonly #held = new HeldBytes();
  #atStart = true;
  /** The last line ended in a `\r`, whose `\n` may come with the next chunk. */
  #afterCr = false;
  #event = '';
  #data: string | undefined;
  #dataBytes = 0;
  /** Waits for the next call, so that the events before it in the same chunk are not lost with it. */
  #failure: Fault | undefined;

  /** `maxEventBytes` holds for a single line and for the data of one event. */
  constructor(maxEventBytes: number = MAX_EVENT_BYTES) {
    this.#maxEventBytes = maxEventBytes;
  }

  push(chunk: Uint8Array): SseEvent[] {
    if (this.#failure !== undefined) throw this.#failure;
    const events: SseEvent[] = [];
    if (chunk.length === 0) return events;
    try {
      this.#take(asBuffer(chunk), events);
    } catch (thrown) {
      this.#held.clear();
      this.#failure = Fault.from(thrown);
      if (events.length === 0) throw this.#failure;
    }
    return events;
  }

  /** Throws a Fault INCOMPLETE when the stream stopped inside an event. */
  end(): SseEvent[] {
    if (this.#failure !== undefined) throw this.#failure;
    const events: SseEvent[] = [];
    if (this.#held.length > 0) this.#read(`${this.#held.take()}\n`, events);
    const data = this.#data;
    if (data === undefined || data === '') return events;
    if (!data.startsWith('[DONE]') && parseJson(data) === undefined) {
      throw new Fault('INCOMPLETE', 'The stream of the answer was cut off.');
    }
    this.#dispatch(events);
    return events;
  }

  #take(bytes: Buffer, events: SseEvent[]): void {
    const cut = endOfLines(bytes);
    const fit = this.#held.length + cut <= this.#maxEventBytes ? cut : this.#fitting(bytes, cut);
    if (fit > 0) this.#read(this.#decode(bytes, fit), events);
    if (fit < cut) throw this.#tooLarge();
    if (cut === bytes.length) return;
    this.#held.append(cut === 0 ? bytes : bytes.subarray(cut));
    if (this.#held.length > this.#maxEventBytes) throw this.#tooLarge();
  }

  /** Where the last line ends before one that is too long. Counts bytes as they came, as it does for held ones. */
  #fitting(bytes: Buffer, cut: number): number {
    let length = this.#held.length;
    let fit = 0;
    for (let i = 0; i < cut; i++) {
      if (bytes[i] === LF || bytes[i] === CR) {
        fit = i + 1;
        length = 0;
      } else if (++length > this.#maxEventBytes) return fit;
    }
    return cut;
  }

  /** The text up to `cut`, which stands after a line end: no character is split there. */
  #decode(bytes: Buffer, cut: number): string {
    if (this.#held.length === 0) return bytes.toString('utf8', 0, cut);
    this.#held.append(bytes.subarray(0, cut));
    return this.#held.take();
  }

  /** Reads whole lines: `text` ends in a line end. */
  #read(whole: string, events: SseEvent[]): void {
    const text = this.#normalised(whole);
    let from = 0;
    for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
      if (to === from) this.#dispatch(events);
      else this.#line(text, from, to);
      from = to + 1;
    }
  }

  /** The text with every line end a `\n`, and without the stream's BOM. */
  #normalised(whole: string): string {
    let text = whole;
    if (this.#afterCr && text.startsWith('\n')) text = text.slice(1);
    this.#afterCr = text === '' ? false : text.endsWith('\r');
    if (this.#atStart && text !== '') {
      this.#atStart = false;
      if (text.startsWith(BOM)) text = text.slice(1);
    }
    return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  }

  #line(text: string, from: number, to: number): void {
    if (text.startsWith('data', from)) {
      const after = from + 4;
      if (after === to) this.#append('');
      else if (text.startsWith(':', after)) this.#append(valueAt(text, after + 1, to));
    } else if (text.startsWith('event', from)) {
      const after = from + 5;
      if (after === to) this.#event = '';
      else if (text.startsWith(':', after)) this.#event = valueAt(text, after + 1, to);
    }
    // Comments, `id`, `retry` and names we do not know say nothing that is of use here.
  }

  #append(value: string): void {
    if (this.#data === undefined) {
      this.#data = value;
      return;
    }
    if (this.#dataBytes === 0) this.#dataBytes = Buffer.byteLength(this.#data);
    this.#dataBytes += Buffer.byteLength(value) + 1;
    if (this.#dataBytes > this.#maxEventBytes) throw this.#tooLarge();
    this.#data += `\n${value}`;
  }

  #dispatch(events: SseEvent[]): void {
    const data = this.#data;
    if (data !== undefined && data !== '') events.push(this.#event === '' ? { data } : { event: this.#event, data });
    this.#data = undefined;
    this.#dataBytes = 0;
    this.#event = '';
  }

  #tooLarge(): Fault {
    return new Fault('UPSTREAM', `The upstream sent an event of more than ${this.#maxEventBytes} bytes.`);
  }
}

/** Where the last line end stands, and past it; most reads end there. */
function endOfLines(bytes: Buffer): number {
  if (bytes.at(-1) === LF) return bytes.length;
  return Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
}

/** What stands after the colon, without the one space that may follow it. */
function valueAt(text: string, from: number, to: number): string {
  return text.slice(from < to && text.charCodeAt(from) === SPACE ? from + 1 : from, to);
}
