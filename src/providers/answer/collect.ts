// A stream of events gathered into one answer, which is how every complete answer is made. The caller hears of
// each batch as it comes and is waited for, so that a slow one slows the upstream and nothing piles up here.

import { Fault } from '../../core/fault.ts';
import type { Text } from '../../core/json.ts';
import type { ChatEvent, FinishReason, Hear, ReasoningDetail, ToolCall, Usage } from '../chat.ts';
import { brief } from './brief.ts';
import { ImagesHeard } from './images.ts';
import type { AnswerImages } from './images.ts';
import { AnswerText } from './text.ts';
import { ToolCallParts } from './tool-call-parts.ts';

export interface Answer {
  readonly text: Text;
  /** Characters of text received but over the cap. */
  readonly omitted: number;
  /** Cut where more was said than is kept. */
  readonly reasoning: string;
  /** What has to be handed back with the next turn. */
  readonly reasoningDetails: readonly ReasoningDetail[];
  readonly toolCalls: readonly ToolCall[];
  /** Absent: there were none. */
  readonly images: AnswerImages | undefined;
  readonly usage: Usage | undefined;
  readonly finishReason: FinishReason;
  /** As the upstream gave them. */
  readonly id: string | undefined;
  readonly statedModel: string | undefined;
  readonly created: number | undefined;
}

/** Who is told of an answer as it grows. */
export interface Telling {
  /** New text; to be waited for, if a promise comes. */
  text(delta: string): void | Promise<void>;
  /** Characters received that are not shown. */
  count(characters: number): void;
}

export interface Listening {
  readonly progress: Telling;
  /** The answer begins anew: what was heard so far is to be dropped. */
  readonly restarted: (attempt: number) => void;
  /** The caller does not want the text as it comes, only to know that it does. */
  readonly silent: boolean;
  /** Most characters of text that are kept. */
  readonly maxChars: number;
  /** Handed the text, to be read as it grows, and told when there is a good deal more of it. */
  readonly holding?: Holding;
  /** Most characters of reasoning; absent: 8,000. */
  readonly maxReasoning?: number;
}

export interface Holding {
  begun(text: TextSoFar): void;
  grown(): void;
}

/** The text as it stands; after a restart, that of the new attempt. */
export interface TextSoFar {
  readonly length: number;
  readonly omitted: number;
  slice(from: number, to: number): string;
}

const MAX_REASONING = 8000;

/** Characters after which whoever holds the text is told that it grows. */
const MUCH = 65_536;

/** More than this nobody hands back. */
const MAX_DETAIL_CHARS = 4 * 1024 * 1024;

type Start = Extract<ChatEvent, { readonly type: 'start' }>;

/** Listens to an answer to its end. */
export async function collect(answer: (hear: Hear) => Promise<void>, listening: Listening): Promise<Answer> {
  const gathering = new Gathering(listening);
  listening.holding?.begun(gathering);
  try {
    await answer((events) => tell(gathering.take(events), listening));
    return gathering.finish();
  } catch (thrown) {
    throw gathering.withPartial(Fault.from(thrown));
  } finally {
    gathering.forgetImages();
  }
}

function tell({ text, unseen, attempt }: Fresh, { progress, silent, restarted }: Listening): void | Promise<void> {
  if (attempt !== undefined) restarted(attempt);
  const hidden = silent ? unseen + text.length : unseen;
  if (hidden > 0) progress.count(hidden);
  return text === '' || silent ? undefined : progress.text(text);
}

/** What one batch brought that the caller has not heard of. */
interface Fresh {
  text: string;
  /** Characters that are never shown as they come. */
  unseen: number;
  /** Set when the answer began anew; text and characters are then what came after that. */
  attempt: number | undefined;
}

class Gathering implements TextSoFar {
  readonly #maxChars: number;
  readonly #maxReasoning: number;
  #text: AnswerText;
  /** The text of the longest attempt that was given up. */
  #dropped: AnswerText | undefined;
  #reasoning = '';
  #details: ReasoningDetail[] = [];
  #detailChars = 0;
  #toolCalls = new ToolCallParts();
  #images: ImagesHeard | undefined;
  #usage: Usage | undefined;
  #start: Start | undefined;
  #finish: FinishReason | undefined;
  readonly #holding: Holding | undefined;
  #toldAt = 0;

