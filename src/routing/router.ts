// Everything the catalog asks of models, over any number of targets: finds out what a name means, orders the targets for
// the call, and sends through the one retry loop. What is known between calls survives a reload where it still holds.

import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import { streamAnswer } from '../providers/attempt/stream-answer.ts';
import { wholeReply } from '../providers/attempt/whole-reply.ts';
import type { EmbedRequest, Embeddings, Hear, ModelContext, Models, Usage } from '../providers/chat.ts';
import type { AnswerAsk, ModelAsk } from '../providers/dialect.ts';
import { Kept } from '../resilience/kept.ts';
import type { AddressBook } from './names/addressing.ts';
import type { CacheTarget } from './cache/key.ts';
import { Desk } from './loop/desk.ts';
import { explanation } from './names/explain.ts';
import type { Explanation } from './names/explain.ts';
import type { Choice } from './loop/leg.ts';
import { orderOf } from './names/lineup.ts';
import type { Lineup } from './names/lineup.ts';
import { Lineups } from './names/lineups.ts';
import { listAll } from './lists/listing.ts';
import { withNearName } from './names/nearer.ts';
import { needOf } from './targets/needs.ts';
import type { Need } from './targets/needs.ts';
import { POLICIES } from './policies/table.ts';
import { createProbes } from './targets/probes.ts';
import type { Probes } from './targets/probes.ts';
import { ProviderMemory } from './targets/provider-memory.ts';
import { Relay } from './loop/relay.ts';
import { Rotations } from './names/rotations.ts';
import { route } from './loop/route.ts';
import type { Plan, Work } from './loop/route.ts';
import type { ProviderParts, ProviderSettings, RouterOptions } from './targets/settings.ts';
import { structured } from './structured.ts';
import type { RouteOptions } from './loop/turn.ts';
import { notConfigured, unconfigured } from './unconfigured.ts';

/** What one router hands to the next one, when the configuration was read again. */
export interface Memory {
  readonly providers: Kept<ProviderMemory>;
  readonly rotations: Rotations;
}

export interface Router {
  readonly models: Models;
  /** Not started. */
  readonly probes: Probes;
  readonly memory: Memory;
  /** How each provider is, as far as probes and calls have told; the models are those whose breaker is open. */
  readonly health: () => readonly { readonly id: string; readonly well: boolean; readonly open: readonly string[] }[];
  /** Which targets a request for the model would try, in order. Throws what such a request would be refused with. */
  readonly explain: (model: string, need?: Need) => Explanation;
  /** Where a name leads, for telling equal questions; undefined while that takes a question upstream. */
  readonly targetsOf: (model: string) => readonly CacheTarget[] | undefined;
}

/** Nothing is sent, and no setting is judged, before the first call. `previous`: the router it takes the place of. */
export function createRouter(options: RouterOptions, previous?: Router): Router {
  const board = new Switchboard(options, previous?.memory);
  const models: Models = {
    chat: structured((request, ctx, hear) => board.stream({ op: 'chat', request, stream: true }, ctx, hear)),
    complete: (request, ctx, hear) => board.stream({ op: 'complete', request, stream: true }, ctx, hear),
    embed: (request, ctx) => board.embed(request, ctx),
    list: (query, ctx) =>
      listAll({ desks: board.desks, aliases: board.aliases.keys(), clock: options.clock }, query, ctx),
  };
  return {
    models: options.providers.length === 0 ? unconfigured : models,
    probes: createProbes(board.desks.values(), options),
    memory: board.memory,
    health: () => board.health(),
    explain: (model, need) => board.explain(model, need),
    targetsOf: (model) => board.targetsOf(model),
  };
}

class Switchboard {
  readonly desks: ReadonlyMap<string, Desk>;
  readonly aliases: AddressBook['aliases'];
  readonly memory: Memory;
  readonly #options: RouterOptions;
  readonly #routeOptions: RouteOptions;
  readonly #lineups: Lineups;

