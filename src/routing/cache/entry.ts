// A whole answer as it is kept: its events, those that follow each other joined, and by whom it was given. Text, so
// that a shared store can hold it: a line of JSON without the texts of the events, and behind it those texts as they
// are, because reading a long one out of JSON would cost more than all the rest of a hit. Which answers are whole
// enough to be given again is said here too.

import { isObject, parseJson } from '../../core/json.ts';
import type { ChatEvent, Served } from '../../providers/chat.ts';

/** Who gave it: what a hit tells besides the answer. */
type Giver = Pick<Served, 'provider' | 'model' | 'changed'>;

export interface Entry extends Giver {
  readonly events: readonly ChatEvent[];
}

/** One that was cut at its limit, filtered or paused is not what the same question should bring again. */
const WHOLE: ReadonlySet<string> = new Set(['stop', 'tool_calls']);

/** Whether every choice of the answer came to its own end. */
export function isWhole(events: readonly ChatEvent[]): boolean {
  const ends = events.filter((event) => event.type === 'finish');
  return ends.length > 0 && ends.every(({ reason }) => WHOLE.has(reason));
}

export function encodeEntry({ provider, model, changed }: Giver, events: readonly ChatEvent[]): string {
  const whole = joined(events);
  const texts = whole.map(textOf);
  const bare = whole.map((event) => withText(event, ''));
  const lengths = texts.map((text) => text.length);
  return `${JSON.stringify({ provider, model, changed, events: bare, lengths })}\n${texts.join('')}`;
}

/** Undefined for what no `encodeEntry` wrote. */
export function decodeEntry(text: string): Entry | undefined {
  const end = text.indexOf('\n');
  const value: unknown = parseJson(text.slice(0, Math.max(end, 0)));
  if (!isBare(value) || value.lengths.length !== value.events.length) return undefined;
  const { provider, model, changed, lengths } = value;
  let at = end + 1;
  const events = value.events.map((event, index) => {
    const from = at;
    at += lengths[index] ?? 0;
    return from === at ? event : withText(event, text.slice(from, at));
  });
  return at === text.length ? { provider, model, changed, events } : undefined;
}

interface Bare extends Entry {
  /** Of the text of each event. */
  readonly lengths: readonly number[];
}

function isBare(value: unknown): value is Bare {
  const lists = ['events', 'changed', 'lengths'];
  return isObject(value) && lists.every((name) => Array.isArray(value[name]));
}

/** A thousand pieces of text as one; what stands between others stays where it is. */
function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const out: ChatEvent[] = [];
  let pieces: string[] = [];
  const close = (): void => {
    const last = out.at(-1);
    if (last !== undefined && pieces.length > 0) out[out.length - 1] = withText(last, textOf(last) + pieces.join(''));
    pieces = [];
  };
  for (const event of events) {
    const last = out.at(-1);
    if (last !== undefined && goesOn(last, event)) {
      pieces.push(textOf(event));
      continue;
    }
    close();
    out.push(event);
  }
  close();
  return out;
}

function goesOn(last: ChatEvent, event: ChatEvent): boolean {
  if (last.type === 'tool' && event.type === 'tool') {
    return last.index === event.index && last.choice === event.choice && event.id === undefined;
  }
  if (event.type !== 'text' && event.type !== 'reasoning') return false;
  return last.type === event.type && last.choice === event.choice;
}

function textOf(event: ChatEvent): string {
  if (event.type === 'text' || event.type === 'reasoning') return event.text;
  if (event.type === 'image') return event.url;
  return event.type === 'tool' ? event.arguments : '';
}

function withText(event: ChatEvent, text: string): ChatEvent {
  if (event.type === 'text' || event.type === 'reasoning') return { ...event, text };
  if (event.type === 'image') return { ...event, url: text };
  return event.type === 'tool' ? { ...event, arguments: text } : event;
}