  constructor({ maxChars, maxReasoning = MAX_REASONING, holding }: Listening) {
    this.#maxChars = maxChars;
    this.#holding = holding;
    this.#maxReasoning = maxReasoning;
    this.#text = new AnswerText(maxChars);
  }

  take(batch: readonly ChatEvent[]): Fresh {
    const fresh: Fresh = { text: '', unseen: 0, attempt: undefined };
    for (const event of batch) this.#takeEvent(event, fresh);
    this.#text.add(fresh.text);
    if (this.#text.length - this.#toldAt >= MUCH) {
      this.#toldAt = this.#text.length;
      this.#holding?.grown();
    }
    return fresh;
  }

  get length(): number {
    return this.#text.length;
  }

  get omitted(): number {
    return this.#text.omitted;
  }

  slice(from: number, to: number): string {
    return this.#text.slice(from, to);
  }

  #takeEvent(event: ChatEvent, fresh: Fresh): void {
    if ('choice' in event && event.choice !== undefined && event.choice !== 0) return;
    switch (event.type) {
      case 'text':
        fresh.text += event.text;
        return;
      case 'reasoning':
        fresh.unseen += event.text.length;
        if (this.#reasoning.length < this.#maxReasoning) this.#reasoning += event.text;
        return;
      case 'reasoning_detail':
        this.#keep(event.detail);
        return;
      case 'tool':
        fresh.unseen += event.arguments.length;
        this.#toolCalls.add(event);
        return;
      case 'image':
        (this.#images ??= new ImagesHeard()).add(event.url);
        return;
      case 'usage':
        this.#usage = event.usage;
        return;
      case 'start':
        this.#start = event;
        return;
      case 'restart':
        this.#restart();
        fresh.text = '';
        fresh.unseen = 0;
        fresh.attempt = event.attempt;
        return;
      case 'finish':
        this.#finish = event.reason;
    }
  }

  /** It goes back whole or not at all. */
  #keep(detail: ReasoningDetail): void {
    for (const part of Object.values(detail)) if (typeof part === 'string') this.#detailChars += part.length;
    if (this.#detailChars > MAX_DETAIL_CHARS) this.#details = [];
    else this.#details.push(detail);
  }

  #restart(): void {
    if (this.#text.received > (this.#dropped?.received ?? 0)) this.#dropped = this.#text;
    this.#text = new AnswerText(this.#maxChars);
    this.#toldAt = 0;
    this.#reasoning = '';
    this.#details = [];
    this.#detailChars = 0;
    this.#toolCalls = new ToolCallParts();
    this.#images = undefined;
    this.#usage = undefined;
    this.#start = undefined;
    this.#finish = undefined;
  }

  finish(): Answer {
    if (this.#finish === undefined) throw new Fault('INCOMPLETE', 'The answer ended before it was complete.');
    const { text, omitted } = this.#text.finish();
    const { id, model, created }: Partial<Start> = this.#start ?? {};
    return {
      text,
      omitted,
      reasoning: this.#reasoning.slice(0, this.#maxReasoning).replace(/[\uD800-\uDBFF]$/, ''),
      reasoningDetails: this.#details,
      toolCalls: this.#toolCalls.finish(),
      images: this.#images?.finish(),
      usage: this.#usage,
      finishReason: brief(this.#finish),
      id: id === undefined ? id : brief(id),
      statedModel: model === undefined ? model : brief(model),
      created,
    };
  }

  /** Whoever reads the text holds on to this for as long as there is a job of it, and images are large. */
  forgetImages(): void {
    this.#images = undefined;
  }

  /** The fault with the text received before it, the longest of all attempts; a cancelled call has no use for it. */
  withPartial(fault: Fault): Fault {
    if (fault.kind === 'cancelled') return fault;
    const longest = this.#text.received < (this.#dropped?.received ?? 0) ? this.#dropped : this.#text;
    if (longest === undefined || longest.received === 0) return fault;
    return fault.with({ partial: String(longest.finish().text) });
  }
}
