// What a Claude model takes, read off its name: one row for each generation, found by the version in the name.
// The table saves refused requests and says how much a model may answer; what it gets wrong is mended by mend.ts.
// A Claude it does not know is taken for the newest. WIRE.md 2.3; caps and refusals as the API reported them in 2026.

interface Generation {
  /** Most tokens of one answer, thinking included. */
  readonly maxOutput: number;
  /** How it is asked to think: not at all, with a budget of tokens, or as it sees fit. */
  readonly thinking: 'no' | 'budget' | 'adaptive';
  /** Of `temperature` and `top_p`: both, one of them, or neither but at their defaults. */
  readonly sampling: 'both' | 'one' | 'default';
  /** Where a JSON schema goes: into a parameter, or only into words. */
  readonly schema: 'parameter' | 'words' | 'both';
  /** Words of effort it does not know, and what stands for them. */
  readonly efforts: Readonly<Record<string, string>>;
}

export interface Traits extends Generation {
  /** How thinking is kept out: by not asking for it, by a word for it, or not at all. */
  readonly quiet: 'unasked' | 'disabled' | 'between_tools' | 'never';
}

const OLDEST: Generation = { maxOutput: 4096, thinking: 'no', sampling: 'both', schema: 'words', efforts: {} };
const CLAUDE_4: Generation = { ...OLDEST, maxOutput: 32_000, thinking: 'budget' };
const CLAUDE_4_1: Generation = { ...CLAUDE_4, sampling: 'one', schema: 'parameter' };
const CLAUDE_4_6: Generation = { ...CLAUDE_4_1, maxOutput: 128_000, thinking: 'adaptive', efforts: { xhigh: 'max' } };
const NEWEST: Generation = { ...CLAUDE_4_6, sampling: 'default', efforts: {} };

/** From which version on, newest first; 4.6 is 406. */
const GENERATIONS: readonly (readonly [number, Generation])[] = [
  [407, NEWEST],
  [406, CLAUDE_4_6],
  [405, { ...CLAUDE_4_1, maxOutput: 64_000 }],
  [401, CLAUDE_4_1],
  [400, CLAUDE_4],
  [307, { ...CLAUDE_4, maxOutput: 64_000 }],
  [305, { ...OLDEST, maxOutput: 8192 }],
  [0, OLDEST],
];

const QUIET: readonly (readonly [RegExp, number, Traits['quiet']])[] = [
  [/fable|mythos/, 0, 'never'],
  [/opus/, 505, 'never'],
  [/sonnet/, 505, 'between_tools'],
  [/./, 500, 'disabled'],
  [/./, 0, 'unasked'],
];

/** Whatever else speaks this dialect: local servers take all of it and ignore what they do not know. */
const ANOTHER: Traits = {
  maxOutput: 8192,
  thinking: 'budget',
  sampling: 'both',
  schema: 'both',
  efforts: {},
  quiet: 'disabled',
};

/** Calls can be forced only where thinking can be kept out, or need not be there. */
export function takesForcedTools({ quiet }: Traits): boolean {
  return quiet === 'unasked' || quiet === 'disabled';
}

export function traitsOf(model: string): Traits {
  const name = model.toLowerCase().replaceAll(/[.@:]/g, '-');
  const at = name.lastIndexOf('claude');
  if (at === -1) return ANOTHER;
  const version = versionOf(name.slice(at));
  const generation = GENERATIONS.find(([from]) => version >= from)?.[1] ?? NEWEST;
  const quiet = QUIET.find(([line, from]) => version >= from && line.test(name))?.[2] ?? 'unasked';
  return { ...generation, quiet };
}

/** `claude-opus-4-1-20250805` is 401, `claude-3-7-sonnet-latest` 307; without a version it is the newest. */
function versionOf(name: string): number {
  const found = /^claude-(?:instant-|[a-z]{4,}-)?v?(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(name);
  return found === null ? Number.POSITIVE_INFINITY : Number(found[1]) * 100 + Number(found[2] ?? 0);
}
