// A model whose answers a test plays by hand, event by event, behind the cache.

import type { CancelSource } from '../../../../src/core/context.ts';
import type { Store } from '../../../../src/core/store.ts';
import type { Fault } from '../../../../src/core/fault.ts';
import type { ChatEvent, ChatModel, ChatRequest, Commit, Hear, ModelContext } from '../../../../src/providers/chat.ts';
import { MemoryStore } from '../../../../src/resilience/memory-store.ts';
import { cached } from '../../../../src/routing/cache/cached.ts';
import type { CacheOptions } from '../../../../src/routing/cache/cached.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { scripted } from '../../../support/models.ts';

/** One call that reached the upstream. */
export interface Upstream {
  readonly request: ChatRequest;
  readonly ctx: ModelContext;
  say(...events: readonly ChatEvent[]): void | Promise<void>;
  finish(reason?: string): void;
  fail(fault: Fault): void;
}

/** A call through the cache, and what it heard. */
export interface Asked {
  readonly ctx: ModelContext & { readonly cancel: CancelSource; readonly phases: string[] };
  readonly heard: ChatEvent[];
  /** Everything that was said to it, restarts heeded. */
  readonly text: string;
  /** Settles with `ok`, or with the kind of the fault. */
  readonly outcome: Promise<string>;
}

export interface How {
  readonly hear?: Hear;
  readonly limitMs?: number;
  readonly client?: string;
  readonly commit?: Commit;
}

export interface Stage {
  readonly clock: FakeClock;
  readonly upstreams: Upstream[];
  ask(more?: Partial<ChatRequest>, how?: How): Asked;
}

export const text = (said: string): ChatEvent => ({ type: 'text', text: said });

export function stage(more: Partial<CacheOptions> & { readonly store?: Store } = {}): Stage {
  const clock = new FakeClock();
  const upstreams: Upstream[] = [];
  const chat: ChatModel = (request, ctx, hear) => played(upstreams, clock, { request, ctx, hear });
  const options: CacheOptions = {
    store: new MemoryStore(clock, { maxEntries: 100, maxBytes: 1_000_000 }),
    clock,
    enabled: true,
    ttlMs: 300_000,
    shared: false,
    targetsOf: (model) => (model === 'unknown' ? undefined : [{ provider: 'corp', model, credentials: 'c' }]),
    ...more,
  };
  const models = cached(options)({ ...scripted({}).models, chat });
  return { clock, upstreams, ask: (request, how) => asked(models.chat, clock, request, how) };
}

function asked(
  chat: ChatModel,
  clock: FakeClock,
  more: Partial<ChatRequest> = {},
  { hear, limitMs, client, commit }: How = {},
): Asked {
  const base = testContext(clock, limitMs, commit);
  const ctx = client === undefined ? base : { ...base, client };
  const heard: ChatEvent[] = [];
  const listen: Hear = (events) => {
    heard.push(...events);
    return hear?.(events);
  };
  const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }], temperature: 0, ...more };
  const outcome = chat(request, ctx, listen).then(
    () => 'ok',
    (thrown: { kind: string }) => thrown.kind,
  );
  return {
    ctx,
    heard,
    outcome,
    get text() {
      return textOf(heard);
    },
  };
}

export function textOf(events: readonly ChatEvent[]): string {
  let said = '';
  for (const event of events) {
    if (event.type === 'restart') said = '';
    else if (event.type === 'text') said += event.text;
  }
  return said;
}

function played(
  upstreams: Upstream[],
  clock: FakeClock,
  { request, ctx, hear }: { request: ChatRequest; ctx: ModelContext; hear: Hear },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Fault['kind']): void => {
      ctx.served.provider = 'corp';
      ctx.served.model = 'gpt';
      const attempt = { provider: 'corp', model: 'gpt', status: 200, ms: clock.now() };
      ctx.served.attempts.push(error === undefined ? attempt : { ...attempt, error });
    };
    const fail = (fault: Fault): void => (settle(fault.kind), reject(fault));
    upstreams.push({
      request,
      ctx,
      say: (...events) => hear(events),
      finish(reason = 'stop') {
        const said = hear([{ type: 'finish', reason }]);
        settle();
        if (said === undefined) resolve();
        else void said.then(resolve);
      },
      fail,
    });
    ctx.cancel.onCancel(fail);
  });
}

/** Lets promises that can settle do so. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
