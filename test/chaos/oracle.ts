// Says whether what became of a call is right, from what the cluster did to it and from nothing the program knows. A call
// yields exactly one result: the whole answer and nothing but it, or an error that names a cause the cluster gave it, after
// everything was tried that the rules of the product sheet (section 8) let be tried.

import { isObject } from '../../src/core/json.ts';
import type { Call } from './call.ts';
import { TARGETS } from './cluster.ts';
import type { Outage, Sent } from './cluster.ts';
import type { Question } from './question.ts';

export interface Facts {
  /** All that the cluster saw of the question. */
  readonly sent: readonly Sent[];
  /** In the time of the call. */
  readonly outages: readonly Outage[];
  /** No other call asks the same. */
  readonly isAlone: boolean;
  /** The machine held it up, so that a limit may have passed with nothing done to it. */
  readonly isHeldUp: boolean;
}

export interface Verdict {
  /** `complete`, `cancelled`, `answered before the cancel`, or the code of an error. */
  readonly outcome: string;
  /** What is wrong; empty when nothing is. */
  readonly wrongs: readonly string[];
  /** Attempts that failed because nothing listened. */
  readonly refused: number;
  /** Codes of attempts the program found failed although the cluster had nothing against them. */
  readonly unexplained: readonly string[];
}

const NOTHING_LEFT = { refused: 0, unexplained: [] };

/** Product sheet, section 6. */
const CODES: ReadonlySet<string> = new Set(
  (
    'INVALID_INPUT NOT_CONFIGURED AUTH MODEL_NOT_FOUND CONTEXT_TOO_LONG RATE_LIMITED QUOTA BUDGET TIMEOUT UPSTREAM ' +
    'INCOMPLETE EMPTY_ANSWER CONTENT_FILTER NETWORK CANCELLED OVERLOADED CONFIG'
  ).split(' '),
);

/** Three targets, four keys, and MAX_RETRIES of the configuration. */
const MOST_SENDS = 3 + 4 + 3;

export function judge(call: Call, facts: Facts): Verdict {
  const wrongs = [...call.offences];
  for (const { complaint } of facts.sent) if (complaint !== undefined) wrongs.push(`upstream: ${complaint}`);
  const { ending } = call;
  if (ending === undefined) {
    if (!call.isCancelled && wrongs.length === 0) wrongs.push('no result');
    return { outcome: call.isCancelled ? 'cancelled' : 'lost', wrongs, ...NOTHING_LEFT };
  }
  if ('error' in ending) {
    wrongs.push(`a JSON-RPC error: ${JSON.stringify(ending.error)}`);
    return { outcome: 'lost', wrongs, ...NOTHING_LEFT };
  }
  const result = isObject(ending.result) ? ending.result : {};
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  const hasFailed = result['isError'] === true;
  const outcome = hasFailed ? ofError(result, meta, { call, facts, wrongs }) : ofAnswer(result, { call, wrongs });
  const attempts = attemptsOf(hasFailed ? meta['anymodel/error'] : meta, hasFailed ? 'attempts' : 'anymodel/attempts');
  if (facts.isAlone) checkSends(attempts, facts, wrongs);
  return {
    outcome: call.isCancelled && !hasFailed ? 'answered before the cancel' : outcome,
    wrongs,
    ...leftOver(attempts, facts),
  };
}

interface About {
  readonly call: Call;
  readonly wrongs: string[];
}

type Fields = Readonly<Record<string, unknown>>;

function ofAnswer(result: Fields, { call, wrongs }: About): string {
  const { plan, joined } = call;
  const { answer } = plan.question;
  const texts = textsOf(result);
  const structured = result['structuredContent'];
  const text = plan.tool === 'generate' && isObject(structured) ? structured['text'] : texts[0];
  if (texts.length !== 1) wrongs.push(`${texts.length} blocks of content`);
  if (text !== answer) wrongs.push(`${departure(String(text), plan.question)} for an answer`);
  if (plan.hasToken && joined !== answer) wrongs.push(`${departure(joined, plan.question)} in the joined notices`);
  return 'complete';
}

function ofError(result: Fields, meta: Fields, { call, wrongs, facts }: About & { readonly facts: Facts }): string {
  const { question } = call.plan;
  const error = isObject(meta['anymodel/error']) ? meta['anymodel/error'] : {};
  const code = String(error['code']);
  const [sentence = '', partial = '', ...more] = textsOf(result);
  if (!CODES.has(code)) wrongs.push(`no code of the set: ${code}`);
  if (sentence === '' || sentence.includes(`[end of ${question.number}]`))
    wrongs.push('an error that claims an answer');
  if (more.length > 0 || 'structuredContent' in result) wrongs.push('more content than an error has');
  if (!question.answer.startsWith(partial)) wrongs.push(`${departure(partial, question)} as the partial answer`);
  if (!question.answer.startsWith(call.joined))
    wrongs.push(`${departure(call.joined, question)} in the joined notices`);
  const causes = causesOf(facts);
  if (!causes.has(code)) wrongs.push(`${code}, of which nothing was the cause: ${sentence.slice(0, 300)}`);
  if (!isJustified(facts)) wrongs.push(`${code}, given up too early: ${sentence.slice(0, 300)}`);
  return code;
}

