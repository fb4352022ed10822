// Several models' answers to one question, side by side: a section of text for each, the same as data, and the
// result of them all. One that failed is named where its answer would be; only when nobody answered is it an error.

import { Fault } from '../../core/fault.ts';
import type { Attempt } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { JsonObject, Text } from '../../core/json.ts';
import { accountOf } from '../../protocol/errors.ts';
import type { Account } from '../../protocol/errors.ts';
import type { ImageBlock, ToolResult } from '../tool.ts';
import type { Reply } from './ask.ts';
import { ending, imagesDescribed } from '../../providers/answer/openai-shape.ts';
import { beginningOf } from '../../providers/answer/text.ts';
import { imageBlocks } from './images.ts';
import { answerFacts, cutNote, json, notesOf, remark, restMeta } from './result.ts';
import type { Cut } from './room.ts';

/** What came of asking one model; `model` is its name as asked. */
export type Outcome =
  | { readonly model: string; readonly reply: Reply }
  | { readonly model: string; readonly fault: Fault; readonly account: Account };

/** What is no failure of a model's: a cancel, or a bug. It ends the call. */
export interface Broken {
  readonly broken: Fault;
}

/** Settles as the answer does; never rejects, since the others are still at work. */
export async function outcomeOf(model: string, answer: Promise<Reply>): Promise<Outcome | Broken> {
  try {
    return { model, reply: await answer };
  } catch (thrown) {
    const fault = Fault.from(thrown);
    // The room that raised it has scrubbed it.
    const account = accountOf(fault, (text) => text);
    return account === undefined ? { broken: fault } : { model, fault, account };
  }
}

export interface Piece {
  readonly text: string;
  /** Its characters were told of as they came. */
  readonly isCounted: boolean;
}

/** The section of one model in pieces, after those of the others; joined, they are the text of the result. */
export function* section(outcome: Outcome, before: readonly Section[]): Generator<Piece> {
  const added = (text: string): Piece => ({ text, isCounted: false });
  yield added(`${before.length === 0 ? '' : '\n\n'}## ${outcome.model}\n\n`);
  if ('fault' in outcome) {
    const { account, fault } = outcome;
    yield added(`[${fault.kind}: ${account.text}]`);
    const { partial = '' } = fault.data;
    if (partial === '') return;
    yield added('\n\n');
    yield { text: partial, isCounted: true };
    return;
  }
  const { text } = outcome.reply;
  for (const piece of typeof text === 'string' ? [text] : text.pieces) yield { text: piece, isCounted: true };
  const remarks = [shownBelow(outcome.reply, allImages(before).length), remark(outcome.reply)].filter(
    (one) => one !== '',
  );
  if (remarks.length > 0) yield added(`${text.length === 0 ? '' : '\n\n'}${remarks.join(' ')}`);
}

/** Which of the images are its own: they come after all the text. */
function shownBelow({ images }: Reply, before: number): string {
  const count = images?.shown.length ?? 0;
  if (count === 0) return '';
  return count === 1 ? `[Image ${before + 1} is below.]` : `[Images ${before + 1} to ${before + count} are below.]`;
}

/** The images of all, in the order of the sections. */
export function allImages(sections: readonly Section[]): readonly ImageBlock[] {
  const blocks: ImageBlock[] = [];
  for (const { outcome } of sections) {
    if ('reply' in outcome) blocks.push(...imageBlocks(outcome.reply.images, blocks.length));
  }
  return blocks;
}

/** What came of one model, and where what it said begins in the text of all sections. */
export interface Section {
  readonly outcome: Outcome;
  readonly at: number;
}

/** With the joined sections, as far as there is room for them. */
export interface Form extends Cut {
  readonly images: readonly ImageBlock[];
  /** Most characters of all answers as data. */
  readonly room: number;
  readonly isFull: boolean;
  /** Whether the caller's revision knows structured content. */
  readonly isStructured: boolean;
}

