// Active health checks: asks each provider that has one configured, now and then, whether it answers. A provider whose
// last probe failed is asked after the others, and not left out: a probe may be wrong, and calls are what counts.

import type { Clock } from '../../core/clock.ts';
import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { silentLog } from '../../core/log.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { Attempt } from '../../providers/attempt/attempt.ts';
import type { Desk } from '../loop/desk.ts';
import { probeRequest } from './probe-request.ts';
import type { HealthCheck } from './settings.ts';

/** To be started and stopped by whoever owns the router; both may be called more than once. */
export interface Probes {
  start(): void;
  stop(): void;
}

export interface ProbesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  /** One did not end as the one before. */
  readonly probed?: () => void;
}

/** No probe may last longer; nor than its interval. */
const MAX_PROBE_MS = 10_000;

/** The interval is drawn from this share of it up to the same share above, so that instances do not probe together. */
const JITTER = 0.1;

export function createProbes(desks: Iterable<Desk>, options: ProbesOptions): Probes {
  const probes = [...desks].flatMap((desk) => {
    const { healthCheck } = desk.settings;
    return healthCheck === undefined ? [] : [new Probe(desk, healthCheck, options)];
  });
  return {
    start() {
      for (const probe of probes) probe.start();
    },
    stop() {
      for (const probe of probes) probe.stop();
    },
  };
}

class Probe {
  readonly #desk: Desk;
  readonly #check: HealthCheck;
  readonly #options: ProbesOptions;
  /** Set while it is started. */
  #running: CancelSource | undefined;
  #stopTimer = (): void => {};

  constructor(desk: Desk, check: HealthCheck, options: ProbesOptions) {
    this.#desk = desk;
    this.#check = check;
    this.#options = options;
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#running = new CancelSource();
    // The first ones are spread too: a reload starts all of them at once.
    this.#schedule(this.#running, this.#check.intervalMs * this.#options.random.draw());
  }

  stop(): void {
    const running = this.#running;
    this.#running = undefined;
    this.#stopTimer();
    running?.cancel(new Fault('cancelled', 'Health checks were stopped.'));
  }

  #schedule(running: CancelSource, ms: number): void {
    this.#stopTimer = this.#options.clock.after(ms, () => void this.#run(running));
  }

  async #run(running: CancelSource): Promise<void> {
    const why = await this.#ask(running);
    if (this.#running !== running) return;
    this.#tell(why);
    const { intervalMs } = this.#check;
    this.#schedule(running, intervalMs * (1 - JITTER + 2 * JITTER * this.#options.random.draw()));
  }

  /** Why it is unwell; undefined when it is not. Never rejects. */
  async #ask(cancel: CancelSource): Promise<string | undefined> {
    const { clock, random, log = silentLog } = this.#options;
    const { settings, upstream } = this.#desk;
    const mostMs = Math.min(MAX_PROBE_MS, this.#check.intervalMs);
    let attempt: Attempt | undefined;
    try {
      attempt = new Attempt(upstream, {
        ctx: { cancel, deadline: Infinity, log, requestId: random.id(), phase: () => {} },
        ask: { op: 'models' },
        sending: probeRequest(this.#desk, this.#check.endpoint, clock.now()),
        provider: settings.id,
        model: '',
        clocks: { connectMs: mostMs, firstTokenMs: mostMs, idleMs: mostMs },
        deadline: clock.now() + mostMs,
        number: 1,
        facts: { status: 0 },
      });
      const { status } = await attempt.open();
      attempt.drain();
      return status >= 200 && status < 300 ? undefined : `HTTP ${status}`;
    } catch (thrown) {
      return attempt === undefined ? Fault.from(thrown).message : attempt.dressed(thrown).message;
    } finally {
      await attempt?.close();
    }
  }

  #tell(why: string | undefined): void {
    const { log = silentLog } = this.#options;
    const { memory, settings } = this.#desk;
    const isUnwell = why !== undefined;
    if (isUnwell !== memory.isUnwell) {
      const fields = { provider: settings.id, endpoint: this.#check.endpoint };
      if (isUnwell) log.warn('a health check failed', { ...fields, why });
      else log.info('a health check succeeds again', fields);
    }
    const isNews = isUnwell !== memory.isUnwell;
    memory.isUnwell = isUnwell;
    if (isNews) this.#options.probed?.();
  }
}
