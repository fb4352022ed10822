// Every key of the configuration file (product sheet, section 7): what it may hold, and what it is for. The one table
// for the checker and for the JSON Schema.

import type { Price, Strategy } from '../config.ts';
import { hostOrNetwork } from '../settings/parse.ts';
import { parseTools } from '../settings/tools.ts';
import { AUTH, LIMITS } from './auth-keys.ts';
import type { AuthEntry, LimitsEntry } from './auth-keys.ts';
import { PROMPT, VIRTUAL_TOOL } from './offer-keys.ts';
import type { PromptEntry, VirtualToolEntry } from './offer-keys.ts';
import { PROVIDER } from './provider-keys.ts';
import type { ProviderEntry } from './provider-keys.ts';
import { described, either, list, mapped, object, placed, record } from './rules.ts';
import type { Placed, Rule } from './rules.ts';
import { amount, bytes, flag, oneOf, parsed, period, share, text, url, whole } from './values.ts';

/** Where an alias leads: a model of one provider, not looked up yet. */
export interface TargetEntry {
  readonly provider?: Placed<string>;
  readonly model?: string;
  readonly weight?: number;
  readonly priority?: number;
}

/** A target as it stands in the list, in either form. */
export type TargetForm = Placed<string | TargetEntry>;

/** What a file says; a member is absent where it says nothing. Durations in milliseconds, sizes in bytes. */
export interface FileEntry {
  readonly server?: {
    readonly name?: string;
    readonly instructions?: string;
    readonly tools?: readonly string[];
  };
  readonly providers?: readonly Placed<ProviderEntry>[];
  readonly models?: Readonly<Record<string, Placed<readonly TargetForm[]>>>;
  readonly routing?: {
    readonly strategy?: Strategy;
    readonly defaultProvider?: Placed<string>;
    readonly fallbackProvider?: Placed<string>;
    readonly defaultModel?: string;
    readonly retryAttempts?: number;
    readonly retryDelay?: number;
    readonly breaker?: { readonly failures?: number; readonly openFor?: number };
  };
  readonly cache?: {
    readonly enabled?: boolean;
    readonly ttl?: number;
    readonly maxSize?: number;
    readonly shared?: boolean;
  };
  readonly limits?: { readonly perClient?: LimitsEntry };
  readonly images?: { readonly fetch?: boolean; readonly private?: readonly string[] };
  readonly auth?: Placed<AuthEntry>;
  readonly prices?: Readonly<Record<string, Placed<Partial<Price>>>>;
  readonly conversations?: { readonly enabled?: boolean };
  readonly virtualTools?: readonly VirtualToolEntry[];
  readonly prompts?: readonly PromptEntry[];
  readonly plugins?: readonly Placed<string>[];
  readonly logging?: {
    readonly level?: 'debug' | 'info' | 'warn' | 'error';
    readonly requests?: boolean;
    readonly responses?: boolean;
    readonly performance?: boolean;
  };
  readonly telemetry?: Placed<unknown>;
}

const targetObject: Rule<string | TargetEntry> = object(
  {
    provider: described('The id of a provider.', placed(text('the id of a provider'))),
    model: described('The name of a model, as that provider has it.', text('the name of a model')),
    weight: described(
      'Its share among targets of one priority; absent: that of the provider.',
      share('a number more than 0'),
    ),
    priority: described('Smaller is asked first; absent: that of the provider.', amount(0, 'a number from 0')),
  },
  ['provider', 'model'],
);
const TARGET_FORM = '"provider/model", or {"provider": "…", "model": "…"}';
const targetText: Rule<string | TargetEntry> = text(TARGET_FORM);
const target: Rule<TargetForm> = placed(either({ string: targetText, object: targetObject }, TARGET_FORM));
const onlyOne: Rule<readonly TargetForm[]> = mapped(target, (one) => [one]);
const alias: Rule<readonly TargetForm[]> = {
  ...either({ string: onlyOne, object: onlyOne, array: list(target) }, `${TARGET_FORM}, or a list of them`),
  // `either` would list the forms of one target twice.
  schema: { anyOf: [target.schema, { type: 'array', minItems: 1, items: target.schema }] },
};

const price: Rule<Partial<Price>> = object(
  {
    inputPerMillion: amount(0, 'US dollars for a million tokens'),
    outputPerMillion: amount(0, 'US dollars for a million tokens'),
    cachedInputPerMillion: amount(0, 'US dollars for a million tokens'),
  },
  ['inputPerMillion', 'outputPerMillion'],
);

