// An upstream, and a forward proxy, that repeats the secrets it was sent wherever an answer has room for them. Which
// secrets those are it finds out by looking for them in what arrived, so it also shows that they were used at all.

import { FakeUpstream } from '../support/upstream.ts';
import type { Exchange } from '../support/upstream.ts';
import { found, WRITINGS } from './canaries.ts';
import type { Canary } from './canaries.ts';
import { CHAT_ECHOES, EMBED_ECHOES, LIST_ECHOES } from './echoes.ts';

/** A call asks for its echo by these names, anywhere in the request. */
export function order(echo: string, writing: string): string {
  return `Please say it as {${echo}|${writing}}.`;
}

const ALL = { ...CHAT_ECHOES, ...EMBED_ECHOES, ...LIST_ECHOES };

export class Parrot {
  readonly #upstream: FakeUpstream;
  readonly #canaries: readonly Canary[];
  /** How often each was sent to it, and repeated. */
  readonly seen: Map<Canary, number> = new Map();
  /** What a request gets that cannot say what it wants, as a list cannot. */
  standing = '';

  private constructor(upstream: FakeUpstream, canaries: readonly Canary[]) {
    this.#upstream = upstream;
    this.#canaries = canaries;
    void this.#serve();
  }

  static async listen(canaries: readonly Canary[]): Promise<Parrot> {
    return new Parrot(await FakeUpstream.listen(), canaries);
  }

  get address(): string {
    return this.#upstream.address;
  }

  close(): Promise<void> {
    return this.#upstream.close();
  }

  async #serve(): Promise<void> {
    for (;;) this.#answer(await this.#upstream.take());
  }

  #answer(exchange: Exchange): void {
    const { path, headers, body } = exchange.request;
    const arrived = [path, decoded(path), ...headers.values(), ...[...headers.values()].map(unpacked)].join('\n');
    const sent = this.#canaries.filter((canary) => found(canary, arrived) > 0);
    for (const canary of sent) this.seen.set(canary, (this.seen.get(canary) ?? 0) + 1);
    const asked = /\{([^|{}]+)\|([^|{}]+)\}/.exec(body) ?? /\{([^|{}]+)\|([^|{}]+)\}/.exec(this.standing);
    const [, echo = '', writing = ''] = asked ?? [];
    const write = WRITINGS[writing] ?? String;
    // Each as it is, and with whatever stood before and behind it in its header.
    const text = [...sent.map(({ value }) => value), ...carriers(headers, sent)].map(write).join(' ');
    exchange.answer(ALL[echo]?.(text) ?? Buffer.from(''));
    exchange.end();
  }
}

/** The headers that hold one of them, whole. */
function carriers(headers: ReadonlyMap<string, string>, sent: readonly Canary[]): string[] {
  return [...headers.values()].filter((value) =>
    sent.some((canary) => found(canary, `${value}\n${unpacked(value)}`) > 0),
  );
}

/** The credentials of Basic authentication. */
function unpacked(header: string): string {
  return header.startsWith('Basic ') ? Buffer.from(header.slice(6), 'base64').toString() : '';
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', '%20'));
  } catch {
    return '';
  }
}
