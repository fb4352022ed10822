// Which parameters a target takes, as far as that is known beforehand: a small table of model families, and
// then what the target itself has taught us. The table only saves a refused request; whatever it does not
// know is mended by mend.ts. WIRE.md 2.3.

import type { Lessons } from '../../dialect.ts';
import { isOpenAiReasoning } from '../../model-names.ts';

export type Body = Record<string, unknown>;

/** Sampling parameters that reasoning models answer with 400. */
const NOT_FOR_REASONING = ['temperature', 'top_p', 'stop'];

/** Applies what is known to `body`, in place. Returns one line for each thing the caller asked for and does not get. */
export function applyKnowledge(body: Body, model: string, lessons: Lessons): string[] {
  const changed: string[] = [];
  for (const [from, to] of lessons.rename) {
    if (body[from] === undefined) continue;
    body[to] = body[from];
    delete body[from];
    changed.push(`${from} -> ${to}`);
  }
  const dropped = isOpenAiReasoning(model) ? new Set([...NOT_FOR_REASONING, ...lessons.drop]) : lessons.drop;
  for (const name of dropped) {
    if (body[name] === undefined) continue;
    delete body[name];
    changed.push(`${name} removed`);
  }
  return changed;
}

/** The name of the output cap: the newer one is refused or, worse, ignored by most servers but OpenAI's own. */
export function tokenCapName(host: string, model: string): 'max_completion_tokens' | 'max_tokens' {
  return isOpenAiHost(host) || isOpenAiReasoning(model) ? 'max_completion_tokens' : 'max_tokens';
}

/** OpenAI's own API, regional addresses included. */
export function isOpenAiHost(host: string): boolean {
  return host === 'api.openai.com' || host.endsWith('.api.openai.com');
}
