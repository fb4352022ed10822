// The `reasoning_details` of one choice, out of fragments: OpenRouter's form for reasoning that has to come back with
// the next turn. Fragments of one block share index and type; their text, summary and data are joined, and a
// signature comes last, on a fragment of its own. They go back unchanged and in order, so all are kept when any is
// signed or encrypted, and none otherwise: plain text need not come back.

import type { JsonObject, JsonValue } from '../../../core/json.ts';
import type { EventBatch } from '../event-batch.ts';
import { numberAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { malformed } from '../limits.ts';

const MAX_DETAILS = 256;

/** More than this is never handed back; in part it could not be. */
const MAX_CHARS = 1_048_576;

/** Members that grow from fragment to fragment. */
const GROWING: ReadonlySet<string> = new Set(['text', 'summary', 'data', 'signature']);

export class ReasoningDetails {
  readonly #choice: number;
  #details: JsonObject[] = [];
  #length = 0;

  constructor(choice: number) {
    this.#choice = choice;
  }

  accept(entries: readonly Fields[]): void {
    for (const entry of entries) {
      this.#length += lengthOf(entry);
      if (this.#length > MAX_CHARS) {
        this.#details = [];
        return;
      }
      const detail = this.#continued(entry);
      if (detail === undefined) this.#begin(entry);
      else extend(detail, entry);
    }
  }

  /** The answer is complete: says the blocks, when they are to come back. */
  finish(batch: EventBatch): void {
    if (!this.#details.some(isSealed)) return;
    const choice = this.#choice === 0 ? {} : { choice: this.#choice };
    for (const detail of this.#details) batch.add({ type: 'reasoning_detail', detail, ...choice });
  }

  /** The block this fragment belongs to. Without an index it can only be the last one. */
  #continued(entry: Fields): JsonObject | undefined {
    const index = numberAt(entry, 'index');
    const candidates = index === undefined ? this.#details.slice(-1) : this.#details;
    return candidates.findLast(
      (detail) => detail['type'] === entry['type'] && detail['index'] === index && isSameId(detail, entry),
    );
  }

  #begin(entry: Fields): void {
    if (this.#details.length >= MAX_DETAILS)
      throw malformed(`The answer has more than ${MAX_DETAILS} reasoning blocks.`);
    const detail: JsonObject = {};
    for (const [name, value] of Object.entries(entry)) if (isPlain(value) && value !== '') detail[name] = value;
    this.#details.push(detail);
  }
}

function extend(detail: JsonObject, entry: Fields): void {
  for (const [name, value] of Object.entries(entry)) {
    if (!isPlain(value) || value === '') continue;
    if (GROWING.has(name)) detail[name] = `${stringAt(detail, name) ?? ''}${String(value)}`;
    else detail[name] ??= value;
  }
}

function lengthOf(entry: Fields): number {
  let length = 0;
  for (const name of GROWING) length += stringAt(entry, name)?.length ?? 0;
  return length;
}

function isSameId(detail: Fields, entry: Fields): boolean {
  const id = stringAt(entry, 'id');
  const known = stringAt(detail, 'id');
  return id === undefined || known === undefined || id === known;
}

function isSealed(detail: Fields): boolean {
  return stringAt(detail, 'signature') !== undefined || stringAt(detail, 'data') !== undefined;
}

/** What a member of a block can be; null says as little as nothing. */
function isPlain(value: unknown): value is Exclude<JsonValue, null | object> {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
