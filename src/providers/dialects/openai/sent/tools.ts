// The tool calls of one choice, out of fragments. Upstreams key them by `index`, but some leave it out, some
// give every call index 0 and tell them apart by id, some repeat the name in each fragment and some split
// it; one sends the arguments as an object (WIRE.md 4.2). Out comes one well-formed sequence per call: the
// first event of an index has id and name, and the arguments join to JSON text, `{}` when there were none.

import { encodeJson } from '../../../../core/json.ts';
import type { ChatEvent } from '../../../chat.ts';
import type { EventBatch } from '../../event-batch.ts';
import { objectAt, stringAt } from '../../fields.ts';
import type { Fields } from '../../fields.ts';
import { malformed, readIndex, readName } from '../../limits.ts';
import type { ToolNames } from '../../sending/tool-names.ts';

const MAX_CALLS = 256;

interface Call {
  readonly index: number;
  id: string | undefined;
  name: string;
  /** Whether the event with id and name is out: from then on the name is closed. */
  announced: boolean;
  hasArguments: boolean;
}

export class ToolCalls {
  readonly #choice: number;
  readonly #names: ToolNames | undefined;
  readonly #calls: Call[] = [];
  /** The call an upstream's own index means now. */
  readonly #byIndex = new Map<number, Call>();

  /** `names`: what the caller calls the tools that were sent under another name. */
  constructor(choice: number, names?: ToolNames) {
    this.#choice = choice;
    this.#names = names;
  }

  get size(): number {
    return this.#calls.length;
  }

  /** Takes one entry of `tool_calls`; `place` is where it stands in a list of several. */
  accept(entry: Fields, place: number | undefined, batch: EventBatch): void {
    const fn = objectAt(entry, 'function') ?? {};
    const call = this.#find(entry, fn, place);
    call.id ??= stringAt(entry, 'id');
    if (!call.announced) call.name = joinedName(call.name, stringAt(fn, 'name') ?? '');
    const args = argumentsText(fn['arguments']);
    if (args === '') return;
    call.hasArguments = true;
    this.#emit(call, args, batch);
  }

  /** The answer is complete: calls without arguments are announced with empty ones. */
  finish(batch: EventBatch): void {
    for (const call of this.#calls) if (!call.hasArguments) this.#emit(call, '{}', batch);
  }

  #find(entry: Fields, fn: Fields, place: number | undefined): Call {
    const id = stringAt(entry, 'id');
    const index = readIndex(entry['index'], MAX_CALLS, 'tool call');
    if (index !== undefined) {
      const known = this.#byIndex.get(index);
      const another =
        known?.id !== undefined && id !== undefined && id !== known.id && stringAt(fn, 'name') !== undefined;
      if (known !== undefined && !another) return known;
      const call = this.#create(index);
      this.#byIndex.set(index, call);
      return call;
    }
    if (id !== undefined) return this.#calls.find((call) => call.id === id) ?? this.#create(this.#calls.length);
    // Neither index nor id: the only entry continues the last call, one of several stands for its place.
    const call = this.#calls.at(place ?? -1);
    return call ?? this.#create(this.#calls.length);
  }

  #create(wanted: number): Call {
    if (this.#calls.length >= MAX_CALLS) throw malformed(`The stream calls more than ${MAX_CALLS} tools.`);
    const taken = this.#calls.some((call) => call.index === wanted);
    const index = taken ? Math.max(...this.#calls.map((call) => call.index)) + 1 : wanted;
    const call: Call = { index, id: undefined, name: '', announced: false, hasArguments: false };
    this.#calls.push(call);
    return call;
  }

  #emit(call: Call, args: string, batch: EventBatch): void {
    const choice = this.#choice === 0 ? {} : { choice: this.#choice };
    const event: ChatEvent = { type: 'tool', index: call.index, arguments: args, ...choice };
    if (call.announced) batch.add(event);
    // Older local servers give no id, and the tool's result must name one.
    else batch.add({ ...event, id: call.id ?? `call_${call.index}`, name: this.#names?.get(call.name) ?? call.name });
    call.announced = true;
  }
}

/** A fragment that repeats the name, or the name so far and more, replaces it; any other continues it. */
function joinedName(soFar: string, fragment: string): string {
  return readName(fragment.startsWith(soFar) ? fragment : soFar + fragment);
}

function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  const text = encodeJson(value);
  if (text === undefined) throw malformed('The arguments of a tool call are nested too deeply.');
  return text;
}