  constructor(options: RouterOptions, before: Memory | undefined) {
    const { providers, aliases, bareNames, routing, defaultModel, prices, clock } = options;
    this.#options = options;
    const { retryDelayMs, breaker } = routing;
    this.#routeOptions = { clock, random: options.random, maxRetries: options.maxRetries, retryDelayMs, breaker };
    this.memory = { providers: new Kept(before?.providers), rotations: before?.rotations ?? new Rotations() };
    this.aliases = new Map(Object.entries(aliases));
    this.desks = new Map(providers.map((parts) => [parts.settings.id, this.#desk(parts)]));
    this.#lineups = new Lineups(
      { desks: this.desks, aliases: this.aliases, bareNames, routing, defaultModel },
      prices,
      clock,
    );
  }

  async stream(ask: AnswerAsk, ctx: ModelContext, hear: Hear): Promise<void> {
    const relay = new Relay(hear, ctx.served);
    const work: Work<void> = {
      ask,
      send: (send, upstream) => streamAnswer(upstream, send, (events) => relay.pass(events)),
      failed: () => relay.fail(),
      restart: (attempt, reason) => relay.restart(attempt, reason),
      used: () => relay.used,
    };
    const found = this.#lineups.of(ask.request.model, ask.op, ctx);
    const lineup = found instanceof Promise ? await found : found;
    // Not `return`: that would take the promise in another promise, on the path of every call.
    await this.#routed({ order: this.#order(ask, lineup), work }, ctx);
  }

  async embed(request: EmbedRequest, ctx: ModelContext): Promise<Embeddings> {
    let used: Usage = {};
    const ask = { op: 'embed', request } as const;
    const work: Work<Embeddings> = {
      ask,
      async send(send, upstream) {
        const embeddings = await wholeReply(upstream, send, (body) => upstream.dialect.decodeEmbeddings(body));
        used = embeddings.usage;
        return embeddings;
      },
      failed: () => 0,
      restart: () => {},
      used: () => used,
    };
    const lineup = await this.#lineups.of(request.model, 'embed', ctx);
    const embeddings = await this.#routed({ order: this.#order(ask, lineup), work }, ctx);
    checkCount(embeddings, request.input.length);
    if (embeddings.model === '') return { ...embeddings, model: ctx.served.model };
    ctx.served.model = embeddings.model;
    return embeddings;
  }

  #routed<T>(plan: Plan<T>, ctx: ModelContext): Promise<T> {
    return route(this.#routeOptions, plan, ctx).catch(async (thrown: unknown) => {
      const fault = Fault.from(thrown);
      throw await withNearName(fault, this.desks.get(fault.data.provider ?? ''), ctx, this.#options.clock);
    });
  }

  health(): ReturnType<Router['health']> {
    const now = this.#options.clock.now();
    return [...this.desks].map(([id, { memory }]) => ({ id, well: !memory.isUnwell, open: memory.openAt(now) }));
  }

  explain(model: string, need: Need = {}): Explanation {
    const { routing, clock } = this.#options;
    const { op = 'chat' } = need;
    if (this.desks.size === 0) throw notConfigured();
    const lineup = this.#lineups.peek(model, op);
    const now = clock.now();
    const order = orderOf(lineup, need, {
      policy: POLICIES[routing.strategy],
      now,
      turnOf: (group) => this.memory.rotations.preview(rotationName(model, op, group)),
    });
    return explanation({ model, meaning: lineup.meaning, strategy: routing.strategy, order, now });
  }

  targetsOf(model: string): readonly CacheTarget[] | undefined {
    const { candidates } = this.#lineups.peek(model, 'chat');
    if (candidates.some(({ target }) => target.model === '')) return undefined;
    return candidates.map(({ target }) => ({
      provider: target.provider,
      model: target.model,
      credentials: target.desk.credentials(),
    }));
  }

  #order(ask: ModelAsk, lineup: Lineup): readonly Choice[] {
    if (lineup.candidates.length === 1 && !lineup.isSelective) return lineup.candidates;
    const { routing, clock, random } = this.#options;
    const { choices } = orderOf(lineup, lineup.isSelective ? needOf(ask) : undefined, {
      policy: POLICIES[routing.strategy],
      now: clock.now(),
      turnOf: (group) => this.memory.rotations.turnOf(rotationName(ask.request.model, ask.op, group), random),
    });
    return choices;
  }

  #desk(parts: ProviderParts): Desk {
    const { settings } = parts;
    const { clock } = this.#options;
    const memory = this.memory.providers.of(
      settings.id,
      upstreamOf(settings),
      () => new ProviderMemory(settings, clock),
    );
    memory.known.onChange = () => this.#lineups.forget();
    return new Desk({
      parts,
      shared: this.#options,
      route: this.#routeOptions,
      memory,
      ...present({ defaultModel: this.#defaultOf(settings.id) }),
    });
  }

  /** The default model, if it is that provider's. */
  #defaultOf(id: string): string | undefined {
    const { defaultModel, providers, routing } = this.#options;
    if (defaultModel === undefined || this.aliases.has(defaultModel)) return undefined;
    const named = providers.find(({ settings }) => defaultModel.startsWith(`${settings.id}/`))?.settings.id;
    return (named ?? routing.defaultProvider) === id ? defaultModel : undefined;
  }
}

/**
 * Not what makes it the upstream it is: where keys come from, and they are remembered one by one; what it is called, its
 * place in the file among it; its turn, its share, and our patience with it.
 */
const BESIDE_IT: ReadonlySet<string> = new Set('apiKeys name names priority weight timeout'.split(' '));

function upstreamOf(settings: ProviderSettings): unknown {
  return Object.fromEntries(Object.entries(settings).filter(([member]) => !BESIDE_IT.has(member)));
}

/** Vectors are told from one another by their place, so one too few makes all of them useless. */
function checkCount({ vectors }: Embeddings, asked: number): void {
  if (vectors.length === asked) return;
  throw new Fault('UPSTREAM', `The upstream answered ${vectors.length} embeddings to ${asked} texts.`, {
    data: { retry: 'never', next: 'Ask for fewer texts at once, or another model.' },
  });
}

/** Line-ups of one name may differ by what is asked; their turns do too. */
function rotationName(model: string, op: ModelAsk['op'], group: number): string {
  return `${op} ${group} ${model}`;
}
