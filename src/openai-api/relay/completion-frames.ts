// The stream of POST /v1/completions. Follows WIRE sheet, 3.5.

import { brief } from '../../providers/answer/brief.ts';
import { imagePart, usageObject } from '../../providers/answer/openai-shape.ts';
import type { ChatEvent, Usage } from '../../providers/chat.ts';
import { dataFrame, DONE } from './frames.ts';
import type { FrameOptions, Frames } from './frames.ts';

export class CompletionFrames implements Frames {
  readonly #options: FrameOptions;
  #start: Extract<ChatEvent, { readonly type: 'start' }> | undefined;
  #usage: Usage | undefined;
  #reason = 'stop';

  constructor(options: FrameOptions) {
    this.#options = options;
  }

  take(events: readonly ChatEvent[]): string {
    let out = '';
    for (const event of events) {
      if (event.type === 'start') this.#start ??= event;
      else if (event.type === 'usage') this.#usage = event.usage;
      else if (event.type === 'text' && (event.choice ?? 0) === 0) out += this.#chunk(event.text, null);
      else if (event.type === 'image' && (event.choice ?? 0) === 0) out += this.#chunk('', null, event.url);
      else if (event.type === 'finish' && (event.choice ?? 0) === 0) this.#reason = brief(event.reason);
    }
    return out;
  }

  reset(): void {
    this.#start = undefined;
    this.#usage = undefined;
  }

  end(): string {
    const { includeUsage } = this.#options;
    const usage = this.#usage;
    const counted =
      includeUsage && usage !== undefined ? { ...this.#head(), choices: [], usage: usageObject(usage) } : '';
    return `${this.#chunk('', this.#reason)}${counted === '' ? '' : dataFrame(counted)}${DONE}`;
  }

  #chunk(text: string, reason: string | null, image?: string): string {
    const images = image === undefined ? {} : { images: [imagePart(image)] };
    const choices = [{ text, index: 0, logprobs: null, finish_reason: reason, ...images }];
    return dataFrame({ ...this.#head(), choices, ...(this.#options.includeUsage ? { usage: null } : {}) });
  }

  #head(): object {
    const { id, created, model } = this.#options;
    return {
      id: brief(this.#start?.id ?? '') || id,
      object: 'text_completion',
      created: this.#start?.created ?? created,
      model: brief(this.#start?.model ?? model()),
    };
  }
}
