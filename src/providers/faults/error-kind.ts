// Which of our kinds a refusal is, as one table read from the top: the first row that fits decides. Codes
// come before statuses, because quota hides behind 429 and 400, moderation behind 403 and a full context
// behind 400. WIRE.md 5.2; the defaults for retrying stand in core/fault.ts.

import type { FaultKind, Retry } from '../../core/fault.ts';
import type { Complaint } from './error-body.ts';

export interface Verdict {
  readonly kind: FaultKind;
  readonly retry?: Retry;
  /** What the caller can do about it. */
  readonly next?: string;
}

interface Row extends Verdict {
  readonly fits: (status: number, complaint: Complaint) => boolean;
}

const QUOTA = [
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'billing_error',
  'billing_hard_limit_reached',
  'billing_not_active',
];
const FILTERED = ['content_filter', 'content_policy_violation', 'responsibleaipolicyviolation', 'moderation'];
const TOO_LONG = ['context_length_exceeded', 'exceed_context_size_error'];
const NO_MODEL = ['model_not_found', 'deploymentnotfound', 'not_found_error', 'operationnotsupported'];
const BAD_KEY = ['invalid_api_key', 'authentication_error', 'permission_error'];
const OVERLOADED = ['overloaded_error'];
const TIMED_OUT = ['timeout_error'];
/** Words of our own `/v1` (openai-api/errors.ts), which fill in for a status that the API has none of. */
const CUT = ['incomplete_answer'];
const EMPTY = ['empty_answer'];

const LONG_PROMPT =
  /prompt (?:is )?too long|input is too long|maximum (?:context|prompt) length|context (?:length|window|size|limit)|token count.*exceeds|input tokens exceed|max_new_tokens` must be/i;
/** llama.cpp, when prompt and answer together filled it. */
const CONTEXT_FULL = /context size has been exceeded/i;
const NO_CREDIT = /credit balance is too low/i;
const BUSY = /server (?:is )?(?:busy|overloaded)|maximum pending requests/i;
const LOADING = /\bloading\b.*\bmodel\b|\bmodel\b.*\bloading\b/i;
const FENCED_OFF = /virtual network|firewall|public access|private endpoint/i;
/** What Anthropic says of a path it does not know, under the type it has for models too. */
const NO_PATH = /^not found\.?$/i;
/** The model is there, but at another endpoint of the API. */
const NOT_A_CHAT_MODEL = /not a chat model|does not support chat completions|did you mean to use v1\/completions/i;
const A_CHAT_MODEL = /is a chat model|did you mean to use v1\/chat/i;
/** llama.cpp says it with 500: it would be the same at the next try. */
const NO_IMAGES =
  /(?:image|vision|multimodal)[\w ]* (?:is|are) not (?:supported|enabled)|(?:not|n't) support (?:image|vision|multimodal)|not a multimodal model|does not (?:have|take) (?:image|vision)/i;
/** The image is there for us, and not for the server: LM Studio and others take none but data URLs. */
const NO_ADDRESSES =
  /(?:must be|only|expected) (?:a )?(?:valid )?base64|(?:failed|unable|could not|error)[\w ]* (?:to )?(?:download|downloading|fetch|fetching)[\w ]* (?:image|file|media|url|http)/i;
/** vLLM says it with 501, llama.cpp with 500: another try would be in vain, another server may do. */
const NO_FILES =
  /(?:unknown|unsupported)[\w ]* part type|unsupported content\[\]\.type|'type' field that is either|(?:unknown variant|input tag|invalid value:?) [`']?(?:input_)?file\b|(?:not|n't) support (?:file|document|pdf)/i;
const UNKNOWN_MODEL =
  /\b(?:model|deployment)\b.*(?:not (?:found|exist|available|a valid)|does not exist|unknown|no such|not loaded)|not a valid model|unknown model|invalid model|no such model/i;

const CHECK_URL = 'Check API_BASE_URL: the address probably lacks or repeats a part of its path.';

const said =
  (words: readonly string[]) =>
  (_status: number, complaint: Complaint): boolean =>
    complaint.words.some((word) => words.includes(word));

const statusIn =
  (...statuses: readonly number[]) =>
  (status: number): boolean =>
    statuses.includes(status);

const reads =
  (text: RegExp, ...statuses: readonly number[]) =>
  (status: number, complaint: Complaint): boolean =>
    (statuses.length === 0 || statuses.includes(status)) && text.test(complaint.message);

const saidOr = (words: readonly string[], status: number): Row['fits'] => {
  const named = said(words);
  return (actual, complaint) => actual === status || named(actual, complaint);
};

const isPage: Row['fits'] = (status, complaint) =>
  complaint.page && status >= 400 && status < 500 && ![401, 407, 408, 429].includes(status);

