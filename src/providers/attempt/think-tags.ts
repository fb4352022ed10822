// Splits the reasoning off that a model writes into its answer, between tags at its very beginning: servers without a
// parser for the model leave it there. `<think>` is nobody's answer; the other names are often asked for, so they count
// only for models that think. Only the opening counts: tags further on are the answer's own. A `</think>`
// whose opening the model's template swallowed is left alone, because all that came before it was handed on already.
// What comes out does not depend on how the text was cut into events.

import type { ChatEvent } from '../chat.ts';

type TextEvent = Extract<ChatEvent, { type: 'text' }>;

const OPENINGS = ['<think>'];
const OF_THINKERS = [...OPENINGS, '<thinking>', '<thought>', '<reasoning>'];

/** White space before a tag, at most. */
const MAX_SPACE = 64;

interface Choice {
  /** `start`: no tag yet, nothing said; `inside`: of the tags; `after`: them, nothing said; `answer`: passed on as it is. */
  state: 'start' | 'inside' | 'after' | 'answer';
  /** Text that may become a tag. */
  held: string;
  closing: string;
}

export class ThinkTags {
  readonly #openings: readonly string[];
  readonly #choices = new Map<number, Choice>();
  /** The first choice, which hardly any answer has more than, is in its answer. */
  #isPlain = false;

  /** `thinks`: whether the model is one that thinks before it answers. */
  constructor(thinks: boolean) {
    this.#openings = thinks ? OF_THINKERS : OPENINGS;
  }

  /** The same events, with what stands between the tags as reasoning. */
  pass(events: readonly ChatEvent[]): readonly ChatEvent[] {
    if (this.#isPlain && !events.some(isOfAnother)) return events;
    const out: ChatEvent[] = [];
    for (const event of events) this.#take(event, out);
    this.#isPlain = this.#choices.get(0)?.state === 'answer';
    return out;
  }

  #take(event: ChatEvent, out: ChatEvent[]): void {
    if (event.type === 'text') {
      const choice = this.#choice(event.choice);
      if (choice.state === 'answer') out.push(event);
      else this.#read(choice, event, out);
      return;
    }
    if (event.type === 'finish') this.#flush(event.choice, out);
    // A server that tells reasoning apart, or calls a tool first, has nothing in front of its answer.
    else if (event.type === 'reasoning' || event.type === 'tool') this.#pass(event.choice, out);
    out.push(event);
  }

  #read(choice: Choice, event: TextEvent, out: ChatEvent[]): void {
    choice.held += event.text;
    if (choice.state === 'start') open(choice, this.#openings);
    if (choice.state === 'inside') out.push(...think(choice, event));
    if (choice.state === 'after') begin(choice);
    if (choice.state === 'answer') out.push(...said(choice, { ...event, text: choice.held }));
  }

  /** Something else comes between: what is open still ends with its tag, and what is not open will not be. */
  #pass(index: number | undefined, out: ChatEvent[]): void {
    const choice = this.#choice(index);
    if (choice.state === 'inside') return;
    this.#flush(index, out);
    choice.state = 'answer';
  }

  /** What is held turned out to be no tag. */
  #flush(index: number | undefined, out: ChatEvent[]): void {
    const choice = this.#choice(index);
    const type = choice.state === 'inside' ? 'reasoning' : 'text';
    const text = choice.state === 'after' ? '' : choice.held;
    out.push(...said(choice, { type, text, ...(index === undefined ? {} : { choice: index }) }));
  }

  #choice(index = 0): Choice {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const choice: Choice = { state: 'start', held: '', closing: '' };
    this.#choices.set(index, choice);
    return choice;
  }
}

function isOfAnother(event: ChatEvent): boolean {
  return 'choice' in event && event.choice !== undefined;
}

/** Whether the answer opens with a tag; it may be too early to tell. */
function open(choice: Choice, openings: readonly string[]): void {
  const text = choice.held.trimStart();
  const isFar = choice.held.length - text.length > MAX_SPACE;
  const opening = isFar ? undefined : openings.find((tag) => text.startsWith(tag));
  if (opening !== undefined) {
    choice.state = 'inside';
    choice.closing = `</${opening.slice(1)}`;
    choice.held = text.slice(opening.length);
  } else if (isFar || !openings.some((tag) => tag.startsWith(text))) choice.state = 'answer';
}

/** The reasoning up to the closing tag, or up to what may be the beginning of one. */
function think(choice: Choice, event: TextEvent): ChatEvent[] {
  const { held, closing } = choice;
  const at = held.indexOf(closing);
  const to = at === -1 ? held.length - partOf(closing, held) : at;
  choice.held = held.slice(at === -1 ? to : at + closing.length);
  if (at !== -1) choice.state = 'after';
  const text = held.slice(0, to);
  return text === '' ? [] : [{ ...event, type: 'reasoning', text }];
}

/** White space between the closing tag and the answer is neither. */
function begin(choice: Choice): void {
  choice.held = choice.held.trimStart();
  if (choice.held !== '') choice.state = 'answer';
}

/** How many characters at the end of `text` may be the beginning of `tag`. */
function partOf(tag: string, text: string): number {
  let length = Math.min(tag.length - 1, text.length);
  while (length > 0 && !text.endsWith(tag.slice(0, length))) length--;
  return length;
}

/** The event for what was held, if that was anything; nothing is held any more. */
function said(choice: Choice, event: Extract<ChatEvent, { type: 'text' | 'reasoning' }>): ChatEvent[] {
  choice.held = '';
  return event.text === '' ? [] : [event];
}