/** The codes that what the cluster did may end in. */
function causesOf({ sent, outages, isHeldUp }: Facts): ReadonlySet<string> {
  const causes = new Set(sent.flatMap(({ mishap }) => mishap?.codes ?? []));
  if (outages.length > 0) for (const code of ['NETWORK', 'INCOMPLETE']) causes.add(code);
  if (isHeldUp) causes.add('TIMEOUT');
  return causes;
}

/** Nothing was left to try: what came was final, or every target has failed. */
function isJustified({ sent, outages, isHeldUp }: Facts): boolean {
  if (isHeldUp || sent.some(({ mishap }) => mishap?.isFinal === true)) return true;
  // A request is mended once for each target.
  const mended = sent.filter(({ mishap }) => mishap?.name === '400 mendable').map(({ target }) => target);
  if (mended.length > new Set(mended).size) return true;
  const failed = new Set(outages.map(({ target }) => target));
  for (const { target, mishap } of sent) if (mishap !== undefined) failed.add(target);
  return failed.size === TARGETS.length;
}

interface Attempt {
  readonly provider: string;
  readonly error: string | undefined;
  /** A request may be lost with the kept connection it was written to, and never arrive. */
  readonly mayBeLost: boolean;
}

function attemptsOf(holder: unknown, member: string): Attempt[] {
  const list = isObject(holder) ? holder[member] : undefined;
  return (Array.isArray(list) ? list : []).filter(isObject).map(({ provider, error, status }) => {
    const mayBeLost = error === 'NETWORK' && status === 0;
    return { provider: String(provider), error: typeof error === 'string' ? error : undefined, mayBeLost };
  });
}

/** What the program says it sent, and what arrived. */
function checkSends(attempts: readonly Attempt[], { sent, outages }: Facts, wrongs: string[]): void {
  if (attempts.length > MOST_SENDS) wrongs.push(`${attempts.length} sends`);
  // A refusal that was cut short by an outage may not have been heard.
  const wasHeard = ({ mishap, target }: Sent): boolean =>
    mishap?.isFinal === true && !outages.some((outage) => outage.target === target);
  const final = sent.findIndex(wasHeard);
  if (final !== -1 && final < sent.length - 1) wrongs.push(`asked on after ${sent[final]?.mishap?.name}`);
  // A request on a kept connection that breaks without a byte of an answer is sent again, on a fresh one.
  const replays = sent.filter(({ mishap }) => mishap?.phase === 'before the head' && /reset|close/.test(mishap.name));
  const inOutage = outages.length === 0 ? 0 : MOST_SENDS;
  if (sent.length > attempts.length + replays.length + inOutage)
    wrongs.push(`${sent.length} requests arrived, ${attempts.length} attempts are told of`);
  if (attempts.filter(({ mayBeLost }) => !mayBeLost).length > sent.length)
    wrongs.push(`${attempts.length} attempts are told of, ${sent.length} requests arrived`);
}

/** A failed attempt for each that was spoilt; what is left over has another cause, the machine's slowness perhaps. */
function leftOver(attempts: readonly Attempt[], { sent, outages }: Facts): Pick<Verdict, 'refused' | 'unexplained'> {
  const spoilt = sent.filter(({ mishap }) => mishap !== undefined).map(({ target }) => target);
  const unexplained: string[] = [];
  let refused = 0;
  for (const { provider, error } of attempts) {
    if (error === undefined) continue;
    const at = spoilt.findIndex((target) => target === provider);
    if (at !== -1) spoilt.splice(at, 1);
    else if (outages.some(({ target }) => target === provider)) refused++;
    else unexplained.push(error);
  }
  return { refused, unexplained };
}

function textsOf(result: Fields): string[] {
  const content: unknown[] = Array.isArray(result['content']) ? result['content'] : [];
  return content.map((block) => (isObject(block) && typeof block['text'] === 'string' ? block['text'] : '<no text>'));
}

/** How a text departs from the right answer, in a word or two. */
function departure(text: string, { number, answer }: Question): string {
  const others = [...text.matchAll(/\[(\d+)\]/g)].some(([, digits]) => Number(digits) !== number);
  if (others) return 'a mixed text';
  if (text === '') return 'no text';
  if (answer.startsWith(text)) return `half a text (${text.length} of ${answer.length})`;
  if (text.startsWith(answer)) return 'a text and more';
  const at = text.split('').findIndex((unit, i) => unit !== answer[i]);
  return `another text (from ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 40))})`;
}
