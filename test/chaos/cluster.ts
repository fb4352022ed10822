// Three servers on loopback that speak the OpenAI wire and fail as the seed says: what a request meets depends on its
// question and on how often that was asked before, so a run can be had again whatever the timing. Now and then one of
// them is gone for a moment. Written on sockets, because most of what it does is no HTTP.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { isObject, parseJson } from '../../src/core/json.ts';
import { portOf } from '../support/loopback.ts';
import { integer, oneOf } from '../support/property.ts';
import { cutRequest } from '../support/upstream.ts';
import type { UpstreamRequest } from '../support/upstream.ts';
import { WELL } from './answer-bytes.ts';
import type { Scene } from './answer-bytes.ts';
import { MISHAPS } from './mishaps.ts';
import type { Mishap } from './mishaps.ts';
import { play } from './play.ts';
import { drawFor, numberIn, questionOf } from './question.ts';

export const TARGETS = ['a', 'b', 'c'] as const;
export type TargetName = (typeof TARGETS)[number];

/** One request as it arrived, and what was done with it. */
export interface Sent {
  readonly target: TargetName;
  /** Absent: it was answered well. */
  readonly mishap: Mishap | undefined;
  readonly at: number;
  /** How the request itself was not what was asked for. */
  readonly complaint: string | undefined;
}

/** A time in which nothing listened at a target's port. */
export interface Outage {
  readonly target: TargetName;
  /** Connections in use were reset too. */
  readonly isHard: boolean;
  readonly from: number;
  until: number;
}

/** Questions that only one target has something against; the rest may fail anywhere. */
const ONE_SICK_SHARE = 0.7;
const SICK_SHARE = 0.9;
const ANYWHERE_SHARE = 0.6;
/** One in so many questions takes a target away. */
const OUTAGE_EVERY = 250;
const LONGEST_OUTAGE_MS = 80;

export class Cluster {
  readonly seed: number;
  readonly #servers = new Map<TargetName, Server>();
  readonly #ports = new Map<TargetName, number>();
  readonly #sockets = new Map<TargetName, Set<Socket>>();
  readonly #sent = new Map<number, Sent[]>();
  readonly outages: Outage[] = [];
  /** Sockets with a request that is not answered yet. */
  readonly #busy = new Set<Socket>();

  private constructor(seed: number) {
    this.seed = seed;
  }

  static async open(seed: number): Promise<Cluster> {
    const cluster = new Cluster(seed);
    for (const name of TARGETS) {
      const server = createServer({ noDelay: true }, (socket) => cluster.#serve(name, socket));
      cluster.#servers.set(name, server);
      cluster.#sockets.set(name, new Set());
      cluster.#ports.set(name, await listening(server, 0));
    }
    return cluster;
  }

  /** The base URL of a target. */
  url(name: TargetName): string {
    return `http://127.0.0.1:${this.#ports.get(name)}/v1`;
  }

  /** Everything that was sent for a question, in order of arrival. */
  sentFor(number: number): readonly Sent[] {
    return this.#sent.get(number) ?? [];
  }

  get requests(): number {
    return [...this.#sent.values()].reduce((sum, list) => sum + list.length, 0);
  }

  /** Requests under way: neither answered to the end nor left by who asked. */
  get busy(): number {
    return this.#busy.size;
  }

  async close(): Promise<void> {
    for (const name of TARGETS) {
      for (const socket of this.#sockets.get(name) ?? []) socket.destroy();
      const server = this.#servers.get(name);
      if (server?.listening === true) await new Promise((resolve) => server.close(resolve));
    }
  }

  /** True where only this target is sick for the question; the others answer it well. */
  static sickOf(seed: number, number: number): TargetName | undefined {
    const draw = drawFor(seed, number, 2);
    return draw() < ONE_SICK_SHARE ? oneOf(draw, TARGETS) : undefined;
  }

  #serve(name: TargetName, socket: Socket): void {
    const sockets = this.#sockets.get(name);
    sockets?.add(socket);
    socket.on('close', () => {
      sockets?.delete(socket);
      this.#busy.delete(socket);
    });
    socket.on('error', () => {});
    let held: Buffer = Buffer.alloc(0);
    let queue = Promise.resolve();
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      for (let cut = cutRequest(held); cut !== undefined; cut = cutRequest(held)) {
        held = cut.rest;
        const { request } = cut;
        queue = queue.then(() => this.#answer(name, request, socket));
      }
    });
  }

  async #answer(target: TargetName, request: UpstreamRequest, socket: Socket): Promise<void> {
    if (socket.destroyed) return;
    const { number, model, members, complaint } = readRequest(request, this.seed);
    const list = this.#sent.get(number) ?? [];
    this.#sent.set(number, list);
    const draw = drawFor(this.seed, number, 3, list.length, TARGETS.indexOf(target));
    const scene: Scene = { question: questionOf(this.seed, number), model, members, draw };
    const mishap = this.#mishapFor(target, scene);
    list.push({ target, mishap, complaint, at: performance.now() });
    if (list.length === 1 && integer(draw, OUTAGE_EVERY) === 0) void this.#outage(draw);
    this.#busy.add(socket);
    const steps = mishap === undefined ? oneOf(draw, WELL)(scene) : mishap.steps(scene);
    await play(steps, socket, draw);
    this.#busy.delete(socket);
  }

  #mishapFor(target: TargetName, scene: Scene): Mishap | undefined {
    const { question, draw } = scene;
    const sick = Cluster.sickOf(this.seed, question.number);
    const share = sick === undefined ? ANYWHERE_SHARE : sick === target ? SICK_SHARE : 0;
    if (draw() >= share) return undefined;
    return oneOf(
      draw,
      MISHAPS.filter(({ needs }) => needs(scene)),
    );
  }

  /** Nothing listens at one of the ports for a moment. */
  async #outage(draw: () => number): Promise<void> {
    const target = oneOf(draw, TARGETS);
    const isHard = draw() < 0.5;
    const server = this.#servers.get(target);
    if (server?.listening !== true || this.outages.some(({ until }) => until === Infinity)) return;
    const outage: Outage = { target, isHard, from: performance.now(), until: Infinity };
    this.outages.push(outage);
    server.close();
    for (const socket of this.#sockets.get(target) ?? []) {
      if (isHard || !this.#busy.has(socket)) socket.resetAndDestroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 10 + integer(draw, LONGEST_OUTAGE_MS)));
    await listening(server, this.#ports.get(target) ?? 0);
    outage.until = performance.now();
  }
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server.address());
}

/** Which question a request asks, and whether it asks it as it was put. */
function readRequest(
  { body, headers }: UpstreamRequest,
  seed: number,
): { number: number; model: string; members: ReadonlySet<string>; complaint: string | undefined } {
  const value = parseJson(body);
  const fields = isObject(value) ? value : {};
  const messages: unknown[] = Array.isArray(fields['messages']) ? fields['messages'] : [];
  const last = messages.at(-1);
  const prompt = isObject(last) && typeof last['content'] === 'string' ? last['content'] : '';
  const number = numberIn(prompt) ?? -1;
  const isWhole = messages.length === 1 && prompt === questionOf(seed, number).prompt;
  const isKeyed = headers.get('authorization')?.startsWith('Bearer key-') === true;
  return {
    number,
    model: typeof fields['model'] === 'string' ? fields['model'] : '',
    members: new Set(Object.keys(fields)),
    complaint: !isWhole ? `asked ${body.slice(0, 200)}` : isKeyed ? undefined : 'without its key',
  };
}
