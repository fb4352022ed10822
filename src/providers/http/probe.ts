// One connection taken apart: what its name resolves to, which address answers, what the proxy and the certificate
// say, and how long each takes. Dials by the same way as every request, and sends none; it only watches. For
// people who ask why a provider cannot be reached.

import type { LookupFunction, Socket } from 'node:net';
import { builtin } from '../../core/builtin.ts';
import type { Clock } from '../../core/clock.ts';
import type { Cancel } from '../../core/context.ts';
import type { Fault } from '../../core/fault.ts';
import { shownBy } from './way/certificate.ts';
import type { Certificate } from './way/certificate.ts';
import { destinationOf } from './way/destination.ts';
import type { Line, LineEvents } from './way/dial.ts';
import { connectTimeout, networkFault } from './way/network-fault.ts';
import { TlsContexts } from './way/contexts.ts';
import { proxyFor } from './way/proxy.ts';
import type { Proxy } from './way/proxy.ts';
import type { Route } from './way/route.ts';
import { wayTo } from './way/way.ts';
import type { Way } from './way/way.ts';

export type LayerName = 'dns' | 'tcp' | 'proxy' | 'tls';

/** One layer of a connection; the members after `fault` as far as it came to them. */
export interface Layer {
  readonly name: LayerName;
  readonly ms: number;
  /** Absent where it held. */
  readonly fault?: Fault;
  /** `dns`: what the name stands for. */
  readonly addresses?: readonly string[];
  /** `tcp`: address and port, or the path of the socket, that answered. */
  readonly peer?: string;
  /** `tcp`: addresses that were tried in vain, and why: `::1 (ECONNREFUSED)`. */
  readonly missed?: readonly string[];
  /** The one it goes by: host and port, the setting it came from, and whether it opens a tunnel or is handed requests. */
  readonly proxy?: Pick<Proxy, 'where' | 'setting'> & { readonly isTunnel: boolean };
  /** `tls`: such as `TLSv1.3`. */
  readonly protocol?: string;
  readonly certificate?: Certificate;
}

export interface ProbeOptions {
  readonly route: Route;
  readonly clock: Clock;
  /** Most milliseconds for all layers together. */
  readonly connectMs: number;
  readonly cancel: Cancel;
  /** Name resolution; the system's unless given. */
  readonly lookup?: LookupFunction;
  /** A layer begins. */
  readonly onLayer?: (name: LayerName) => void;
}

/**
 * The layers of a connection to `url`, in order, up to the first that fails; one that needs none of them has fewer.
 * Rejects with Fault CONFIG for settings that cannot be used, and with nothing else.
 */
export async function probeConnection(url: string, options: ProbeOptions): Promise<readonly Layer[]> {
  const { route } = options;
  const destination = destinationOf(url);
  const proxy = proxyFor(destination, route);
  const way = wayTo(destination, route, new TlsContexts(route));
  const { host } = proxy ?? destination;
  const isName = route.socketPath === undefined && builtin('node:net').isIP(host) === 0;
  const names: LayerName[] = isName ? ['dns', 'tcp'] : ['tcp'];
  if (proxy !== undefined) names.push('proxy');
  if (destination.secure) names.push('tls');
  return new Promise((resolve) => {
    new Probe(
      { way, names, proxy, socketPath: route.socketPath, isSecure: destination.secure },
      options,
      resolve,
    ).start();
  });
}

interface Plan {
  readonly way: Way;
  /** What is to be seen, in order. */
  readonly names: LayerName[];
  readonly proxy: Proxy | undefined;
  readonly socketPath: string | undefined;
  readonly isSecure: boolean;
}

type Facts = Omit<Layer, 'name' | 'ms'>;

class Probe implements LineEvents {
  readonly #plan: Plan;
  readonly #options: ProbeOptions;
  readonly #done: (layers: readonly Layer[]) => void;
  readonly #layers: Layer[] = [];
  readonly #addresses: string[] = [];
  readonly #missed: string[] = [];
  #since = 0;
  #line: Line | undefined;
  #sockets = 0;
  #tls: Pick<Layer, 'protocol' | 'certificate'> = {};
  #error: Error | undefined;
  #isOver = false;
  #stopClock = (): void => {};
  #withdraw = (): void => {};

