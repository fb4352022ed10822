// Bytes of a connection to one HTTP/1.1 answer: its head, its body, its end. Knows no socket and no request
// but that it was a GET or a POST. Follows RFC 9112; interim answers are passed over, and every departure
// from the rules of framing is a Fault. What comes behind the end belongs to no answer: it is not read, and
// the connection must not be used again, or somebody's forged answer would be taken for the next one.

import type { Decoder } from '../core/decoder.ts';
import { Fault } from '../core/fault.ts';
import { asBuffer } from './held-bytes.ts';
import { HeaderBlock } from './http1-block.ts';
import { ChunkedBody } from './http1-chunks.ts';
import { cutShort, notHttp } from './http1-fault.ts';
import { AnswerHead, checkBeginning } from './http1-head.ts';

const SWITCHING_PROTOCOLS = 101;

/** Stands in the output where the answer is complete. */
export const ANSWER_END: unique symbol = Symbol('end of the answer');

/** A head, then any number of pieces of the body, none empty, then the end. */
export type AnswerPart = AnswerHead | Buffer | typeof ANSWER_END;

/** Decodes one answer; the next one on the connection takes a new decoder. */
export class AnswerDecoder implements Decoder<Uint8Array, AnswerPart> {
  readonly #where: string;
  #state: 'head' | 'body' | 'over' = 'head';
  #block: HeaderBlock;
  #head: AnswerHead | undefined;
  #chunks: ChunkedBody | undefined;
  /** Bytes of the body that are still to come, where it is not chunked. */
  #left = 0;
  #hasExcess = false;
  /** Waits for the next call, so that the parts before it in the same bytes are not lost with it. */
  #failure: Fault | undefined;

  /** `where` names the server in the message of a Fault. */
  constructor(where: string) {
    this.#where = where;
    this.#block = new HeaderBlock(where);
  }

  /** Once the answer has ended: its head, if the connection may serve another request. */
  get reusable(): AnswerHead | undefined {
    const isReusable = this.#state === 'over' && !this.#hasExcess && this.#head?.isPersistent === true;
    return isReusable ? this.#head : undefined;
  }

  /** At most one piece of body a call, in memory of its own. */
  push(chunk: Uint8Array): AnswerPart[] {
    if (this.#failure !== undefined) throw this.#failure;
    const parts: AnswerPart[] = [];
    try {
      this.#take(asBuffer(chunk), parts);
    } catch (thrown) {
      this.#failure = Fault.from(thrown);
      if (parts.length === 0) throw this.#failure;
    }
    return parts;
  }

  /** The connection has ended. Throws a Fault INCOMPLETE when the answer has not. */
  end(): AnswerPart[] {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === 'over') return [];
    if (this.#state === 'head' || this.#left !== Infinity) throw cutShort(this.#where);
    this.#state = 'over';
    return [ANSWER_END];
  }

  #take(bytes: Buffer, parts: AnswerPart[]): void {
    let at = 0;
    while (this.#state === 'head' && at < bytes.length) at = this.#takeHead(bytes, at, parts);
    if (this.#state === 'body') {
      at =
        this.#chunks === undefined
          ? this.#takeCounted(bytes, at, parts)
          : this.#takeChunks(this.#chunks, bytes, at, parts);
      if (this.#chunks?.isOver ?? this.#left === 0) {
        this.#state = 'over';
        parts.push(ANSWER_END);
      }
    }
    if (at < bytes.length) this.#hasExcess = true;
  }

  #takeHead(bytes: Buffer, from: number, parts: AnswerPart[]): number {
    const block = this.#block;
    const to = block.take(bytes, from);
    if (!block.isWhole) {
      checkBeginning(block.text, this.#where);
      return to;
    }
    const head = new AnswerHead(block.text, this.#where);
    if (head.status === SWITCHING_PROTOCOLS) throw notHttp(this.#where, 'a switch of protocols');
    if (head.status < 200) this.#block = new HeaderBlock(this.#where);
    else this.#begin(head, parts);
    return to;
  }

  #begin(head: AnswerHead, parts: AnswerPart[]): void {
    this.#head = head;
    this.#state = 'body';
    parts.push(head);
    if (head.bodyLength === 'chunked') this.#chunks = new ChunkedBody(this.#where);
    else this.#left = head.bodyLength;
  }

  #takeCounted(bytes: Buffer, from: number, parts: AnswerPart[]): number {
    const to = Math.min(bytes.length, from + this.#left);
    if (to > from) parts.push(copyOf(bytes, from, to));
    this.#left -= to - from;
    return to;
  }

  #takeChunks(chunks: ChunkedBody, bytes: Buffer, from: number, parts: AnswerPart[]): number {
    try {
      return chunks.take(bytes, from);
    } finally {
      const data = chunks.taken();
      if (data !== undefined) parts.push(data);
    }
  }
}

function copyOf(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.allocUnsafe(to - from);
  bytes.copy(copy, 0, from, to);
  return copy;
}