export const FILE: Rule<FileEntry> = object({
  $schema: described('For editors.', text('the address of the schema')),
  server: described(
    'How the server presents itself.',
    object({
      name: described('Its name; absent: anymodel-mcp.', text('any text')),
      instructions: described('What clients tell their model of it.', text('any text')),
      tools: described(
        'The tools listed: names, all, or +name and -name to change the default.',
        mapped(list(parsed('names of tools', toolWord)), (words) => toolsOf(words)),
      ),
    }),
  ),
  providers: described(
    'The model APIs; where there are any, variables add none.',
    list(placed(PROVIDER), { least: 0 }),
  ),
  models: described('Names that stand for one or several targets.', record(placed(alias), aliasName)),
  routing: described(
    'Which target is asked, and what happens when it fails.',
    object({
      strategy: oneOf('priority', 'round-robin', 'weighted', 'least-connections', 'latency', 'cost'),
      defaultProvider: described(
        'For calls that name no model; absent: the first.',
        placed(text('the id of a provider')),
      ),
      fallbackProvider: described('Tried after everything else.', placed(text('the id of a provider'))),
      defaultModel: described('Model of a call that names none.', text('the name of a model')),
      retryAttempts: described('Attempts after the first, over all targets together.', whole(0, 20)),
      retryDelay: described('The first wait before trying again.', period),
      breaker: described(
        'After how many failures in a row a target is left alone, and for how long.',
        object({ failures: whole(1, 1000), openFor: period }),
      ),
    }),
  ),
  cache: described(
    'Keeps answers that would be the same again.',
    object({ enabled: flag, ttl: period, maxSize: bytes(1024, 16 * 1024 ** 3, 'a size such as "64MB"'), shared: flag }),
  ),
  limits: described('What a client may ask of us.', object({ perClient: object(LIMITS) })),
  images: described(
    'Images that calls name by their address on the web.',
    object({
      fetch: described('Fetches them here, instead of handing the address to the API.', flag),
      private: described(
        'Where from, though the address is private: hosts, *.hosts and networks.',
        list(parsed('a host or network such as images.corp.example, *.corp.example, 10.20.0.0/16', hostOrNetwork)),
      ),
    }),
  ),
  conversations: described(
    'Keeps what was said in a session of chat, so that callers need not send it again. Not for several instances behind one address.',
    object({ enabled: flag }),
  ),
  auth: described('Who may use the HTTP server; stdio needs no key.', placed(AUTH)),
  prices: described('US dollars for a million tokens, by model or provider/model.', record(placed(price))),
  virtualTools: described(
    'Tools besides our own: a prompt with arguments, for one model.',
    list(VIRTUAL_TOOL, { least: 0 }),
  ),
  prompts: described('Prompts besides our own.', list(PROMPT, { least: 0 })),
  plugins: described(
    'Modules that add types of provider.',
    list(placed(parsed('the path of an .mjs, .js or .cjs file', modulePath)), { least: 0 }),
  ),
  logging: described(
    'JSON lines on stderr.',
    object({
      level: described('The least level that is written.', oneOf('debug', 'info', 'warn', 'error')),
      requests: described(
        'A line at level info for each question to a model: tool, model, provider, status; absent: false.',
        flag,
      ),
      responses: described(
        'In that line, why the answer ended and how large it is, never its text; absent: false.',
        flag,
      ),
      performance: described('In that line, milliseconds, tokens and cost; absent: false.', flag),
    }),
  ),
  telemetry: described(
    'Not exported by this version.',
    placed(
      object({ metrics: flag, otlp: object({ endpoint: url, headers: record(text('text', 'secret')) }, ['endpoint']) }),
    ),
  ),
});

function toolWord(word: string): { value: string } | { problem: string } {
  const read = parseTools(word);
  return 'value' in read ? { value: word } : read;
}

function toolsOf(words: readonly string[]): readonly string[] | undefined {
  const read = parseTools(words.join(','));
  return 'value' in read ? read.value : undefined;
}

function modulePath(path: string): { value: string } | { problem: string } {
  return /\.[cm]?js$/i.test(path) ? { value: path } : { problem: 'is not an .mjs, .js or .cjs file' };
}

function aliasName(name: string): { value: string } | { problem: string } {
  const isFit = name.trim() === name && name !== '' && name.length <= 200 && name !== '__proto__';
  return isFit ? { value: name } : { problem: 'is no name for an alias' };
}