  constructor(plan: Plan, options: ProbeOptions, done: (layers: readonly Layer[]) => void) {
    this.#plan = plan;
    this.#options = options;
    this.#done = done;
  }

  start(): void {
    const { clock, connectMs, cancel, lookup } = this.#options;
    const { way } = this.#plan;
    this.#begin();
    this.#stopClock = clock.after(connectMs, () => this.#fail(connectTimeout(way.where, connectMs)));
    this.#line = way.open(this, { lookup, session: undefined, onSocket: (socket) => this.#watch(socket) });
    this.#withdraw = cancel.onCancel((reason) => this.#fail(reason));
  }

  onOpen(): void {
    while (!this.#isOver) this.#hold(this.#factsOf(this.#name));
  }

  /** Nobody was asked anything. */
  onRead(): boolean {
    return true;
  }

  onSession(): void {}

  onError(error: Error): void {
    this.#error = error;
  }

  onClosed(): void {
    this.#fail(networkFault(this.#error, this.#plan.way.where));
  }

  get #name(): LayerName {
    return this.#plan.names[this.#layers.length] ?? 'tcp';
  }

  #begin(): void {
    this.#since = this.#options.clock.now();
    this.#options.onLayer?.(this.#name);
  }

  #watch(socket: Socket): void {
    const isFirst = this.#sockets++ === 0;
    const { proxy, isSecure } = this.#plan;
    if (isFirst) this.#watchDialling(socket);
    // Through the proxy: it has agreed.
    else this.#hold(this.#factsOf('proxy'));
    if (isSecure && (proxy === undefined || !isFirst)) this.#watchSecuring(socket);
  }

  #watchDialling(socket: Socket): void {
    socket.on('lookup', (error: Error | null, address: string) => {
      if (error === null && address !== undefined) this.#addresses.push(address);
    });
    socket.on('connectionAttempt', () => {
      if (this.#name === 'dns') this.#hold(this.#factsOf('dns'));
    });
    socket.on('connectionAttemptFailed', (address: string, _port: number, _family: number, error: Error) => {
      this.#missed.push(`${address} (${'code' in error ? String(error.code) : error.message})`);
    });
    socket.on('connectionAttemptTimeout', (address: string) => this.#missed.push(`${address} (no answer)`));
    socket.once('connect', () => {
      if (this.#name === 'dns') this.#hold(this.#factsOf('dns'));
      const { remoteAddress = '', remotePort = 0 } = socket;
      const address = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
      this.#hold({ ...this.#factsOf('tcp'), peer: this.#plan.socketPath ?? `${address}:${remotePort}` });
    });
  }

  /**
   * `secure` comes before the certificate is judged. Later is too late: a connection that was refused tells nothing
   * any more, and Node 20 dies of the question.
   */
  #watchSecuring(socket: Socket): void {
    socket.prependListener('secure', () => (this.#tls = shownBy(socket)));
  }

  #factsOf(name: LayerName): Facts {
    const { proxy, isSecure } = this.#plan;
    if (name === 'tls') return this.#tls;
    return {
      ...(name === 'dns' ? { addresses: [...new Set(this.#addresses)] } : {}),
      ...(name === 'tcp' ? { missed: [...this.#missed] } : {}),
      ...(proxy === undefined ? {} : { proxy: { where: proxy.where, setting: proxy.setting, isTunnel: isSecure } }),
    };
  }

  /** The layer at hand held. */
  #hold(facts: Facts): void {
    if (this.#isOver) return;
    this.#add(facts);
    if (this.#layers.length < this.#plan.names.length) this.#begin();
    else this.#finish();
  }

  #fail(fault: Fault): void {
    if (this.#isOver) return;
    this.#add({ ...this.#factsOf(this.#name), fault });
    this.#finish();
  }

  #add(facts: Facts): void {
    this.#layers.push({ name: this.#name, ms: this.#options.clock.now() - this.#since, ...facts });
  }

  #finish(): void {
    this.#isOver = true;
    this.#stopClock();
    this.#withdraw();
    this.#line?.socket.destroy();
    this.#done(this.#layers);
  }
}
