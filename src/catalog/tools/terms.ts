// What every tool here needs to know: the models, the limits, and the parts of a listing they have in common.

import type { JsonObject } from '../../core/json.ts';
import type { Schema } from '../../core/schema.ts';
import type { Models } from '../../providers/chat.ts';
import type { FetchImage } from '../../providers/images/fetch-image.ts';
import type { Conversations } from '../conversations/goes-on.ts';
import type { FileBudget } from '../request/file-budget.ts';
import type { ToolAnnotations } from '../tool.ts';

export interface Terms {
  readonly models: Models;
  /** The providers that are configured, by the names a caller may use, the main one first; none when nothing is configured. */
  readonly providers: readonly string[];
  /** The one whose models go by their own name; absent when every name needs its provider's in front. */
  readonly mainProvider?: string | undefined;
  /** The folders files may be read from; absent or empty: none. */
  readonly allowedRoots?: readonly string[] | undefined;
  /** Fetches the images on the web; absent: their addresses are handed to the upstream. */
  readonly fetchImage?: FetchImage | undefined;
  /** What the files of all calls may take together; absent: nothing bounds them. */
  readonly fileBudget?: FileBudget | undefined;
  /** What was said in sessions; absent: none are kept. */
  readonly conversations?: Conversations | undefined;
  /** Most characters of answer in one result. */
  readonly maxOutputChars: number;
  /** Temperature of `generate` when the call names none. */
  readonly generateTemperature: number;
}

/** Claude Code cuts results at 25,000 tokens unless the tool says that longer ones are meant; this is the most it takes. */
export const LONG_RESULT: JsonObject = { 'anthropic/maxResultSizeChars': 500_000 };

/** A tool that asks a model changes nothing here, and reaches out of this machine. */
export const ASKS: ToolAnnotations = { readOnlyHint: true, openWorldHint: true };

type Shared = 'model' | 'provider' | 'temperature' | 'top_p' | 'max_tokens' | 'stop' | 'seed' | 'extra';

/** Arguments that mean the same in every tool that has them. */
export const SHARED: Readonly<Record<Shared, Schema>> = {
  model: { type: 'string', description: 'Model name; default: the configured one.' },
  provider: { type: 'string', description: 'Configured provider to use.' },
  temperature: { type: 'number', minimum: 0, maximum: 2 },
  top_p: { type: 'number', minimum: 0, maximum: 1 },
  max_tokens: { type: 'integer', minimum: 1, description: 'Most tokens to generate.' },
  stop: { type: 'array', items: { type: 'string' }, description: 'Texts to stop before.' },
  seed: { type: 'integer' },
  extra: { type: 'object', description: 'Further members of the API request body.' },
};
