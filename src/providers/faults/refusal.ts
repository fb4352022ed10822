// Makes the Fault of an upstream's refusal: an HTTP status that is not 2xx, or an error inside an answer.
// Pure. The sentence says what was answered, in the upstream's own words where it gave any; scrubbing them
// of keys is the attempt's duty, which knows the secrets. WIRE.md 5.1 to 5.3.

import { Fault } from '../../core/fault.ts';
import type { FaultData, FaultKind, Retry } from '../../core/fault.ts';
import { openAiBase } from '../base-url.ts';
import { present } from '../../core/json.ts';
import type { Fields } from '../dialects/fields.ts';
import { oneLine, readErrorBody, readErrorObject } from './error-body.ts';
import type { Complaint } from './error-body.ts';
import { classify } from './error-kind.ts';
import type { Verdict } from './error-kind.ts';
import { requestIdOf } from './request-id.ts';
import { retryAfterMs } from './retry-after.ts';
import { tokenRemark } from './token-counts.ts';

interface Headers {
  get(name: string): string | null;
}

/** The Fault of a status that is not 2xx. `wallMs` is now, for the dates in headers. */
export function readRefusal(status: number, headers: Headers, body: string, wallMs: number): Fault {
  if (status >= 300 && status < 400) return redirectFault(status, headers);
  const complaint = readErrorBody(body);
  const verdict = classify(status, complaint);
  const retry = overriddenRetry(verdict.kind, headers.get('x-should-retry')) ?? verdict.retry;
  const requestId = requestIdOf(headers) ?? complaint.requestId;
  const data: FaultData = {
    status,
    ...factsOf(complaint, verdict),
    ...present({ retry, requestId }),
  };
  const wait = retryAfterMs(status, headers, wallMs);
  const sentence = `The upstream answered ${titled(status)}${saying(complaint, verdict.kind)}`;
  return new Fault(verdict.kind, sentence, { data, ...present({ retryAfterMs: wait }) });
}

/** The Fault of an error object that came inside an answer whose status was 200. */
export function readInBandError(body: Fields): Fault {
  const complaint = readErrorObject(body);
  const verdict = classify(0, complaint);
  const data: FaultData = {
    ...factsOf(complaint, verdict),
    ...present({ retry: verdict.retry, status: complaint.status, requestId: complaint.requestId }),
  };
  const sentence = `The upstream sent an error instead of the answer${saying(complaint, verdict.kind)}`;
  return new Fault(verdict.kind, sentence, { data });
}

/** The Fault of a web page under a 2xx: a login or an error page of something that is not the API. */
export function pageFault(page: string): Fault {
  const { message } = readErrorBody(page);
  const shown = message === '' ? oneLine(page.slice(0, 400).replace(/<[^>]*>?/g, ' ')).slice(0, 120) : message;
  return new Fault(
    'UPSTREAM',
    `The upstream answered with a web page instead of JSON${shown === '' ? '' : `: "${shown}"`}.`,
    {
      data: { retry: 'elsewhere', next: 'Check API_BASE_URL: it probably does not lead to the API.' },
    },
  );
}

function factsOf(complaint: Complaint, { kind, next }: Verdict): FaultData {
  const { code, param, category, tokens } = complaint;
  return present({
    upstreamCode: code,
    param,
    category: kind === 'CONTENT_FILTER' ? category : undefined,
    tokens: kind === 'CONTEXT_TOO_LONG' ? tokens : undefined,
    next:
      next ?? (kind === 'INVALID_INPUT' && param !== undefined ? `Correct "${param}", or leave it out.` : undefined),
  });
}

/** Failures that come back whatever the upstream thinks of sending again. */
const FINAL: ReadonlySet<FaultKind> = new Set<FaultKind>(['QUOTA', 'AUTH', 'CONTENT_FILTER']);

function overriddenRetry(kind: FaultKind, header: string | null): Retry | undefined {
  if (FINAL.has(kind)) return undefined;
  if (header === 'true') return 'again';
  return header === 'false' ? 'never' : undefined;
}

const TITLES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [408, 'Request Timeout'],
  [413, 'Content Too Large'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
]);

function titled(status: number): string {
  const title = TITLES.get(status);
  return title === undefined ? `HTTP ${status}` : `HTTP ${status} (${title})`;
}

function saying(complaint: Complaint, kind: FaultKind): string {
  const { page, message, param, code } = complaint;
  if (page) return ` with a web page${message === '' ? '' : ` titled "${message}"`}.`;
  const about = param === undefined || message.includes(param) ? '' : ` (parameter "${param}")`;
  if (message === '') return `${about}${code === undefined ? '' : `: ${code}`}.`;
  return `${about}: ${message.replace(/\.$/, '')}${remark(complaint, kind)}${/[!?…]$/.test(message) ? '' : '.'}`;
}

/** What the upstream says in its data but not in its words. */
function remark({ message, category, tokens }: Complaint, kind: FaultKind): string {
  if (kind === 'CONTEXT_TOO_LONG' && tokens !== undefined) return tokenRemark(message, tokens);
  if (kind !== 'CONTENT_FILTER' || category === undefined || message.includes(category)) return '';
  return ` (${category})`;
}

/** A redirect is never followed: it would carry the key to wherever the answer points. */
function redirectFault(status: number, headers: Headers): Fault {
  const location = headers.get('location')?.trim() ?? '';
  const target = URL.canParse(location) ? new URL(location) : undefined;
  const where = target === undefined ? oneLine(location) || 'an address it does not name' : target.host;
  return new Fault('UPSTREAM', `The upstream redirects to ${where} (HTTP ${status}), and redirects are not followed.`, {
    data: {
      status,
      retry: 'never',
      next: `Set API_BASE_URL to ${target === undefined ? 'the final address' : suggestedBase(target)}.`,
      ...present({ requestId: requestIdOf(headers) }),
    },
  });
}

function suggestedBase(target: URL): string {
  if (target.protocol !== 'https:' && target.protocol !== 'http:') return 'the final address';
  return openAiBase(target.origin + target.pathname).root;
}
