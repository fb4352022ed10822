// The text and the reasoning of one delta or message. Servers disagree on where reasoning stands, and some
// say it twice in one delta; the first place that holds any is taken (WIRE.md 2.3 and case 46).

import { objectsAt, stringAt } from '../../fields.ts';
import type { Fields } from '../../fields.ts';

export interface Content {
  readonly text: string;
  readonly reasoning: string;
  /**
   * Where the reasoning stands: under a name of its own, in signed blocks alone, which may say again what was said
   * piece by piece, or elsewhere.
   */
  readonly place: 'named' | 'signed' | 'other';
}

export function contentOf(delta: Fields): Content {
  const parts = objectsAt(delta, 'content');
  const named = stringAt(delta, 'reasoning_content') ?? stringAt(delta, 'reasoning');
  const reasoning = named ?? detailedReasoning(delta);
  return {
    // A refusal is what the model answers; `text` is the legacy completions' name for it.
    text: stringAt(delta, 'content') ?? stringAt(delta, 'refusal') ?? stringAt(delta, 'text') ?? joined(parts, 'text'),
    reasoning: reasoning === '' ? thinkingOf(parts) : reasoning,
    place: named === undefined ? placeOf(delta) : 'named',
  };
}

function placeOf(delta: Fields): 'signed' | 'other' {
  const details = objectsAt(delta, 'reasoning_details');
  return details.some((detail) => stringAt(detail, 'signature') !== undefined) ? 'signed' : 'other';
}

/** OpenRouter: text blocks and summary blocks; encrypted ones have neither. */
function detailedReasoning(delta: Fields): string {
  const details = objectsAt(delta, 'reasoning_details');
  return details.map((detail) => stringAt(detail, 'text') ?? stringAt(detail, 'summary') ?? '').join('');
}

/** Mistral: content parts of type `thinking` hold parts of their own. */
function thinkingOf(parts: readonly Fields[]): string {
  return parts.map((part) => stringAt(part, 'thinking') ?? joined(objectsAt(part, 'thinking'), 'text')).join('');
}

function joined(parts: readonly Fields[], name: string): string {
  return parts.map((part) => stringAt(part, name) ?? '').join('');
}
