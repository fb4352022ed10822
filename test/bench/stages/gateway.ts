// Our `/v1` beside the upstream it relays: what a call through it adds to the same call made directly, whole and as a
// stream to its first and to its last byte; and how much of the upstream's own pace a long stream keeps.

import { Agent, request } from 'node:http';
import { interleave } from '../rounds.ts';
import type { Bench, Measures } from '../rounds.ts';
import { serve } from '../served.ts';
import type { Subject } from '../subjects.ts';
import { median } from '../stats.ts';

const PAIRS = 200;
const WARM_UP = 1500;
const KEY = 'key-of-the-bench-alone';

interface Took {
  readonly firstMs: number;
  readonly wholeMs: number;
}

type Ask = (model: string, stream: boolean) => Promise<Took>;

export async function gateway(bench: Bench): Promise<void> {
  const { ours, oursPlain } = bench.subjects;
  for (const subject of [ours, oursPlain]) {
    const served = await serve(subject, serving(bench.upstream.baseUrl));
    try {
      await measure(bench, subject, { relayed: asking(`${served.url}/v1`), direct: asking(bench.upstream.baseUrl) });
    } finally {
      await served.close();
    }
  }
}

interface Ways {
  readonly relayed: Ask;
  readonly direct: Ask;
}

async function measure(bench: Bench, { name }: Subject, { relayed, direct }: Ways): Promise<void> {
  for (let i = 0; i < WARM_UP; i++) await relayed('m', i % 2 === 0);
  const subjects = [{ name }];
  const visit = async (): Promise<Measures> => {
    const whole = await added({ relayed, direct }, 'm', false);
    const streamed = await added({ relayed, direct }, 'm', true);
    const long = 'm;chunks=20000;size=16';
    const own = await direct(long, true);
    const through = await relayed(long, true);
    return {
      '/v1 added p50 ms': whole.wholeMs,
      '/v1 stream added p50 ms': streamed.wholeMs,
      '/v1 first byte added p50 ms': streamed.firstMs,
      '/v1 of the pace': own.wholeMs / through.wholeMs,
    };
  };
  await interleave(bench, { what: 'the /v1 relay', rounds: bench.rounds, subjects, visit });
}

/** Each call beside a direct one: the difference of a pair is what we add. */
async function added({ relayed, direct }: Ways, model: string, stream: boolean): Promise<Took> {
  const first: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const own = await direct(model, stream);
    const through = await relayed(model, stream);
    first.push(through.firstMs - own.firstMs);
    whole.push(through.wholeMs - own.wholeMs);
  }
  return { firstMs: median(first), wholeMs: median(whole) };
}

function serving(baseUrl: string): Readonly<Record<string, string>> {
  return {
    MCP_TRANSPORT: 'http',
    PORT: '0',
    MCP_API_KEY: KEY,
    API_BASE_URL: baseUrl,
    API_KEY: 'bench',
    DEFAULT_MODEL: 'm',
  };
}

/** Calls over one kept connection, each read to its end. */
function asking(baseUrl: string): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (model, stream) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Say something short.' }] });
      const headers = {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      const begun = performance.now();
      const sent = request(`${baseUrl}/chat/completions`, { agent, method: 'POST', headers }, (response) => {
        let firstMs: number | undefined;
        response.on('data', () => (firstMs ??= performance.now() - begun));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200 || firstMs === undefined) reject(new Error(`status ${response.statusCode}`));
          else resolve({ firstMs, wholeMs: performance.now() - begun });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
}
