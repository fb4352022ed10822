// The keys of the configuration file about what is offered besides our own: prompts and tools. What one key's rule cannot
// see (names given twice, places for arguments that there are not) is told by `checkedPrompts` and `checkedTools`.

import { present } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { unknownName } from '../../core/schema.ts';
import type { PromptConfig, VirtualToolConfig } from '../config.ts';
import { OWN_TOOLS } from '../settings/tools.ts';
import type { Node } from './jsonc.ts';
import type { Reading, Spot } from './reading.ts';
import { described, either, list, object, placed } from './rules.ts';
import type { Placed, Rule } from './rules.ts';
import { amount, flag, oneOf, parsed, text, whole } from './values.ts';

export interface ArgumentEntry {
  readonly name?: Placed<string>;
  readonly title?: string;
  readonly description?: string;
  readonly required?: boolean;
}

export interface PromptEntry {
  readonly name?: Placed<string>;
  readonly title?: string;
  readonly description?: string;
  readonly arguments?: readonly ArgumentEntry[];
  readonly messages?: readonly MessageEntry[];
}

export interface VirtualToolEntry {
  readonly name?: Placed<string>;
  readonly title?: string;
  readonly description?: string;
  readonly arguments?: readonly ArgumentEntry[];
  readonly system?: Placed<string>;
  readonly prompt?: Placed<string>;
  readonly model?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly output?: JsonObject | 'text';
}

interface MessageEntry {
  readonly role?: 'user' | 'assistant';
  readonly text?: Placed<string>;
}

const SCHEMA_FORM = '"text", or the JSON Schema of an object, {"type": "object", …}';
const NAME_FORM = 'at most 64 letters, digits, "_" and "-", a letter first';
const NAME = /^[A-Za-z][\w-]{0,63}$/;

const name: Rule<Placed<string>> = placed(
  parsed(NAME_FORM, (value) => (NAME.test(value) ? { value } : { problem: 'is no name' })),
);

export const ARGUMENT: Rule<ArgumentEntry> = object(
  {
    name: described('As it stands in {{…}}.', name),
    title: described('For people.', text('any text')),
    description: described('What it is for.', text('any text')),
    required: described('Whether it must be given; absent: false.', flag),
  },
  ['name'],
);

export const PROMPT: Rule<PromptEntry> = object(
  {
    name: described('What clients call it; one of ours gives way to it.', name),
    title: described('For people; absent: its name.', text('any text')),
    description: described('What it is for.', text('any text')),
    arguments: described(
      'What a caller gives. One called model or provider is completed from the list of models.',
      list(ARGUMENT, { least: 0 }),
    ),
    messages: described(
      'What it stands for, in order.',
      list(
        object(
          {
            role: described('Whose message it is; absent: user.', oneOf('user', 'assistant')),
            // Text that is read from a file is no secret.
            text: described(
              '{{name}} stands for an argument.',
              placed(text('text, with {{name}} for an argument', 'public')),
            ),
          },
          ['text'],
        ),
      ),
    ),
  },
  ['name', 'description', 'messages'],
);

const template = placed(text('text, with {{name}} for an argument', 'public'));

/** JSON as it stands in the file, references in it not followed. */
const schemaObject: Rule<JsonObject | 'text'> = {
  schema: { type: 'object', properties: { type: { const: 'object' } }, required: ['type'] },
  accepts: SCHEMA_FORM,
  read(node, spot, reading) {
    const value = jsonOf(node);
    if (isObject(value) && value['type'] === 'object') return value;
    reading.say(spot, 'is no schema of an object', SCHEMA_FORM);
    return undefined;
  },
};