const ROWS: readonly Row[] = [
  { fits: (status) => status >= 300 && status < 400, kind: 'UPSTREAM', retry: 'never' },
  { fits: isPage, kind: 'UPSTREAM', retry: 'never', next: CHECK_URL },
  {
    fits: (status, complaint) => saidOr(QUOTA, 402)(status, complaint) || reads(NO_CREDIT, 400)(status, complaint),
    kind: 'QUOTA',
    next: 'Raise the spend limit or top up the account, or use another key.',
  },
  { fits: said(FILTERED), kind: 'CONTENT_FILTER', next: 'Rephrase the request.' },
  {
    fits: (status, complaint) =>
      said(TOO_LONG)(status, complaint) ||
      reads(LONG_PROMPT, 0, 400, 422)(status, complaint) ||
      reads(CONTEXT_FULL, 500)(status, complaint),
    kind: 'CONTEXT_TOO_LONG',
    next: 'Shorten the messages, or choose a model with a larger context.',
  },
  { fits: statusIn(407), kind: 'NETWORK', retry: 'never', next: 'Check the user name and password of the proxy.' },
  {
    fits: reads(FENCED_OFF, 403),
    kind: 'AUTH',
    next: "Allow this machine's address in the network rules of the resource.",
  },
  { fits: statusIn(403), kind: 'AUTH', next: 'Check what this key may use.' },
  { fits: saidOr(BAD_KEY, 401), kind: 'AUTH', next: 'Check API_KEY.' },
  {
    fits: reads(NOT_A_CHAT_MODEL, 400, 404),
    kind: 'MODEL_NOT_FOUND',
    next: 'It does not chat. Choose another model. The complete tool asks such models.',
  },
  {
    fits: reads(A_CHAT_MODEL, 400, 404),
    kind: 'MODEL_NOT_FOUND',
    next: 'It is a chat model: ask it with the chat tool.',
  },
  { fits: reads(NO_PATH, 404), kind: 'UPSTREAM', retry: 'never', next: CHECK_URL },
  {
    fits: (status, complaint) =>
      said(NO_MODEL)(status, complaint) ||
      (statusIn(0, 400, 404)(status) && (complaint.param === 'model' || UNKNOWN_MODEL.test(complaint.message))),
    kind: 'MODEL_NOT_FOUND',
    next: 'The list_models tool shows which models there are.',
  },
  { fits: reads(NO_IMAGES, 0, 400, 404, 422, 500), kind: 'INVALID_INPUT', next: 'Choose a model that takes images.' },
  {
    fits: reads(NO_ADDRESSES, 400, 415, 422),
    kind: 'INVALID_INPUT',
    next: 'Give the image as a data: URL, or as a file. With FETCH_IMAGES=1 this server fetches images itself.',
  },
  {
    fits: reads(NO_FILES, 0, 400, 415, 422, 500, 501),
    kind: 'INVALID_INPUT',
    retry: 'elsewhere',
    next: 'Send the text of the file, or its pages as images, or choose a model that takes files.',
  },
  { fits: statusIn(404, 405), kind: 'UPSTREAM', retry: 'never', next: CHECK_URL },
  { fits: statusIn(406, 415, 501), kind: 'UPSTREAM', retry: 'never', next: 'This server does not offer it.' },
  { fits: saidOr(TIMED_OUT, 408), kind: 'TIMEOUT', next: 'Ask for less, or try again later.' },
  { fits: statusIn(409, 424, 425), kind: 'UPSTREAM' },
  { fits: statusIn(413), kind: 'INVALID_INPUT', next: 'Send less: fewer or smaller messages and images.' },
  { fits: saidOr(OVERLOADED, 529), kind: 'OVERLOADED', next: 'Try again in a minute.' },
  { fits: reads(BUSY, 0, 503), kind: 'OVERLOADED', next: 'Try again in a minute.' },
  { fits: said(CUT), kind: 'INCOMPLETE' },
  { fits: said(EMPTY), kind: 'EMPTY_ANSWER' },
  { fits: statusIn(429), kind: 'RATE_LIMITED' },
  { fits: reads(LOADING, 503), kind: 'UPSTREAM', next: 'Try again when the server has loaded the model.' },
  { fits: (status) => status >= 500, kind: 'UPSTREAM', next: 'Try again later.' },
  { fits: statusIn(400, 422), kind: 'INVALID_INPUT' },
  { fits: (status) => status >= 400, kind: 'UPSTREAM', retry: 'never' },
];

const UNNAMED: Verdict = { kind: 'UPSTREAM' };

/** The verdict on a refusal; a status of 0 or 200 is an error that came inside an answer. */
export function classify(status: number, complaint: Complaint): Verdict {
  const effective = status >= 300 ? status : (complaint.status ?? impliedStatus(complaint));
  return ROWS.find((row) => row.fits(effective, complaint)) ?? UNNAMED;
}

/** Types that stand for a status; what the rows above know by name needs none. */
const IMPLIED: ReadonlyMap<string, number> = new Map([
  ['rate_limit_exceeded', 429],
  ['rate_limit_error', 429],
  ['invalid_request_error', 400],
  ['badrequesterror', 400],
  ['request_too_large', 413],
  ['timeout_error', 408],
  ['not_found_error', 404],
  ['api_error', 500],
  ['server_error', 500],
]);

/** An error inside a 200 has no status of its own: its type stands for one where it is clear. */
function impliedStatus(complaint: Complaint): number {
  for (const word of complaint.words) {
    const status = IMPLIED.get(word);
    if (status !== undefined) return status;
  }
  return 0;
}
