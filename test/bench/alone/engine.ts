// Takes the place of src/gateway/engine.ts in the subject `engine alone`: a call goes straight to one attempt at one provider,
// and tells who served it, as the shipped one does. No names, no order of targets, no retries, lessons, breakers or
// keys, no limits, no prices, no batches, no cache: what the shipped program takes more than this is what all of them
// cost where they have nothing to do.

import assert from 'node:assert/strict';
import { providersOf } from '../../../src/config/providers/served.ts';
import type { Config } from '../../../src/config/config.ts';
import type { Engine, EngineParts } from '../../../src/gateway/engine.ts';
import { streamAnswer } from '../../../src/providers/attempt/stream-answer.ts';
import type { Upstream } from '../../../src/providers/attempt/attempt.ts';
import type { ChatModel } from '../../../src/providers/chat.ts';
import type { Endpoint, Lessons } from '../../../src/providers/dialect.ts';
import { openai } from '../../../src/providers/dialects/openai.ts';
import { pooledFetch } from '../../../src/providers/http/pooled-fetch.ts';

const NO_LESSONS: Lessons = { drop: new Set(), rename: new Map(), values: new Map(), habits: new Set() };

export function createEngine(
  config: Config,
  { clock, secrets, routes }: EngineParts,
): Pick<Engine, 'models' | 'start' | 'close'> {
  const [provider] = providersOf(config);
  assert.ok(provider !== undefined, 'no provider is configured');
  const { id, type, baseUrl, headers, query, timeout, capabilities } = provider;
  const fetch = pooledFetch({ clock, route: routes?.get(id) ?? {} });
  const upstream: Upstream = { dialect: openai, fetch, clock, secrets };
  const endpoint: Endpoint = { provider: id, type, baseUrl, apiKey: provider.apiKeys()[0] ?? '', headers, query };
  const { connectMs, idleMs, firstTokenMs = Infinity } = timeout;
  const chat: ChatModel = async (request, ctx, hear) => {
    const ask = { op: 'chat', request, stream: capabilities.streaming !== false } as const;
    const sending = openai.encode(ask, endpoint, NO_LESSONS);
    const { model } = request;
    const clocks = { connectMs, idleMs, firstTokenMs };
    const begunAt = clock.now();
    const facts = { status: 0 };
    const send = { ctx, ask, sending, provider: id, model, clocks, deadline: ctx.deadline, number: 1, facts };
    await streamAnswer(upstream, send, hear);
    ctx.served.provider = id;
    ctx.served.attempts.push({ provider: id, model, status: facts.status, ms: Math.round(clock.now() - begunAt) });
  };
  const notHere = (): Promise<never> => Promise.reject(new Error('The engine alone only chats.'));
  return {
    models: { chat, complete: notHere, embed: notHere, list: notHere },
    start() {},
    async close() {
      fetch.close();
    },
  };
}
