// Says which of the product's resources have other contents, to those who follow them: each at most once a second,
// however often it changes. Knows what happened, not who listens.
// Follows MCP server/resources (subscriptions); product sheet, section 5 (updates are debounced).

import type { ProviderState } from '../../catalog/resources/sources.ts';
import type { Change } from '../../catalog/tool.ts';
import type { Clock } from '../../core/clock.ts';
import type { Job } from '../../jobs/job.ts';
import type { ModelInfo } from '../../providers/chat.ts';
import type { EngineNews } from '../engine.ts';

/** How long changes are gathered. */
const GATHER_MS = 1000;
/** Addresses of single models that are told of for one change of a list. */
const MOST_MODELS = 1000;

/** What there is to say of providers that are all well. */
const WELL = '[]';

export interface NewsParts {
  readonly clock: Clock;
  readonly tell: (change: Change) => void;
  readonly states: () => readonly ProviderState[];
}

export class ResourceNews implements EngineNews {
  readonly #parts: NewsParts;
  /** What to tell when the time is over, by its address. */
  readonly #pending = new Map<string, Change>();
  #stop: (() => void) | undefined;
  #isClosed = false;
  /** How the providers were when they were told of last. */
  #states = WELL;

  constructor(parts: NewsParts) {
    this.#parts = parts;
  }

  /** A call may have opened or closed a breaker, too: that is looked at when it is told. */
  used(): void {
    this.#tell('anymodel://usage');
  }

  probed(): void {
    this.#tell('anymodel://health');
    this.#tell('anymodel://providers');
  }

  listed(changed: readonly ModelInfo[]): void {
    this.#tell('anymodel://models');
    for (const { provider, id } of changed.slice(0, MOST_MODELS)) {
      this.#tell(`anymodel://models/${encodeURIComponent(provider)}/${encodeURIComponent(id)}`);
    }
  }

  /** Another configuration is in force, or one was refused. */
  reloaded(isInForce: boolean): void {
    this.#tell('anymodel://health');
    if (isInForce) for (const name of ['config', 'providers', 'models']) this.#tell(`anymodel://${name}`);
  }

  job({ id, owner }: Job): void {
    this.#tell(`anymodel://jobs/${id}`, owner);
  }

  /** Nothing is told from now on. */
  close(): void {
    this.#isClosed = true;
    this.#stop?.();
  }

  #tell(resource: string, owner?: string): void {
    if (this.#isClosed) return;
    this.#pending.set(resource, owner === undefined ? { resource } : { resource, owner });
    this.#stop ??= this.#parts.clock.after(GATHER_MS, () => this.#flush());
  }

  #flush(): void {
    this.#stop = undefined;
    if (this.#haveStatesChanged()) this.#pending.set('anymodel://health', { resource: 'anymodel://health' });
    const changes = [...this.#pending.values()];
    this.#pending.clear();
    for (const change of changes) this.#parts.tell(change);
  }

  #haveStatesChanged(): boolean {
    const before = this.#states;
    this.#states = JSON.stringify(this.#parts.states().filter(({ well, open }) => !well || open.length > 0));
    return this.#states !== before;
  }
}
