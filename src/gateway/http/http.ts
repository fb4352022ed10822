// The HTTP server of a gateway: puts the carrier, the guard, who may in, and what is served at which path together, and
// ends them in order. What is served, and who may in, it is handed.

import { readTextFile } from '../../config/files.ts';
import { watchFiles } from '../../config/reload/watch.ts';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import { soonAfter } from '../../core/store.ts';
import type { ProviderHealth, ReloadFacts } from '../../observe/health.ts';
import { FaceTable } from '../../transports/http/faces.ts';
import type { Face } from '../../transports/http/faces.ts';
import { createGuard } from '../../transports/http/guard.ts';
import type { Guard } from '../../transports/http/guard.ts';
import { LIMITS } from '../../transports/http/limits.ts';
import type { Limits } from '../../transports/http/limits.ts';
import { openCarrier } from '../../transports/http/node-http.ts';
import type { Carrier, TlsPair } from '../../transports/http/node-http.ts';
import { createReceive } from '../../transports/http/receive.ts';
import type { Authenticate } from '../../transports/http/receive.ts';
import { healthFaces } from './health-faces.ts';

/** Absolute paths of PEM files. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly allowedOrigins?: readonly string[];
  readonly allowedHosts?: readonly string[];
  readonly tls?: TlsFiles;
  readonly authenticate: Authenticate;
  /** What `/health` tells. */
  readonly health: {
    readonly version: string;
    readonly providers: () => readonly ProviderHealth[];
    readonly reloads: () => ReloadFacts;
  };
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Limits;
}

/** A server that listens. */
export interface HttpServing {
  /** Where it is reached, as far as it knows: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
  /** Settles when it listens no more and every connection has ended; never rejects. */
  readonly done: Promise<void>;
  /** Takes no new connection, ends streams that end by nothing else, and cuts what is left after `graceMs`. Once only. */
  drain(graceMs: number): void;
  /** Ends everything at once. */
  stop(): void;
}

/** Rejects with a Fault that says what to change when it cannot listen. */
export async function serveHttp(served: readonly Face[], options: HttpOptions): Promise<HttpServing> {
  const { host, port, tls, clock, log, limits = LIMITS, authenticate, allowedOrigins, allowedHosts } = options;
  const guard = createGuard({ host, ...present({ origins: allowedOrigins, hosts: allowedHosts }) });
  const state = { isDraining: false };
  const faces = [...ownFaces(options, guard, state), ...served];
  const receive = createReceive({ table: new FaceTable(faces), guard, authenticate, log });
  const pair = tls === undefined ? undefined : readPair(tls);
  const carrier = await openCarrier({ host, port, limits, receive, clock, log, ...present({ tls: pair }) });
  const unwatch = tls === undefined ? undefined : followFiles(tls, carrier, options);
  void carrier.closed.then(() => unwatch?.());
  const stop = (): void => carrier.stop();
  return {
    url: urlOf(tls === undefined ? 'http' : 'https', host, carrier.port),
    port: carrier.port,
    done: carrier.closed,
    drain(graceMs) {
      state.isDraining = true;
      carrier.drain();
      for (const face of faces) face.drain?.();
      const callOff = clock.after(graceMs, stop);
      void carrier.closed.then(callOff);
    },
    stop,
  };
}

function ownFaces(
  { authenticate, clock, health: { version, providers, reloads } }: HttpOptions,
  guard: Guard,
  state: { readonly isDraining: boolean },
): readonly Face[] {
  const start = clock.now();
  return healthFaces({
    facts: () => ({ version, uptimeMs: clock.now() - start, isDraining: state.isDraining }),
    detail: () => ({ providers: providers(), reloads: reloads() }),
    isKnown(exchange) {
      if (guard.problem(exchange.header('host'), exchange.header('origin')) !== undefined) return false;
      return soonAfter(
        authenticate((name) => exchange.header(name), exchange),
        (admission) => 'caller' in admission,
      );
    },
  });
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Throws `CONFIG`; the carrier finds out whether the two fit together. */
function readPair({ cert, key }: TlsFiles): TlsPair {
  const [certText, keyText] = [cert, key].map((path) => {
    const read = readTextFile(path);
    if ('problem' in read) throw new Fault('CONFIG', `${path} ${read.problem}.`);
    return read.value;
  });
  return { cert: certText ?? '', key: keyText ?? '' };
}

/** Certificates are renewed while the server runs; a pair that is half written, or does not fit, changes nothing. */
function followFiles(tls: TlsFiles, carrier: Carrier, { clock, log }: HttpOptions): () => void {
  const renew = (): void => {
    try {
      carrier.renew(readPair(tls));
      log.info('the TLS certificate was read again');
    } catch (thrown) {
      log.error('the TLS certificate cannot be used; the last good one stays', { why: Fault.from(thrown).message });
    }
  };
  return watchFiles({ files: () => [tls.cert, tls.key], clock, onChange: renew });
}
