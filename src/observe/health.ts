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

/** Which configuration is in force, and what came of attempts to go by another. */
export interface ReloadFacts {
  /** In milliseconds since the epoch. */
  readonly loadedAt: number;
  readonly failed: number;
  /** Present while what is in force is not what the file says. */
  readonly lastFault?: { readonly problems: readonly string[] };
}

/** What only those see who may know. */
export interface HealthDetail {
  readonly providers: readonly ProviderHealth[];
  readonly reloads: ReloadFacts;
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

/** Everything at a glance; the detail only for those who may know. */
export function health(facts: HealthFacts, detail?: HealthDetail): Verdict {
  const { status, body } = readiness(facts);
  const glance = {
    status: status === 200 ? 'ok' : body['status'],
    version: facts.version,
    uptime_s: Math.floor(facts.uptimeMs / 1000),
  };
  if (detail === undefined) return { status, body: glance };
  const { loadedAt, failed, lastFault } = detail.reloads;
  const configuration = {
    loaded_at: new Date(loadedAt).toISOString(),
    reloads_failed: failed,
    ...(lastFault === undefined ? {} : { problems: lastFault.problems }),
  };
  return { status, body: { ...glance, configuration, providers: detail.providers } };
}
