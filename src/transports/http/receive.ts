// What happens to a request between its head and whoever serves its path, in this order: is there such a path, may the
// Host and the Origin be what they are, is it a browser's question beforehand, is the method one of the path's, who
// asks; then it is served. The body is not read before all that is known. Knows no socket. Follows MCP.md 4.1 and 4.6.

import { Fault } from '../../core/fault.ts';
import type { Log } from '../../core/log.ts';
import type { Soon } from '../../core/store.ts';
import type { Caller, HeaderFields } from '../../wire/exchange.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import type { Face, FaceTable } from './faces.ts';
import type { Guard } from './guard.ts';
import type { HttpExchange } from './http-exchange.ts';
import { BAD_TARGET, REFUSAL_HEADERS, refusalBody } from './refusal.ts';
import type { Problem } from './refusal.ts';

/** What may be known of a request when it is found out who asks. */
export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly remote: string;
}

export interface Refusal {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: string;
}

export type Admission = { readonly caller: Caller } | { readonly refusal: Refusal };

/** Finds out who asks, or why they may not; before the body is read. A rejection is a defect. */
export type Authenticate = (header: (name: string) => string | undefined, facts: RequestFacts) => Soon<Admission>;

export interface ReceiveOptions {
  readonly table: FaceTable;
  readonly guard: Guard;
  readonly authenticate: Authenticate;
  readonly log: Log;
}

const NOBODY: Caller = {};

export type Receive = (exchange: HttpExchange) => void;

export function createReceive(options: ReceiveOptions): Receive {
  const { table, guard, authenticate, log } = options;
  const serve = (exchange: HttpExchange, face: Face, caller: Caller): void => {
    try {
      const serving = face.serve(exchange, caller);
      if (serving instanceof Promise) serving.catch((thrown: unknown) => fail(exchange, face, thrown));
    } catch (thrown) {
      fail(exchange, face, thrown);
    }
  };
  const admit = (exchange: HttpExchange, face: Face, admission: Admission): void => {
    if ('caller' in admission) serve(exchange, face, admission.caller);
    else exchange.reply(admission.refusal.status, admission.refusal.headers, admission.refusal.body);
  };
  const fail = (exchange: HttpExchange, face: Face, thrown: unknown): void => {
    const { method, path } = exchange;
    // Who reads the body of a client that goes away hears of it, and need not hide that from us.
    if (exchange.isLost && Fault.from(thrown).kind === 'cancelled') return;
    log.error('a request failed, which is a defect', { method, path, error: Fault.from(thrown) });
    if (exchange.isAnswered) exchange.abort();
    else refuse(exchange, { status: 500, type: 'internal', message: 'Internal error.' }, face);
  };
  return (exchange) => {
    const { method, path } = exchange;
    const face = table.at(path);
    const origin = exchange.header('origin');
    const problem = problemOf(exchange, face, guard);
    if (problem !== undefined) return refuse(exchange, problem, face);
    if (method === 'OPTIONS') return answerOptions(exchange, face, origin);
    if (origin !== undefined && face?.isOpen !== true) exchange.extra = corsHeaders(origin);
    if (face === undefined) return refuse(exchange, NO_PATH);
    if (!face.methods.includes(method)) return refuse(exchange, NO_METHOD, face, allow(face));
    if (face.isOpen === true) return serve(exchange, face, NOBODY);
    const admission = soon(() => authenticate((name) => exchange.header(name), exchange));
    if (!(admission instanceof Promise)) return admit(exchange, face, admission);
    void admission.then(
      (known) => admit(exchange, face, known),
      (thrown: unknown) => fail(exchange, face, thrown),
    );
  };
}

const NO_PATH: Problem = { status: 404, type: 'not_found', message: 'There is nothing at this path.' };
const NO_METHOD: Problem = { status: 405, type: 'method_not_allowed', message: 'The path does not take this method.' };

/** Why it is not even asked who sends it. */
function problemOf(exchange: HttpExchange, face: Face | undefined, guard: Guard): Problem | undefined {
  if (!isPlain(exchange.literal, face)) return BAD_TARGET;
  return face?.isOpen === true ? undefined : guard.problem(exchange.authority, exchange.header('origin'));
}

/** Where a slash is no part of a name, a proxy may have taken the path for another one. */
function isPlain(literal: string | undefined, face: Face | undefined): boolean {
  return literal === undefined || (face?.hasNames === true && literal.startsWith(`${face.path}/`));
}

/** What throws at once is told as what rejects. */
function soon(ask: () => Soon<Admission>): Soon<Admission> {
  try {
    return ask();
  } catch (thrown) {
    return Promise.reject(Fault.from(thrown));
  }
}

function allow({ methods }: Face): HeaderFields {
  return { allow: [...methods, 'OPTIONS'].join(', ') };
}

function answerOptions(exchange: HttpExchange, face: Face | undefined, origin: string | undefined): void {
  if (face === undefined && exchange.path !== '*') return refuse(exchange, NO_PATH);
  const { methods = [] } = face ?? {};
  const isPreflight = origin !== undefined && exchange.header('access-control-request-method') !== undefined;
  const asked = exchange.header('access-control-request-headers');
  exchange.reply(204, {
    ...(face === undefined ? {} : allow(face)),
    ...(isPreflight && face?.isOpen !== true ? preflightHeaders(origin, methods, asked) : {}),
  });
}

function refuse(exchange: HttpExchange, problem: Problem, face?: Face, headers?: HeaderFields): void {
  const body = face?.refusal?.(problem) ?? refusalBody(problem);
  const last = problem === BAD_TARGET ? { connection: 'close' } : undefined;
  exchange.reply(problem.status, { ...REFUSAL_HEADERS, ...headers, ...last }, body);
}
