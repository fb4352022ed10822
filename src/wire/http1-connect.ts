// Bytes of a proxy to its answer to one CONNECT (RFC 9110, 9.3.6). Only the head of it is read: behind a 2xx
// begins what the server at the far end says, and the body of any other answer is a page for people. A server
// that is spoken to by TLS says nothing before we do, so bytes right behind a 2xx were put there by somebody
// else, and are refused.

import type { Decoder } from '../core/decoder.ts';
import { asBuffer } from './held-bytes.ts';
import { HeaderBlock } from './http1-block.ts';
import { cutShort, notHttp } from './http1-fault.ts';
import { AnswerHead, checkBeginning } from './http1-head.ts';

const SWITCHING_PROTOCOLS = 101;
/** Said of a body that an answer to CONNECT does not have; RFC 9110 has them ignored, be they what they may. */
const FRAMING = /\r\n(?:content-length|transfer-encoding):[^\r]*/gi;

/** Decodes one answer to CONNECT: its head, once. */
export class ConnectDecoder implements Decoder<Uint8Array, AnswerHead> {
  readonly #where: string;
  #block: HeaderBlock;
  #isOver = false;

  /** `where` names the proxy in the message of a Fault. */
  constructor(where: string) {
    this.#where = where;
    this.#block = new HeaderBlock(where);
  }

  push(chunk: Uint8Array): AnswerHead[] {
    const bytes = asBuffer(chunk);
    for (let at = 0; at < bytes.length && !this.#isOver;) {
      const block = this.#block;
      at = block.take(bytes, at);
      if (!block.isWhole) {
        checkBeginning(block.text, this.#where);
        continue;
      }
      const head = new AnswerHead(block.text.replace(FRAMING, ''), this.#where);
      if (head.status === SWITCHING_PROTOCOLS) throw notHttp(this.#where, 'a switch of protocols');
      this.#isOver = head.status >= 200;
      if (!this.#isOver) this.#block = new HeaderBlock(this.#where);
      else if (head.status < 300 && at < bytes.length) throw notHttp(this.#where, 'bytes behind the answer to CONNECT');
      else return [head];
    }
    return [];
  }

  end(): AnswerHead[] {
    if (!this.#isOver) throw cutShort(this.#where);
    return [];
  }
}
