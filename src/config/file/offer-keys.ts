// The keys of the configuration file about what is offered besides the tools: prompts. What one key's rule cannot see
// (names given twice, places for arguments that there are not) is told by `checkedPrompts`.

import { present } from '../../core/json.ts';
import { unknownName } from '../../core/schema.ts';
import type { PromptConfig } from '../config.ts';
import type { Reading, Spot } from './reading.ts';
import { described, list, object, placed } from './rules.ts';
import type { Placed, Rule } from './rules.ts';
import { flag, oneOf, parsed, text } from './values.ts';

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

interface MessageEntry {
  readonly role?: 'user' | 'assistant';
  readonly text?: Placed<string>;
}

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
