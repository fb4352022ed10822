// One question for the list of models, sent as a call would send it, with what came back besides the list: status,
// a few headers, and how long the answer took.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import { wholeReply } from '../../providers/attempt/whole-reply.ts';
import type { ModelInfo } from '../../providers/chat.ts';
import type { Ask, ModelPage } from '../../providers/dialect.ts';
import type { Fetch, FetchResponse } from '../../providers/fetch.ts';
import { allPages } from '../lists/model-list.ts';
import { contextOf, sendingOf } from './request.ts';
import type { Exam } from './subject.ts';

/** For all pages together. */
const LIST_MS = 15_000;

export interface Listed {
  /** 0 where no answer came. */
  readonly status: number;
  readonly headers: FetchResponse['headers'] | undefined;
  /** To the head of the first answer, or until there was none. */
  readonly headMs: number;
  /** Absent where there is a fault. */
  readonly models: readonly ModelInfo[];
  readonly fault?: Fault;
}

export interface Where {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** Never rejects. */
export async function askForList(exam: Exam, where: Where, limitMs: number = LIST_MS): Promise<Listed> {
  const { settings, dialect, fetch } = exam.subject.parts;
  const { clock, secrets } = exam.tools;
  const ctx = contextOf(exam, limitMs);
  const seen = new Seen(clock);
  const upstream = { dialect, fetch: seen.watch(fetch), clock, secrets };
  const clocks = { connectMs: Math.min(limitMs, settings.timeout.connectMs), firstTokenMs: limitMs, idleMs: limitMs };
  const { deadline } = ctx;
  const about = { ctx, provider: settings.id, model: '', clocks, deadline, number: 1, facts: { status: 0 } };
  const pageOf = async (page: string | undefined): Promise<ModelPage> => {
    const ask: Ask = { op: 'models', ...present({ page }) };
    const send = { ...about, ask, sending: sendingOf(ask, exam, where) };
    return wholeReply(upstream, send, (body) => dialect.decodeModels(body, settings.id));
  };
  const result = await allPages(pageOf).then(
    (models) => ({ models }),
    (thrown: unknown) => ({ models: [], fault: seen.told(Fault.from(thrown), limitMs) }),
  );
  return { status: seen.head?.status ?? 0, headers: seen.head?.headers, headMs: seen.headMs, ...result };
}

/** What is to be seen of a question besides its answer. */
class Seen {
  head: FetchResponse | undefined;
  readonly #clock: Clock;
  readonly #since: number;
  #headAt: number | undefined;
  #isConnected = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  get headMs(): number {
    return (this.#headAt ?? this.#clock.now()) - this.#since;
  }

  watch(fetch: Fetch): Fetch {
    return async (url, request) => {
      const onConnected = (): void => {
        this.#isConnected = true;
        request.onConnected?.();
      };
      const response = await fetch(url, { ...request, onConnected });
      this.head ??= response;
      this.#headAt ??= this.#clock.now();
      return response;
    };
  }

  /** A clock that ran out while a list was waited for speaks of tokens otherwise. */
  told(fault: Fault, limitMs: number): Fault {
    return fault.kind === 'TIMEOUT' && this.#isConnected ? silent(limitMs, this.head !== undefined) : fault;
  }
}

function silent(limitMs: number, hasBegun: boolean): Fault {
  const what = hasBegun ? 'The answer was not complete' : 'The server took the request and did not answer';
  return new Fault('TIMEOUT', `${what} within ${limitMs / 1000} s.`, {
    data: {
      next: 'Check that API_BASE_URL leads to the API and not to something else, and that the server is not overloaded.',
    },
  });
}
