// What a dialect from outside must be, found out by looking at it and by having it encode one question that is never
// sent. A plug-in that would fail with the first call fails at the start instead.

import { isObject } from '../core/json.ts';
import type { Ask, Dialect, Endpoint, Lessons } from './dialect.ts';
import { isDecoder, sendingProblem } from './plugin-values.ts';

const REQUIRED = ['encode', 'decoder', 'decode', 'decodeEmbeddings', 'decodeModels', 'fault', 'mend'] as const;

const ASK: Ask = {
  op: 'chat',
  stream: true,
  request: { model: 'a-model', messages: [{ role: 'user', content: 'Is this a dialect?' }] },
};
const ENDPOINT: Endpoint = {
  provider: 'check',
  type: 'check',
  baseUrl: 'https://llm.example.com/v1',
  apiKey: 'not-a-key',
  headers: {},
  query: {},
};
const NO_LESSONS: Lessons = { drop: new Set(), rename: new Map(), values: new Map(), habits: new Set() };

/** The value as the dialect it is, or why it is none, as clauses. */
export function checkDialect(value: unknown): { readonly dialect: Dialect } | { readonly problems: readonly string[] } {
  const problems = problemsOf(value);
  return problems.length > 0 ? { problems } : { dialect: value as Dialect };
}

function problemsOf(value: unknown): string[] {
  if (!isObject(value)) return ['what it exports is no object and no function that makes one'];
  const problems: string[] = [];
  const { name, framing, decodeModel } = value;
  if (typeof name !== 'string' || !/^[a-z][\w.-]{0,39}$/.test(name))
    problems.push('name must be a word in lower case, the provider type it serves');
  if (framing !== 'sse' && framing !== 'ndjson') problems.push('framing must be "sse" or "ndjson"');
  for (const member of REQUIRED) {
    if (typeof value[member] !== 'function') problems.push(`${member} must be a function`);
  }
  if (decodeModel !== undefined && typeof decodeModel !== 'function') problems.push('decodeModel must be a function');
  return problems.length > 0 ? problems : trial(value);
}

/** Encodes one question and opens its decoder. */
function trial(dialect: Record<string, unknown>): string[] {
  const { encode, decoder } = dialect;
  if (typeof encode !== 'function' || typeof decoder !== 'function') return [];
  try {
    const sending: unknown = encode.call(dialect, ASK, ENDPOINT, NO_LESSONS);
    const problem = sendingProblem(sending);
    if (problem !== undefined) return [`what encode returns ${problem}`];
    const opened: unknown = decoder.call(dialect, { ask: ASK, sending });
    return isDecoder(opened) ? [] : ['what decoder returns has no push and end'];
  } catch (thrown) {
    return [`encode or decoder failed on a plain question (${thrown instanceof Error ? thrown.message : 'threw'})`];
  }
}
