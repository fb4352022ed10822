// How long a context was and how long it may be, out of the words of a refusal: every server says it in its own
// (WIRE.md 5.1). Pure. A number that is not said stays unknown.

import { present } from '../../core/json.ts';
import { numberAt } from '../dialects/fields.ts';
import type { Fields } from '../dialects/fields.ts';

export interface TokenCounts {
  readonly asked?: number;
  readonly limit?: number;
}

// In each list the first that fits counts; of several groups the sum.
const N = String.raw`(\d[\d,]*)`;

const LIMITS = [
  // OpenAI, vLLM, llama.cpp, Mistral, xAI, LM Studio
  String.raw`(?:maximum|max|the model's|available|with) (?:context|prompt|model|input)(?: length| window| size)? (?:is |of |length of )?(?:only )?\(?${N}`,
  String.raw`context (?:length|window|size) (?:is |of )(?:only )?${N}`,
  // Anthropic
  String.raw`> ${N}`,
  String.raw`\b${N} (?:maximum|max)\b`,
  // Gemini, OpenAI's newer models, text-generation-inference
  String.raw`tokens allowed \(?${N}`,
  String.raw`limit of ${N}`,
  String.raw`<= ${N}`,
].map((form) => new RegExp(form, 'i'));

const ASKED = [
  String.raw`passed ${N} input tokens and requested ${N}`,
  String.raw`(?:resulted in|requested(?: about)?|contains|given:|keep the first) ${N} `,
  String.raw`too long: ${N}`,
  String.raw`\b${N} \+ ${N} >`,
  String.raw`request has ${N} input tokens plus ${N}`,
  String.raw`request has ${N} input tokens`,
  String.raw`token count \(?${N}`,
  String.raw`(?:request|prompt) \((?:length )?${N}`,
].map((form) => new RegExp(form, 'i'));

/** What the message says, and llama.cpp's members beside it; undefined when neither names a number. */
export function readTokenCounts(message: string, error: Fields): TokenCounts | undefined {
  const asked = numberAt(error, 'n_prompt_tokens') ?? numberIn(message, ASKED);
  const limit = numberAt(error, 'n_ctx') ?? numberIn(message, LIMITS);
  return asked === undefined && limit === undefined ? undefined : present({ asked, limit });
}

/** The counts as a sentence, where the message does not say both of them itself. */
export function tokenRemark(message: string, { asked, limit }: TokenCounts): string {
  const isSaid = (n: number | undefined): boolean => n === undefined || message.replaceAll(',', '').includes(String(n));
  if (isSaid(asked) && isSaid(limit)) return '';
  const room = limit === undefined ? '' : `there is room for ${limit} tokens`;
  const length = asked === undefined ? '' : `the request has ${asked}`;
  return ` (${[room, length].filter((part) => part !== '').join(', ')})`;
}

function numberIn(message: string, forms: readonly RegExp[]): number | undefined {
  for (const form of forms) {
    const groups = form.exec(message)?.slice(1);
    if (groups !== undefined) return groups.reduce((sum, digits) => sum + Number(digits.replaceAll(',', '')), 0);
  }
  return undefined;
}
