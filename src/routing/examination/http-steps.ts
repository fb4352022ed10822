// What an answer to the question for the models tells of the server that gave it, whatever it is: whether HTTP is spoken
// there, and whether the keys are accepted.

import type { Fault } from '../../core/fault.ts';
import { adviceFor } from './advice.ts';
import { overTls, speaksTls } from './connection.ts';
import type { Finding } from './course.ts';
import { askForList } from './list-request.ts';
import type { Listed } from './list-request.ts';
import { aboutOf } from './request.ts';
import type { Exam } from './subject.ts';

const MOST_KEYS = 10;
/** Off by less, nothing goes wrong. */
const CLOCK_MS = 5 * 60_000;

/** An answer with this says nothing of the API: something before it, or out of order, gave it. */
function isNoAnswer(status: number): boolean {
  return (
    status === 0 ||
    (status >= 300 && status < 400) ||
    status === 407 ||
    status === 408 ||
    status === 429 ||
    status >= 500
  );
}

export function httpFinding(exam: Exam, url: string, listed: Listed): Promise<Finding> {
  const { status, headers, fault } = listed;
  if (fault !== undefined && isNoAnswer(status)) return failedHttp(exam, url, fault, status);
  const server = headers?.get('server') ?? '';
  const kind = (headers?.get('content-type') ?? '').replace(/;.*/s, '');
  const facts = { status, server, contentType: kind };
  const more = [kind, server === '' ? '' : `server ${server.slice(0, 40)}`, skewOf(exam, headers?.get('date') ?? '')];
  const said = [`HTTP ${status}`, ...more.filter((part) => part !== '')].join(', ');
  return Promise.resolve({ state: 'ok', said, facts });
}

async function failedHttp(exam: Exam, url: string, fault: Fault, status: number): Promise<Finding> {
  const isOdd = fault.kind === 'UPSTREAM' || fault.kind === 'NETWORK' || fault.kind === 'INCOMPLETE';
  if (status === 0 && isOdd && (await speaksTls(exam, url))) return overTls(exam, fault.message);
  return { state: 'failed', said: fault.message, next: adviceFor(fault, aboutOf(exam, url)), facts: { status } };
}

function skewOf({ tools }: Exam, date: string): string {
  const off = Date.parse(date) - tools.clock.wall();
  if (!(Math.abs(off) > CLOCK_MS)) return '';
  const minutes = Math.round(Math.abs(off) / 60_000);
  return `whose clock is ${minutes} minutes ${off > 0 ? 'ahead of' : 'behind'} this machine's`;
}

/** Every key is tried, the first one by the answer that is there. */
export async function authFinding(exam: Exam, url: string, listed: Listed): Promise<Finding> {
  const keys = exam.subject.parts.settings.apiKeys().slice(0, MOST_KEYS);
  const { baseUrl } = exam.subject.parts.settings;
  const others = await Promise.all(keys.slice(1).map((apiKey) => askForList(exam, { apiKey, baseUrl })));
  const all = [listed, ...others];
  const refused = all.flatMap(({ fault }, at) =>
    fault?.kind === 'AUTH' || fault?.kind === 'QUOTA' ? [{ fault, at }] : [],
  );
  const [first] = refused;
  if (first !== undefined) {
    const which = keys.length < 2 ? '' : `Key ${refused.map(({ at }) => at + 1).join(', ')} of ${keys.length}: `;
    return { state: 'failed', said: which + first.fault.message, next: adviceFor(first.fault, aboutOf(exam, url)) };
  }
  if (listed.fault !== undefined) return { state: 'skipped', said: 'this answer does not tell' };
  if (!aboutOf(exam, url).hasKey) return { state: 'ok', said: 'no key is set, and none was asked for' };
  if (keys.length === 0) return { state: 'ok', said: 'the configured headers are accepted' };
  // Many list their models to anybody.
  const open = await askForList(exam, { apiKey: '', baseUrl });
  if (open.fault?.kind !== 'AUTH')
    return { state: 'skipped', said: 'the list is given without a key too; --complete tells' };
  return { state: 'ok', said: keys.length < 2 ? 'the key is accepted' : `all ${keys.length} keys are accepted` };
}
