// `/health`, `/health/live` and `/health/ready`: for probes, which have no key and know no name of ours. What only
// those with a key may see is shown to nobody whom the guard would not let by: where no key is asked for, it is what
// keeps foreign pages out.

import { soonAfter } from '../../core/store.ts';
import type { Soon } from '../../core/store.ts';
import { health, liveness, readiness } from '../../observe/health.ts';
import type { HealthDetail, HealthFacts, Verdict } from '../../observe/health.ts';
import type { Face } from '../../transports/http/faces.ts';
import type { Exchange } from '../../wire/exchange.ts';

export interface HealthOptions {
  readonly facts: () => HealthFacts;
  readonly detail: () => HealthDetail;
  /** Whether who asks may see more than that the server is well. */
  readonly isKnown: (exchange: Exchange) => Soon<boolean>;
}

export function healthFaces({ facts, detail, isKnown }: HealthOptions): readonly Face[] {
  const face = (path: string, verdict: (exchange: Exchange) => Soon<Verdict>): Face => ({
    path,
    methods: ['GET', 'HEAD'],
    isOpen: true,
    serve: (exchange) => soonAfter(verdict(exchange), (found) => answer(exchange, found)),
  });
  return [
    face('/health', (exchange) =>
      soonAfter(isKnown(exchange), (known) => (known ? health(facts(), detail()) : health(facts()))),
    ),
    face('/health/live', liveness),
    face('/health/ready', () => readiness(facts())),
  ];
}

function answer(exchange: Exchange, { status, body }: Verdict): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  exchange.reply(status, headers, `${JSON.stringify(body)}\n`);
}
