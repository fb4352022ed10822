// The prompts that are offered: the product's own, and those of the configuration, which take the place of one of the
// same name. Ours need a tool that asks a model, and are left out where none is offered.

import type { Prompt } from '../prompt.ts';
import type { Complete } from '../resource.ts';
import type { Suggesting } from '../completing/model-names.ts';
import { builtInPrompts } from './built-in.ts';
import { configuredPrompt } from './configured.ts';
import type { PromptSettings } from './configured.ts';

/** Tools that ask a model, the best for it first. */
const ASKING: readonly string[] = ['chat', 'generate'];

export function offeredPrompts(
  configured: readonly PromptSettings[],
  from: Suggesting,
  tools: readonly string[],
): readonly Prompt[] {
  const complete: Complete = async (argument, given, ctx) =>
    (await import('../completing/model-names.ts')).completeModelName(from, { argument, given }, ctx);
  const tool = ASKING.find((name) => tools.includes(name));
  const own = tool === undefined ? [] : builtInPrompts(tool, complete);
  const named = new Set(configured.map(({ name }) => name));
  return [...own.filter(({ name }) => !named.has(name)), ...configured.map((one) => configuredPrompt(one, complete))];
}
