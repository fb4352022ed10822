// The mock's models by name: what each answers, and which fault it has. One table.

type AnswerKind = 'echo' | 'words' | 'slow' | 'long' | 'reason' | 'tool' | 'json';

export type FaultKind = 'cut' | 'silent' | 'flaky' | '429' | '500' | 'quota' | 'empty' | 'garbage' | 'refuse';

interface Row {
  readonly about: string;
  readonly answer: AnswerKind;
  readonly fault?: FaultKind;
}

const MODELS: Readonly<Record<string, Row>> = {
  echo: { about: 'says what you said, word by word', answer: 'echo' },
  slow: { about: 'six seconds of silence, then a word a second', answer: 'slow' },
  long: { about: '100,000 words without a pause', answer: 'long' },
  reason: { about: 'thinks aloud before it answers', answer: 'reason' },
  tool: { about: 'calls the first tool offered, then answers', answer: 'tool' },
  json: { about: 'answers with a JSON object', answer: 'json' },
  cut: { about: 'breaks off in the middle', answer: 'echo', fault: 'cut' },
  silent: { about: 'accepts the request and says nothing', answer: 'echo', fault: 'silent' },
  flaky: { about: 'every second request fails', answer: 'echo', fault: 'flaky' },
  429: { about: 'too many requests', answer: 'echo', fault: '429' },
  500: { about: 'an error of the server', answer: 'echo', fault: '500' },
  quota: { about: 'the account has no credit left', answer: 'echo', fault: 'quota' },
  empty: { about: 'an answer without content', answer: 'echo', fault: 'empty' },
  garbage: { about: 'something that is not JSON', answer: 'echo', fault: 'garbage' },
  refuse: { about: 'closes the connection without a word', answer: 'echo', fault: 'refuse' },
};

const MOST_WORDS = 10_000_000;

export interface Model {
  /** Without `mock/`. */
  readonly name: string;
  readonly answer: AnswerKind;
  /** How many words; of `words-N` only. */
  readonly count: number;
  readonly fault?: FaultKind;
  /** Whether the fault comes every time, and not once per request id. */
  readonly always: boolean;
}

/** The model of that name, with or without `mock/` before it; `echo` for an empty name. */
export function findModel(asked: string): Model | undefined {
  const name = asked.replace(/^mock\//, '') || 'echo';
  const [, digits] = /^words-(\d{1,8})$/.exec(name) ?? [];
  if (digits !== undefined) {
    return { name, answer: 'words', count: Math.min(Number(digits), MOST_WORDS), always: false };
  }
  const always = name.endsWith('-always');
  const base = always ? name.slice(0, -'-always'.length) : name;
  const row = Object.hasOwn(MODELS, base) ? MODELS[base] : undefined;
  if (row === undefined) return undefined;
  if (row.fault !== undefined) return { name, answer: row.answer, count: 0, fault: row.fault, always };
  return always ? undefined : { name, answer: row.answer, count: 0, always };
}

/** Name and description of every model, as people and `/v1/models` list them. */
export function listModels(): readonly { readonly name: string; readonly about: string }[] {
  const named = Object.entries(MODELS).map(([name, { about, fault }]) => ({
    name,
    about: fault === undefined ? about : `${about}; once, or every time as ${name}-always`,
  }));
  const answering = named.filter(({ name }) => MODELS[name]?.fault === undefined);
  const failing = named.filter(({ name }) => MODELS[name]?.fault !== undefined);
  return [...answering, { name: 'words-100', about: 'as many words as its name says' }, ...failing];
}
