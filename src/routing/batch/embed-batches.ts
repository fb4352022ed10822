// Concurrent embed calls to one model as one upstream request: a layer that gathers for a few milliseconds, asks once,
// and gives each caller its own vectors and its share of the usage, by the length of its texts. A caller that is called
// off is left out. When the upstream refuses what was sent together, each is asked once by itself, so that one
// bad text fails one call; a model that takes singly what it refused together is sent less at once from then on.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { FaultKind } from '../../core/fault.ts';
import type { Layer } from '../../core/layer.ts';
import type { EmbedModel, EmbedRequest, Embeddings, ModelContext, Models } from '../../providers/chat.ts';
import { Member } from './member.ts';
import { askTogether } from './together.ts';

export interface BatchOptions {
  readonly clock: Clock;
  /** How long the first caller waits for others; 0: every call is sent by itself at once. */
  readonly windowMs?: number;
  /** Texts, and characters of them, sent together at most. A single call may have more: it is sent as it is. */
  readonly maxItems?: number;
  readonly maxChars?: number;
}

const WINDOW_MS = 3;
const MAX_ITEMS = 256;
const MAX_CHARS = 200_000;

/** Models whose own bound is remembered; all are forgotten when there are more. */
const MAX_KNOWN = 1000;

/** Refusals that may be about one text of many. */
const OF_ONE: ReadonlySet<FaultKind> = new Set<FaultKind>(['INVALID_INPUT', 'CONTEXT_TOO_LONG', 'CONTENT_FILTER']);

export function batched(options: BatchOptions): Layer<Models> {
  if (options.windowMs === 0) return (inner) => inner;
  return (inner) => {
    const batches = new Batches(options, inner.embed);
    return { ...inner, embed: (request, ctx) => batches.embed(request, ctx) };
  };
}

/** What is gathered and not sent yet. */
interface Gathering {
  readonly members: Member[];
  items: number;
  chars: number;
  readonly stop: () => void;
}

class Batches {
  readonly #options: Required<BatchOptions>;
  readonly #embed: EmbedModel;
  readonly #gathered = new Map<string, Gathering>();
  /** Texts at once that a model has taken no more than. */
  readonly #bounds = new Map<string, number>();

  constructor(options: BatchOptions, embed: EmbedModel) {
    this.#options = { windowMs: WINDOW_MS, maxItems: MAX_ITEMS, maxChars: MAX_CHARS, ...options };
    this.#embed = embed;
  }

  embed(request: EmbedRequest, ctx: ModelContext): Promise<Embeddings> {
    const { maxItems, maxChars } = this.#options;
    const key = JSON.stringify([request.model, request.dimensions, ctx.client]);
    const bound = this.#bounds.get(key) ?? maxItems;
    if (ctx.cancel.reason !== undefined || request.input.length >= bound) return this.#embed(request, ctx);
    const member = new Member(request, ctx);
    const before = this.#gathered.get(key);
    const isTooMuch =
      before !== undefined && (before.items + request.input.length > bound || before.chars + member.chars > maxChars);
    if (isTooMuch) this.#flush(key);
    const gathering = this.#gathered.get(key) ?? this.#gather(key);
    gathering.members.push(member);
    gathering.items += request.input.length;
    gathering.chars += member.chars;
    if (gathering.items >= bound || gathering.chars >= maxChars) this.#flush(key);
    return member.done;
  }

  #gather(key: string): Gathering {
    const { clock, windowMs } = this.#options;
    const stop = clock.after(windowMs, () => this.#flush(key));
    const gathering: Gathering = { members: [], items: 0, chars: 0, stop };
    this.#gathered.set(key, gathering);
    return gathering;
  }

  #flush(key: string): void {
    const gathering = this.#gathered.get(key);
    if (gathering === undefined) return;
    this.#gathered.delete(key);
    gathering.stop();
    const members = gathering.members.filter(({ isWaiting }) => isWaiting);
    const [first, ...others] = members;
    if (first === undefined) return;
    void (others.length === 0 ? this.#alone(first) : this.#together(key, members, first));
  }

  async #together(key: string, members: readonly Member[], first: Member): Promise<void> {
    try {
      await askTogether(this.#embed, members, first);
    } catch (thrown) {
      const fault = Fault.from(thrown);
      const waiting = members.filter(({ isWaiting }) => isWaiting);
      if (!OF_ONE.has(fault.kind)) return waiting.forEach((member) => member.fail(fault));
      const taken = await Promise.all(waiting.map((member) => this.#alone(member)));
      if (taken.length > 1 && taken.every(Boolean)) this.#learn(key, members);
    }
  }

  /** Each by itself was taken: it was too many at once. */
  #learn(key: string, members: readonly Member[]): void {
    const items = members.reduce((sum, { request }) => sum + request.input.length, 0);
    if (this.#bounds.size >= MAX_KNOWN) this.#bounds.clear();
    this.#bounds.set(key, Math.floor(items / 2));
  }

  /** Whether it was answered. */
  async #alone(member: Member): Promise<boolean> {
    try {
      member.succeed(await this.#embed(member.request, member.ctx));
      return true;
    } catch (thrown) {
      member.fail(Fault.from(thrown));
      return false;
    }
  }
}
