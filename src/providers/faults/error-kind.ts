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
const NO_MODEL = ['model_not_found', 'deploymentnotfound', 'not_found_error'];
const BAD_KEY = ['invalid_api_key', 'authentication_error', 'permission_error'];
const OVERLOADED = ['overloaded_error'];

const LONG_PROMPT = /prompt is too long|maximum context length|context (?:length|window|size)/i;
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
    fits: saidOr(QUOTA, 402),
    kind: 'QUOTA',
    next: 'Raise the spend limit or top up the account, or use another key.',
  },
  { fits: said(FILTERED), kind: 'CONTENT_FILTER', next: 'Rephrase the request.' },
  {
    fits: (status, complaint) =>
      said(TOO_LONG)(status, complaint) || ((status === 400 || status === 422) && LONG_PROMPT.test(complaint.message)),
    kind: 'CONTEXT_TOO_LONG',
    next: 'Shorten the messages, or choose a model with a larger context.',
  },
  { fits: statusIn(407), kind: 'NETWORK', retry: 'never', next: 'Check the user name and password of the proxy.' },
  { fits: statusIn(403), kind: 'AUTH', next: 'Check what this key may use.' },
  { fits: saidOr(BAD_KEY, 401), kind: 'AUTH', next: 'Check API_KEY.' },
  {
    fits: (status, complaint) =>
      said(NO_MODEL)(status, complaint) ||
      ((status === 404 || status === 400) && (complaint.param === 'model' || UNKNOWN_MODEL.test(complaint.message))),
    kind: 'MODEL_NOT_FOUND',
    next: 'The list_models tool shows which models there are.',
  },
  { fits: statusIn(404, 405), kind: 'UPSTREAM', retry: 'never', next: CHECK_URL },
  { fits: statusIn(406, 415, 501), kind: 'UPSTREAM', retry: 'never', next: 'This server does not offer it.' },
  { fits: statusIn(408), kind: 'TIMEOUT' },
  { fits: statusIn(409, 424, 425), kind: 'UPSTREAM' },
  { fits: statusIn(413), kind: 'INVALID_INPUT', next: 'Send less: fewer or smaller messages and images.' },
  { fits: saidOr(OVERLOADED, 529), kind: 'OVERLOADED', next: 'Try again in a minute.' },
  { fits: statusIn(429), kind: 'RATE_LIMITED' },
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

const IMPLIED: ReadonlyMap<string, number> = new Map([
  ['rate_limit_exceeded', 429],
  ['rate_limit_error', 429],
  ['invalid_request_error', 400],
  ['badrequesterror', 400],
]);

/** An error inside a 200 has no status of its own: its type stands for one where it is clear. */
function impliedStatus(complaint: Complaint): number {
  for (const word of complaint.words) {
    const status = IMPLIED.get(word);
    if (status !== undefined) return status;
  }
  return 0;
}
