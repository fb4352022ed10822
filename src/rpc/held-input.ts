// Messages that were read but may not start yet, because the peer does not take our answers. In order, counted
// in bytes, and a request among them can be called off before it ever starts.

import type { Id, Message, Request, Single } from '../wire/jsonrpc.ts';

interface Entry {
  readonly message: Message;
  readonly bytes: number;
}

export class HeldInput {
  #entries: Entry[] = [];
  #head = 0;
  #bytes = 0;
  /** Made when first needed: most links never hold anything. */
  #requests: Map<Id, Request> | undefined;
  #withdrawn: Set<Request> | undefined;

  get isEmpty(): boolean {
    return this.#head === this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(message: Message, bytes: number): void {
    this.#entries.push({ message, bytes });
    this.#bytes += bytes;
    // Of two with one id the first is the one that can be cancelled; the second will be refused.
    const requests = (this.#requests ??= new Map<Id, Request>());
    for (const request of requestsIn(message)) {
      if (!requests.has(request.id)) requests.set(request.id, request);
    }
  }

  find(id: Id): Request | undefined {
    return this.#requests?.get(id);
  }

  /** The request will not come out again. */
  withdraw(request: Request): void {
    this.#withdrawn ??= new Set();
    this.#withdrawn.add(request);
    this.#requests?.delete(request.id);
  }

  /** The next message, without what was withdrawn from it; `undefined` when none is left. */
  shift(): Message | undefined {
    for (let entry = this.#entries[this.#head]; entry !== undefined; entry = this.#entries[this.#head]) {
      this.#bytes -= entry.bytes;
      this.#advance();
      const message = this.#remaining(entry.message);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#requests = undefined;
    this.#withdrawn = undefined;
  }

  #advance(): void {
    this.#head++;
    if (this.#head < 1024 || this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  #remaining(message: Message): Message | undefined {
    for (const request of requestsIn(message)) {
      if (this.#requests?.get(request.id) === request) this.#requests.delete(request.id);
    }
    const stays = (one: Single): boolean => one.kind !== 'request' || this.#withdrawn?.delete(one) !== true;
    if (message.kind !== 'batch') return stays(message) ? message : undefined;
    const members = message.members.filter(stays);
    return members.length === 0 ? undefined : { kind: 'batch', members };
  }
}

function requestsIn(message: Message): Request[] {
  if (message.kind === 'batch') return message.members.filter((member) => member.kind === 'request');
  return message.kind === 'request' ? [message] : [];
}
