// Asking the client on behalf of a call, in the way of its revision: with a request of ours that it answers while the call
// waits, or with a result that says what is needed, whereupon it calls again and brings the answers. In the second way
// the call is run anew each time, with everything answered so far.
// Follows MCP 2025-11-25 client/*; 2026-07-28 basic/patterns (input required); protocol/MCP.md section 5.10.

import type { AskClient, ClientMethod, ClientRequest } from '../../catalog/asking.ts';
import { CancelSource, orCancelled } from '../../core/context.ts';
import type { Cancel } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Job } from '../../jobs/job.ts';
import type { Answers } from '../../protocol/params.ts';
import type { Peer } from '../../protocol/peer.ts';
import type { Body } from '../../protocol/shape.ts';
import type { McpContext } from '../context.ts';
import type { Purpose } from './sealed-state.ts';

/** The capability of the client that a question needs. */
const NEEDED: Readonly<Record<ClientMethod, string>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

type Requests = Readonly<Record<string, ClientRequest>>;

/** Who waits for an answer, and until when. */
export interface Waiting {
  /** The call goes on without its request: what it asks waits in the job, and goes out with a request about that. */
  readonly job: Job | undefined;
  readonly until: Cancel;
}

/** How a call that may outlive its request asks. */
export interface CallAsking extends AskClient {
  /** Absent: who asks waits as long as there is the request. */
  ask(requests: Requests, waiting?: Waiting): Promise<Readonly<Record<string, JsonObject>>>;
}

const FOR_THE_REQUEST: Waiting = { job: undefined, until: new CancelSource() };

/** Thrown by a question that the client answers by calling again. */
class InputRequired extends Error {
  readonly requests: Requests;

  constructor(requests: Requests) {
    super('The client is to be asked.');
    this.requests = requests;
  }
}

/** What a call is, to whom it may be repeated, and what it brings. */
export interface Repeatable {
  /** The tool, prompt or resource. */
  readonly of: string;
  readonly args: unknown;
  readonly answers: Answers;
}

/** Runs a call that may ask its client; its result, or the one that says what is needed. */
export async function orAsk(
  ctx: McpContext,
  call: Repeatable,
  run: (asking: CallAsking) => Promise<Body>,
): Promise<Body> {
  if (ctx.peer.revision.askClient === 'request') return run(askingByRequest(ctx));
  const { site, row } = ctx;
  const purpose: Purpose = { method: row.handler, of: call.of, args: call.args, client: site.client };
  const { inputResponses = {}, requestState } = call.answers;
  const before = requestState === undefined ? {} : site.seal.open(requestState, purpose, site.clock.wall());
  const known: JsonObject = { ...before, ...inputResponses };
  const used: JsonObject = { ...before };
  try {
    return await run(askingByResult(ctx.peer, known, used));
  } catch (thrown) {
    if (!(thrown instanceof InputRequired)) throw thrown;
    const state = site.seal.seal(used, purpose, site.clock.wall());
    return { resultType: 'input_required', inputRequests: thrown.requests, requestState: state };
  }
}

function askingByRequest({ peer, rpc, site }: McpContext): CallAsking {
  const ask = (key: string, { method, params }: ClientRequest, { job, until }: Waiting): Promise<unknown> => {
    // The folders are no call's: all of them wait for one answer, which is good for later ones too.
    if (method === 'roots/list') return site.roots.get(() => rpc.inquire(method, params), site.clock);
    if (job === undefined) return rpc.ask(method, params);
    return job.park({ [key]: { method, params } }, until).then((answers) => answers[key]);
  };
  return {
    can: (method) => canDo(peer, method),
    async ask(requests, waiting = FOR_THE_REQUEST) {
      refuseUnable(requests, peer, (needed) => cannot('INVALID_INPUT', needed));
      const results = Object.entries(requests).map(
        async ([key, request]) => [key, resultOf(await ask(key, request, waiting))] as const,
      );
      return Object.fromEntries(await orCancelled(Promise.all(results), waiting.until));
    },
  };
}

/** `used` gathers the answers that were asked for: only those are carried on. */
function askingByResult(peer: Peer, known: JsonObject, used: JsonObject): CallAsking {
  return {
    can: (method) => canDo(peer, method),
    ask(requests, { job, until } = FOR_THE_REQUEST) {
      refuseUnable(requests, peer, (needed) => cannot('missing-capability', needed));
      if (job !== undefined) return job.park(requests, until);
      const results: Record<string, JsonObject> = {};
      for (const key of Object.keys(requests)) {
        const answer = Object.hasOwn(known, key) ? known[key] : undefined;
        if (!isAnswer(answer)) continue;
        used[key] = answer;
        results[key] = answer;
      }
      const open = Object.entries(requests).filter(([key]) => results[key] === undefined);
      return open.length === 0 ? Promise.resolve(results) : Promise.reject(new InputRequired(Object.fromEntries(open)));
    },
  };
}

function canDo({ capabilities }: Peer, method: ClientMethod): boolean {
  return isObject(capabilities[NEEDED[method]]);
}

function refuseUnable(requests: Requests, peer: Peer, fault: (needed: readonly string[]) => Fault): void {
  const missing = Object.values(requests).filter(({ method }) => !canDo(peer, method));
  if (missing.length > 0) throw fault([...new Set(missing.map(({ method }) => NEEDED[method]))]);
}

function cannot(kind: 'missing-capability' | 'INVALID_INPUT', needed: readonly string[]): Fault {
  const requiredCapabilities = Object.fromEntries(needed.map((name) => [name, {}]));
  const message = `This needs a client that can be asked for ${needed.join(' and ')}, which this one does not say it can.`;
  return new Fault(kind, message, { data: { wire: { requiredCapabilities } } });
}

/** The client's result, as long as it is one. */
export function resultOf(result: unknown): JsonObject {
  if (isAnswer(result)) return result;
  throw new Fault('INVALID_INPUT', 'The client answered what it was asked with something that is no object.');
}

/** What came off the wire was parsed from JSON. */
function isAnswer(value: unknown): value is JsonObject {
  return isObject(value);
}
