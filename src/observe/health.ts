// The verdict on the server's own health, as JSON for probes. Pure. What a probe without a key may know is one word;
// who has a key sees the providers too.

/** One provider, as a person who looks for a fault wants to see it. */
export interface ProviderHealth {
  readonly id: string;
  /** False when its last health check failed. */
  readonly well: boolean;
  /** The models whose circuit breaker is open: they are asked last for the moment. Some of them, if there are many. */
  readonly open: readonly string[];
}

export interface HealthFacts {
  readonly version: string;
  readonly uptimeMs: number;
  /** No new work is taken: the server is about to stop. */
  readonly isDraining: boolean;
}

export interface Verdict {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Whether the process answers at all; it is asked to learn whether to start another in its place. */
export function liveness(): Verdict {
  return { status: 200, body: { status: 'ok' } };
}

/** Whether it takes work. */
export function readiness({ isDraining }: HealthFacts): Verdict {
  return isDraining ? { status: 503, body: { status: 'draining' } } : { status: 200, body: { status: 'ready' } };
}

/** Everything at a glance; `providers` only for those who may know. */
export function health(facts: HealthFacts, providers?: readonly ProviderHealth[]): Verdict {
  const { status, body } = readiness(facts);
  const glance = {
    status: status === 200 ? 'ok' : body['status'],
    version: facts.version,
    uptime_s: Math.floor(facts.uptimeMs / 1000),
  };
  return { status, body: providers === undefined ? glance : { ...glance, providers } };
}
