// Which models live at `/responses` and nowhere else: a table of names, and what a target has taught us against it.
// A name that is not here is asked at `/chat/completions`, and learns better from the 400 it gets. WIRE.md 3.5.

import type { Habit } from '../../dialect.ts';
import { isOpenAiReasoning } from '../../model-names.ts';

/** o1-pro, o3-pro, gpt-5-pro and later ones, everything for Codex, deep research, computer use. */
const RESPONSES_ONLY =
  /^(?:o\d+-pro|gpt-5(?:\.\d+)?-pro|gpt-5(?:\.\d+)?-codex|codex-|o\d+(?:-mini)?-deep-research|computer-use-preview)/;

/** A reasoning model that takes sampling parameters as others do. */
const REASONS_TOO = /^computer-use-preview/;

/** `known`: whether the endpoint is one whose models are called as OpenAI calls them. */
export function livesAtResponses(model: string, known: boolean, habits: ReadonlySet<Habit>): boolean {
  if (habits.size > 0 && habits.has('chat')) return false;
  if (habits.size > 0 && habits.has('responses')) return true;
  return known && RESPONSES_ONLY.test(bare(model));
}

/** Whether the model makes reasoning that can be handed back; others refuse to be asked for it. */
export function makesReasoningItems(model: string): boolean {
  return isOpenAiReasoning(model) || REASONS_TOO.test(bare(model));
}

/** Without a router's prefix, nor that of a model tuned by its user: `ft:o1-pro:org::id`. */
function bare(model: string): string {
  return model
    .slice(model.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/^ft:/, '');
}