/** The result of all, in the order asked. */
export function comparison(sections: readonly Section[], form: Form): ToolResult {
  const { text, images, isFull, isStructured, rest } = form;
  const outcomes = sections.map(({ outcome }) => outcome);
  const nobody = outcomes.every((outcome) => 'fault' in outcome) ? nobodyAnswered(outcomes) : undefined;
  const note = cutNote(form);
  const structured = isFull ? dataOf(sections, form, note) : undefined;
  return {
    content: [
      ...(nobody === undefined ? [] : [{ type: 'text' as const, text: nobody.text }]),
      { type: 'text', text },
      ...(structured === undefined ? [] : [json(structured)]),
      ...images,
      ...notesOf(note),
    ],
    ...(structured !== undefined && isStructured ? { structuredContent: structured } : {}),
    ...(nobody === undefined ? {} : { isError: true }),
    meta: {
      ...(nobody === undefined ? {} : { 'anymodel/error': nobody.error }),
      'anymodel/answers': outcomes.map(accountObject),
      ...restMeta(rest),
    },
  };
}

/** All answers as data; there are clients that show nothing beside it, so what it lacks is said in it too. */
function dataOf(sections: readonly Section[], { room, rest }: Form, note: string): JsonObject {
  const all = sections.reduce((sum, { outcome }) => sum + (saidBy(outcome)?.length ?? 0), 0);
  const share = all > room ? Math.ceil(room / sections.length) : Number.POSITIVE_INFINITY;
  const answers = sections.map((one) => answerObject(one, share, rest !== undefined));
  return { answers, ...(rest === undefined ? {} : { job_id: rest.job, note }) };
}

function saidBy(outcome: Outcome): Text | undefined {
  return 'fault' in outcome ? outcome.fault.data.partial : outcome.reply.text;
}

/** As much of what a model said as its share of the room is, and where the rest is to be read. */
interface Shown {
  readonly text: string;
  readonly omitted: number;
  readonly next?: number;
}

function shownOf(text: Text, share: number, { at, isKept }: { readonly at: number; readonly isKept: boolean }): Shown {
  if (text.length <= share) return { text: String(text), omitted: 0 };
  const { text: shown, length } = beginningOf(text, share);
  return { text: String(shown), omitted: text.length - length, ...(isKept ? { next: at + length } : {}) };
}

function answerObject({ outcome, at }: Section, share: number, isKept: boolean): JsonObject {
  const { model } = outcome;
  const said = saidBy(outcome);
  const { text, omitted, next } = shownOf(said ?? '', share, { at, isKept });
  if ('fault' in outcome) {
    const { account, fault } = outcome;
    const { provider, attempts = [] } = fault.data;
    const partial = said === undefined ? undefined : text;
    const missing = { omitted_chars: omitted === 0 ? undefined : omitted, next_offset: next };
    const error = { ...account.error, message: account.text };
    return { model, ...present({ provider, partial, ...missing }), ms: sumOf(attempts), error };
  }
  const { reply } = outcome;
  const { provider, attempts } = reply.served;
  return {
    model,
    ...present({ provider: provider || undefined, served_model: reply.model || undefined }),
    text,
    ...present({ images: imagesDescribed(reply.images) }),
    ...ending({ ...reply, omitted: reply.omitted + omitted }),
    ...present({ next_offset: next }),
    ms: sumOf(attempts),
  };
}

/** How one answer came about, for `_meta`. */
function accountObject(outcome: Outcome): JsonObject {
  if ('fault' in outcome) return { model: outcome.model, error: outcome.account.error };
  const { model: served, ...facts } = answerFacts(outcome.reply);
  return { model: outcome.model, ...present({ served_model: served }), ...facts };
}

/** The time its attempts took; waits between them are nobody's. */
function sumOf(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, { ms }) => sum + ms, 0);
}

/** One failure for all of them: of their kind where they have one kind. */
function nobodyAnswered(outcomes: readonly Outcome[]): Account | undefined {
  const faults = outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : []));
  const [first, ...others] = faults.map(({ kind }) => kind);
  const kind = first !== undefined && others.every((other) => other === first) ? first : 'UPSTREAM';
  const attempts = faults.flatMap(({ data }) => data.attempts ?? []);
  const data = { attempts, next: 'Why is said below, model by model.' };
  return accountOf(new Fault(kind, `None of the ${faults.length} models answered.`, { data }), (text) => text);
}
