// A Link inside the process: what one side sends, the other reads, through the same lines of text as over a
// pipe. For the commands that talk to our own server, and for tests. It has room always.

import { isObject, parseJson } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import type { Line } from '../wire/encode.ts';
import { classify } from '../wire/jsonrpc.ts';
import type { Message } from '../wire/jsonrpc.ts';
import type { Link } from './link.ts';
import { Mailbox } from './mailbox.ts';

/** The peer's end of a {@link memoryPair}. */
export interface MemoryPeer {
  send(message: JsonObject): void;
  /** Every message of the other side, in order. Ends when the link is closed. Iterate it once. */
  readonly received: AsyncIterable<JsonObject>;
  /** The peer will send nothing more. */
  close(): void;
}

export function memoryPair(): { readonly link: Link; readonly peer: MemoryPeer } {
  const incoming = new Mailbox<readonly Message[]>();
  const received = new Mailbox<JsonObject>();
  const facts = { queuedBytes: 0, receivedBytes: 0, name: 'memory' };
  const write = (line: string): void => {
    const message = parseJson(line);
    if (isObject(message)) received.put(message);
  };
  const link: Link = {
    incoming,
    facts,
    send: (line) => write(whole(line)),
    notify: (notice) => write(notice.encode(notice.text, notice.progress)),
    close() {
      incoming.end();
      received.end();
      return Promise.resolve();
    },
  };
  const peer: MemoryPeer = {
    received,
    send(message) {
      const line = JSON.stringify(message);
      facts.receivedBytes += line.length;
      incoming.put([classify(line)]);
    },
    close: () => incoming.end(),
  };
  return { link, peer };
}

function whole(line: Line): string {
  return typeof line === 'string' ? line : [...line.pieces].join('');
}
