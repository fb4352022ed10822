// Takes registered secrets out of what a model says, before anybody sees it: an upstream that echoes our key
// would otherwise hand it to the caller. Each kind of text is its own channel, because a secret may be cut
// in two between events; what might be the beginning of one is held back until the next piece or the finish.

import type { Decoder } from '../../core/decoder.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { ChatEvent } from '../chat.ts';

type Start = Extract<ChatEvent, { type: 'start' }>;
type Spoken = Extract<ChatEvent, { type: 'text' | 'reasoning' | 'tool' }>;

interface Channel {
  readonly scrub: Decoder<string, string>;
  /** An event of this channel, to say under it what is still held at the finish. */
  last: Spoken;
}

export class ScrubbedEvents {
  readonly #secrets: Secrets;
  readonly #channels = new Map<string, Channel>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Appends to `out` what of `event` may be said now. */
  pass(event: ChatEvent, out: ChatEvent[]): void {
    switch (event.type) {
      case 'text':
      case 'reasoning':
      case 'tool':
        this.#speak(event, out);
        return;
      case 'start':
        out.push(event.model === undefined ? event : this.#started(event, event.model));
        return;
      case 'finish':
        this.#flush(out);
        out.push(event);
        return;
      // Data that holds a secret is no base64 afterwards, and is left out as such.
      case 'image':
        out.push({ ...event, url: this.#secrets.scrubValues(event.url) });
        return;
      // A whole block: what it holds of ours is seen when the result is written.
      case 'reasoning_detail':
      case 'usage':
      case 'restart':
        out.push(event);
    }
  }

  #started(event: Start, model: string): Start {
    const scrubbed = this.#secrets.scrubValues(model);
    return scrubbed === model ? event : { ...event, model: scrubbed };
  }

  #speak(event: Spoken, out: ChatEvent[]): void {
    const channel = this.#channel(event);
    const text = textOf(event);
    const scrubbed = joined(channel.scrub.push(text));
    if (event.type === 'tool' && event.name !== undefined) {
      out.push({ ...event, name: this.#secrets.scrubValues(event.name), arguments: scrubbed });
    } else if (scrubbed === text) out.push(event);
    else if (scrubbed !== '') out.push(saying(event, scrubbed));
  }

  #flush(out: ChatEvent[]): void {
    for (const { scrub, last } of this.#channels.values()) {
      const held = joined(scrub.end());
      if (held !== '') out.push(saying(last, held));
    }
  }

  #channel(event: Spoken): Channel {
    const key = event.type === 'tool' || event.choice !== undefined ? keyOf(event) : event.type;
    const known = this.#channels.get(key);
    if (known !== undefined) {
      known.last = event;
      return known;
    }
    const channel = { scrub: this.#secrets.stream(), last: event };
    this.#channels.set(key, channel);
    return channel;
  }
}

function keyOf(event: Spoken): string {
  return `${event.type} ${event.choice ?? 0} ${event.type === 'tool' ? event.index : 0}`;
}

function joined([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : first + more.join('');
}

function textOf(event: Spoken): string {
  return event.type === 'tool' ? event.arguments : event.text;
}

/** An event that continues `event` with other text: id and name of a tool call are said once only. */
function saying(event: Spoken, text: string): Spoken {
  if (event.type !== 'tool') return { ...event, text };
  const { type, index, choice } = event;
  return choice === undefined ? { type, index, arguments: text } : { type, index, arguments: text, choice };
}
