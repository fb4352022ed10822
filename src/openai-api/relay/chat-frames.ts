// The stream of POST /v1/chat/completions: role, deltas, the reason it ended, usage where it was asked for, `[DONE]`.
// Text is nearly all there is, so its envelope is made once for each answer and only the text is encoded for each
// batch. Follows WIRE sheet, 4.2; reasoning stands where DeepSeek and llama.cpp put it.

import { present } from '../../core/json.ts';
import type { ChatEvent, FinishReason, Usage } from '../../providers/chat.ts';
import { brief } from '../../providers/answer/brief.ts';
import { imagePart, usageObject } from '../../providers/answer/openai-shape.ts';
import { DONE } from './frames.ts';
import type { FrameOptions, Frames } from './frames.ts';

type Said = Extract<ChatEvent, { readonly choice?: number }>;
type Fragment = Extract<ChatEvent, { readonly type: 'tool' }>;

/** Around the delta of a chunk. */
interface Envelope {
  readonly before: string;
  readonly after: string;
}

export class ChatFrames implements Frames {
  readonly #options: FrameOptions;
  #start: Extract<ChatEvent, { readonly type: 'start' }> | undefined;
  /** Made with the first delta. */
  #envelope: Envelope | undefined;
  #usage: Usage | undefined;
  #reason: FinishReason = 'stop';

  constructor(options: FrameOptions) {
    this.#options = options;
  }

  take(events: readonly ChatEvent[]): string {
    let out = '';
    for (const event of events) {
      if (event.type === 'start') this.#start ??= event;
      else if (event.type === 'usage') this.#usage = event.usage;
      else if (event.type !== 'restart' && (event.choice ?? 0) === 0) out += this.#frame(event);
    }
    return out;
  }

  reset(): void {
    this.#start = undefined;
    this.#usage = undefined;
  }

  end(): string {
    const { before, after } = this.#enveloped();
    const finish = `${before}{}${after.replace('"finish_reason":null', `"finish_reason":${JSON.stringify(this.#reason)}`)}`;
    return `${finish}${this.#usageFrame()}${DONE}`;
  }

  #frame(event: Said): string {
    switch (event.type) {
      case 'text':
        return this.#delta('content', JSON.stringify(event.text));
      case 'reasoning':
        return this.#delta('reasoning_content', JSON.stringify(event.text));
      case 'tool':
        return this.#delta('tool_calls', JSON.stringify([fragment(event)]));
      case 'image':
        return this.#delta('images', JSON.stringify([imagePart(event.url)]));
      case 'reasoning_detail':
        return this.#delta('reasoning_details', JSON.stringify([event.detail]));
      case 'finish':
        this.#reason = brief(event.reason);
        return '';
    }
  }

  #delta(name: string, json: string): string {
    const isFirst = this.#envelope === undefined;
    const { before, after } = this.#enveloped();
    const delta = `${before}{"${name}":${json}}${after}`;
    return isFirst ? `${before}{"role":"assistant","content":""}${after}${delta}` : delta;
  }

  #enveloped(): Envelope {
    if (this.#envelope !== undefined) return this.#envelope;
    const head = this.#head();
    const usage = this.#options.includeUsage ? ',"usage":null' : '';
    return (this.#envelope = {
      before: `data: {${head},"choices":[{"index":0,"delta":`,
      after: `,"logprobs":null,"finish_reason":null}]${usage}}\n\n`,
    });
  }

  /** The members that all chunks have in common, without braces. */
  #head(): string {
    const { id, created, model } = this.#options;
    const start = this.#start;
    const named = {
      id: brief(start?.id ?? '') || id,
      object: 'chat.completion.chunk',
      created: start?.created ?? created,
      model: brief(start?.model ?? model()),
    };
    return JSON.stringify(named).slice(1, -1);
  }

  #usageFrame(): string {
    if (!this.#options.includeUsage || this.#usage === undefined) return '';
    return `data: {${this.#head()},"choices":[],"usage":${JSON.stringify(usageObject(this.#usage))}}\n\n`;
  }
}

/** `type` belongs to the fragment that opens a call. */
function fragment({ index, id, name, arguments: text }: Fragment): object {
  const opens = id !== undefined || name !== undefined;
  return {
    index,
    ...present({ id, type: opens ? 'function' : undefined }),
    function: present({ name, arguments: text }),
  };
}