export const VIRTUAL_TOOL: Rule<VirtualToolEntry> = object(
  {
    name: described('What clients call it; none of ours.', name),
    title: described('For people; absent: its name.', text('any text')),
    description: described('What it is for: models choose it by this.', text('any text')),
    arguments: described('What a caller gives, all of them text.', list(ARGUMENT, { least: 0 })),
    system: described('Instructions put first; {{name}} stands for an argument.', template),
    prompt: described('What is asked; {{name}} stands for an argument.', template),
    model: described('Model name, alias or provider/model; absent: the default.', text('the name of a model')),
    temperature: described('Absent: that of the model.', amount(0, 'a number from 0')),
    maxTokens: described('Most tokens to generate.', whole(1, 10_000_000)),
    output: described(
      'text, or the JSON Schema of an object, which the answer then is; absent: text.',
      either<JsonObject | 'text'>({ string: oneOf('text'), object: schemaObject }, SCHEMA_FORM),
    ),
  },
  ['name', 'description', 'prompt'],
);

/** The prompts as they are offered, after saying what is wrong between their parts. */
export function checkedPrompts(entries: readonly PromptEntry[], reading: Reading): readonly PromptConfig[] {
  const prompts = entries.flatMap((entry) => {
    const { name: called, title, description, messages } = entry;
    if (called === undefined || description === undefined || messages === undefined) return [];
    const args = checkedArguments(entry.arguments ?? [], reading);
    for (const { text: written } of messages) if (written !== undefined) checkPlaces(written, args, reading);
    const said = messages.flatMap(({ role = 'user' as const, text: written }) =>
      written === undefined ? [] : [{ role, text: written.value }],
    );
    return [{ name: called, title, description, arguments: args, messages: said }];
  });
  sayTwice(
    prompts.map((one) => one.name),
    reading,
  );
  return prompts.map(({ name: { value }, title, ...rest }) => Object.assign(present({ name: value, title }), rest));
}

/** The tools as they are offered, after saying what is wrong between their parts. */
export function checkedTools(entries: readonly VirtualToolEntry[], reading: Reading): readonly VirtualToolConfig[] {
  sayTwice(
    entries.flatMap((one) => one.name ?? []),
    reading,
  );
  return entries.flatMap((entry) => {
    const { name: called, title, description, system, prompt, output, model, temperature, maxTokens } = entry;
    const args = checkedArguments(entry.arguments ?? [], reading);
    for (const one of [system, prompt]) if (one !== undefined) checkPlaces(one, args, reading);
    if (called === undefined || description === undefined || prompt === undefined) return [];
    if (OWN_TOOLS.includes(called.value))
      reading.say(called.spot, `="${called.value}" is a tool of ours`, 'another name');
    const said = { title, system: system?.value, model, temperature, maxTokens };
    const schema = output === 'text' ? undefined : output;
    const needed = { name: called.value, description, arguments: args, prompt: prompt.value };
    return [Object.assign(present({ ...said, output: schema }), needed)];
  });
}

type Arguments = PromptConfig['arguments'];

function checkedArguments(entries: readonly ArgumentEntry[], reading: Reading): Arguments {
  sayTwice(
    entries.flatMap((one) => one.name ?? []),
    reading,
  );
  return entries.flatMap(({ name: called, ...rest }) =>
    called === undefined ? [] : [Object.assign({ name: called.value }, rest)],
  );
}

function sayTwice(names: readonly Placed<string>[], reading: Reading): void {
  const seen = new Map<string, Spot>();
  for (const { value, spot } of names) {
    const before = seen.get(value);
    if (before === undefined) seen.set(value, spot);
    else reading.say(spot, `="${value}" is the name in line ${reading.lineOf(before.at)} too`, 'another name');
  }
}

const PLACE = /\{\{([^{}]*)\}\}/g;

function checkPlaces({ value, spot }: Placed<string>, args: Arguments, reading: Reading): void {
  const known = [...new Set(args.map((one) => one.name))];
  for (const [, inner = ''] of value.matchAll(PLACE)) {
    const place = inner.trim();
    if (known.includes(place)) continue;
    const why = known.length === 0 ? 'and there are no arguments' : `which ${unknownName(place, known)}`;
    reading.say(spot, `holds {{${place.slice(0, 64)}}}, ${why}`);
  }
}

function jsonOf(node: Node): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map((item) => jsonOf(item));
  return Object.fromEntries(node.members.map((member) => [member.key, jsonOf(member.node)]));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
