// What stands between a call and its upstream: the CPU that routing, limits and cache add where they have nothing to do,
// how soon another upstream takes over from one that is cut in its answer, and what an answer out of the cache costs.

import type { ChatModel, ChatRequest } from '../../../src/providers/chat.ts';
import { MemoryStore } from '../../../src/resilience/memory-store.ts';
import { cached } from '../../../src/routing/cache/cached.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import { scripted } from '../../support/models.ts';
import type { Bench, Measures, Talker } from '../rounds.ts';
import { interleave, interleaveTalkers } from '../rounds.ts';
import { median } from '../stats.ts';
import { closedLoop, warmUp } from './calls.ts';

const WIDTHS = [16, 64];
const FAILOVERS = 20;
const HITS = 2000;
const SIZES = [100, 20_000];
const WORDS = 'The same words, "over" and over.\n';

export async function routing(bench: Bench): Promise<void> {
  const { ours, alone, oursPlain, oursRouted } = bench.subjects;
  const { rounds } = bench;
  await interleaveTalkers(bench, [alone, oursPlain, oursRouted], (subjects) => [
    { what: 'warming up', rounds: 0, subjects, visit: warmUp },
    ...WIDTHS.map((width) => ({
      what: `engine, ${width} in flight`,
      rounds,
      subjects,
      visit: async (talker: Talker) => {
        const { [`call CPU µs ${width}`]: cpu = Number.NaN } = await closedLoop(talker, width);
        return { [`engine CPU µs ${width}`]: cpu };
      },
    })),
    { what: 'failover', rounds, subjects: subjects.filter(({ name }) => name === oursRouted.name), visit: failover },
  ]);
  for (const size of SIZES)
    await interleave(bench, { what: `cache hits of ${size}`, rounds, subjects: [ours], visit: () => cacheHits(size) });
}

/** The cut says when it was; all processes share that clock. */
async function failover({ client }: Talker): Promise<Measures> {
  const delays: number[] = [];
  for (let i = 0; i < FAILOVERS; i++) delays.push(await takeoverMs(client));
  return { 'failover ms': median(delays) };
}

async function takeoverMs(client: Talker['client']): Promise<number> {
  let cutAt: bigint | undefined;
  let hasRestarted = false;
  let tookMs = Number.NaN;
  client.onNotice = (line) => {
    const seen = process.hrtime.bigint();
    const [, text] = /"message":"((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
    if (line.includes('"restart"')) hasRestarted = true;
    else if (text !== undefined && hasRestarted && cutAt !== undefined && Number.isNaN(tookMs))
      tookMs = Number(seen - cutAt) / 1e6;
    else if (text !== undefined && !hasRestarted) cutAt = BigInt(/(\d{9,})$/.exec(text)?.[1] ?? cutAt ?? 0);
  };
  await client.chat('failover', true);
  client.onNotice = undefined;
  return tookMs;
}

/** In this process: beside the work of the protocol the cache's own would not be seen. */
async function cacheHits(size: number): Promise<Measures> {
  const clock = new FakeClock();
  const text = WORDS.repeat(Math.ceil(size / WORDS.length)).slice(0, size);
  const answer: ChatModel = async (_request, _ctx, hear) => {
    await hear([
      { type: 'text', text },
      { type: 'usage', usage: { inputTokens: size, outputTokens: size } },
      { type: 'finish', reason: 'stop' },
    ]);
  };
  const layer = cached({
    store: new MemoryStore(clock, { maxEntries: 1000, maxBytes: 1_000_000 }),
    clock,
    enabled: true,
    ttlMs: 300_000,
    shared: false,
    targetsOf: (model) => [{ provider: 'main', model, credentials: 'c'.repeat(64) }],
  });
  const { chat } = layer({ ...scripted({}).models, chat: answer });
  const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: text }], temperature: 0 };
  const ctx = testContext(clock);
  let heard = 0;
  const ask = (): Promise<void> => chat(request, ctx, (events) => void (heard += events.length));
  await ask();
  const begun = process.cpuUsage();
  for (let i = 0; i < HITS; i++) await ask();
  const { user, system } = process.cpuUsage(begun);
  if (heard !== (HITS + 1) * 3 || ctx.served.cached !== true) throw new Error('the cache has not answered');
  return { [`cache hit µs ${size}`]: (user + system) / HITS };
}
