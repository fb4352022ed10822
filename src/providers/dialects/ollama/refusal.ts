// What an Ollama server's errors mean. They are plain text, `{"error": "…"}`, with few statuses of their own, so the
// text decides, as one table; what it does not know is read as any upstream's refusal is. WIRE.md 4.5 and 5.1, and
// the server's own source (server/routes.go, server/sched.go, llm/).

import { Fault } from '../../../core/fault.ts';
import type { FaultKind, Retry } from '../../../core/fault.ts';
import { encodeJson, isObject, parseJson, present } from '../../../core/json.ts';
import { readInBandError, readRefusal } from '../../faults/refusal.ts';
import type { Fields } from '../fields.ts';

export const LONGER_CONTEXT =
  'Send less text, choose a model with a larger context, or give a larger num_ctx (extra: {"options": {"num_ctx": 32768}}).';

interface Row {
  readonly says: RegExp;
  readonly kind: FaultKind;
  readonly retry?: Retry;
  readonly next?: string;
}

const ROWS: readonly Row[] = [
  {
    says: /more system memory|out of memory|insufficient memory/i,
    kind: 'UPSTREAM',
    retry: 'elsewhere',
    next: 'Choose a smaller model, or a smaller num_ctx (extra: {"options": {"num_ctx": 4096}}).',
  },
  {
    says: /server busy|maximum pending requests/i,
    kind: 'OVERLOADED',
    next: 'Try again in a minute, or raise OLLAMA_MAX_QUEUE on the server.',
  },
  {
    says: /(?:exceeds|longer than) the (?:model's )?(?:maximum |available )?context|maximum context length/i,
    kind: 'CONTEXT_TOO_LONG',
    next: LONGER_CONTEXT,
  },
  {
    says: /does not support .*tools/i,
    kind: 'INVALID_INPUT',
    next: 'Choose a model with tools. The list_models tool shows with detail "full" which have them.',
  },
  { says: /does not support thinking/i, kind: 'INVALID_INPUT', next: 'Leave reasoning_effort out.' },
  {
    says: /does not support (?:chat|completion|generate|insert|vision|embed)/i,
    kind: 'INVALID_INPUT',
    next: 'Choose another model. The list_models tool shows with detail "full" what each can do.',
  },
  {
    says: /option ".*" must be of type|invalid (?:format|JSON schema)|JSON schema conversion|(?:parse|create|initialize) grammar/i,
    kind: 'INVALID_INPUT',
  },
  {
    says: /\bmodel ['"].*['"] not found/i,
    kind: 'MODEL_NOT_FOUND',
    next: 'Pull it on the server ("ollama pull"), or choose another. The list_models tool shows which models there are.',
  },
  {
    says: /unauthorized/i,
    kind: 'AUTH',
    next: 'Set the API key, or sign in on the server with "ollama signin".',
  },
];

interface Headers {
  get(name: string): string | null;
}

/** The Fault of a status that is not 2xx. */
export function readOllamaRefusal(status: number, headers: Headers, body: string, wallMs: number): Fault {
  const value = parseJson(body);
  const inner = isObject(value) ? innerError(value) : undefined;
  return explained(readRefusal(status, headers, inner === undefined ? body : (encodeJson(inner) ?? body), wallMs));
}

/** The Fault of a line or reply that holds an error, under status 200; undefined when it holds none. */
export function ollamaErrorIn(fields: Fields): Fault | undefined {
  const { error } = fields;
  if (!isObject(error) && (typeof error !== 'string' || error === '')) return undefined;
  return explained(readInBandError(innerError(fields) ?? fields));
}

/** The server hands on what its own llama.cpp server refused as JSON inside the text. */
function innerError({ error }: Fields): Fields | undefined {
  const value = typeof error === 'string' && error.startsWith('{') ? parseJson(error) : undefined;
  return isObject(value) ? value : undefined;
}

function explained(fault: Fault): Fault {
  const row = ROWS.find(({ says }) => says.test(fault.message));
  if (row === undefined) return fault;
  const { retry: _, next: __, ...facts } = fault.data;
  const data = { ...facts, ...present({ retry: row.retry, next: row.next }) };
  return new Fault(row.kind, fault.message, { data, ...present({ retryAfterMs: fault.retryAfterMs }) });
}
