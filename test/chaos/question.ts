// What is asked in the chaos, and the one right answer to it. Both follow from the number of the question, and the
// answer carries that number in its words, so that one which is half, doubled or another call's can be told.

import { integer, oneOf, seeded } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

export interface Question {
  readonly number: number;
  readonly prompt: string;
  /** The answer as the model says it; joined they are the answer. */
  readonly pieces: readonly string[];
  readonly answer: string;
}

/** What trips a decoder: several bytes in UTF-8, two units in UTF-16, escapes of JSON, what looks like framing. */
const WORDS = [
  'so',
  'déjà',
  '漢字',
  '😀',
  '👩‍🚀',
  '"quoted"',
  'back\\slash',
  'a\nline',
  'data: [DONE]',
  '\u2028',
  '{"error":1}',
  '\t',
  'naïve',
];

const LONGEST = 40;
/** Now and then an answer takes more than one read. */
const VERY_LONG = 3000;

/** Chance that depends on these numbers alone, not on the order in which things happen. */
export function drawFor(...parts: readonly number[]): Draw {
  let state = 0x811c9dc5;
  for (const part of parts) {
    state = Math.imul(state ^ part, 0x9e3779b1);
    state ^= state >>> 15;
  }
  return seeded(state);
}

export function questionOf(seed: number, number: number): Question {
  const draw = drawFor(seed, number, 1);
  const words = integer(draw, 50) === 0 ? VERY_LONG : 3 + integer(draw, LONGEST);
  const pieces = [`[${number}]`];
  for (let i = 0; i < words; i++) pieces.push(` ${oneOf(draw, WORDS)}${i % 5 === 0 ? `-${number}` : ''}`);
  pieces.push(` [end of ${number}]`);
  const prompt = `Question ${number}: ${Array.from({ length: 5 }, () => oneOf(draw, WORDS)).join(' ')}`;
  return { number, prompt, pieces, answer: pieces.join('') };
}

/** The number of the question that a prompt asks. */
export function numberIn(prompt: string): number | undefined {
  const digits = /^Question (\d+):/.exec(prompt)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
