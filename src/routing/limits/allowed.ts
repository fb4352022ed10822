// A client that may ask for some models only: what it asks for by another name is as if there were no such model, and
// lists show it what it may ask for. Names count as they are asked, an alias or `provider/model`. Outermost of the
// layers: cached answers are not given to those who may not ask.

import { Fault } from '../../core/fault.ts';
import type { Layer } from '../../core/layer.ts';
import { nearest } from '../../core/nearest.ts';
import type { ModelContext, ModelInfo, ModelListing, Models } from '../../providers/chat.ts';
import { ALIAS_PROVIDER } from '../names/addressing.ts';

export interface AllowedOptions {
  /** The names a client may ask for; undefined: all. */
  readonly modelsOf: (client: string) => readonly string[] | undefined;
  readonly isAlias: (name: string) => boolean;
  /** What a call that names no model asks for. */
  readonly defaultModel?: string | undefined;
  /** The provider of that model, and of bare names where they are one provider's. */
  readonly defaultProvider?: string | undefined;
  readonly bareNames: 'main' | 'every';
}

export function allowed(options: AllowedOptions): Layer<Models> {
  const asked = <R extends Asked, T>(request: R, ctx: ModelContext, ask: (request: R) => Promise<T>): Promise<T> => {
    const terms = termsOf(options, ctx);
    return terms === undefined ? ask(request) : terms.asking(request, ask);
  };
  return (inner) => ({
    chat: (request, ctx, hear) => asked(request, ctx, (one) => inner.chat(one, ctx, hear)),
    complete: (request, ctx, hear) => asked(request, ctx, (one) => inner.complete(one, ctx, hear)),
    embed: (request, ctx) => asked(request, ctx, (one) => inner.embed(one, ctx)),
    list: async (query, ctx) => {
      const listing = await inner.list(query, ctx);
      return termsOf(options, ctx)?.shown(listing) ?? listing;
    },
  });
}

/** What a client may see that may not ask for every model. */
export interface Sight {
  model(model: Pick<ModelInfo, 'id' | 'provider'>): boolean;
  /** Whether one of its names may lead there. */
  provider(id: string): boolean;
}

/** Nothing for a client that may ask for every model. */
export function sightOf(options: AllowedOptions, client: string): Sight | undefined {
  const names = options.modelsOf(client);
  return names && new Terms(options, names);
}

interface Asked {
  readonly model: string;
}

function termsOf(options: AllowedOptions, { client = '' }: ModelContext): Terms | undefined {
  const models = options.modelsOf(client);
  return models && new Terms(options, models);
}

/** What one client may ask for. */
class Terms implements Sight {
  readonly #options: AllowedOptions;
  readonly #names: ReadonlySet<string>;

  constructor(options: AllowedOptions, names: readonly string[]) {
    this.#options = options;
    this.#names = new Set(names);
  }

  /** Rejects with `MODEL_NOT_FOUND`; what fails further on says nothing of models that are others' to ask for. */
  async asking<R extends Asked, T>(request: R, ask: (request: R) => Promise<T>): Promise<T> {
    const model = this.#nameOf(request.model);
    try {
      return await ask({ ...request, model });
    } catch (thrown) {
      const fault = Fault.from(thrown);
      throw fault.kind === 'MODEL_NOT_FOUND' ? fault.with({ next: this.#next() }) : fault;
    }
  }

  shown({ models, failed }: ModelListing): ModelListing {
    const providers = new Set([...this.#names].map((name) => name.split('/', 1)[0]));
    const ofProvider = failed.filter(({ provider }) => providers.has(provider));
    return { models: models.filter((model) => this.model(model)), failed: ofProvider };
  }

  /** The name to ask for: as asked, or the default's. Throws `MODEL_NOT_FOUND`. */
  #nameOf(asked: string): string {
    if (asked === '') return this.#default();
    if (this.#has(asked)) return asked;
    throw this.#notFound(`There is no model "${asked.slice(0, 200)}".`, nearest(asked, this.#names));
  }

  #has(name: string): boolean {
    if (this.#names.has(name)) return true;
    const alias = name.startsWith(`${ALIAS_PROVIDER}/`) ? name.slice(ALIAS_PROVIDER.length + 1) : '';
    return alias !== '' && this.#options.isAlias(alias) && this.#names.has(alias);
  }

  /** Aliases lead where nobody is told: only what is named is seen. */
  provider(id: string): boolean {
    const { bareNames, defaultProvider, isAlias } = this.#options;
    const takesBareNames = bareNames === 'every' || id === defaultProvider;
    return [...this.#names].some(
      (name) => name.startsWith(`${id}/`) || (takesBareNames && !name.includes('/') && !isAlias(name)),
    );
  }

  model({ id, provider }: Pick<ModelInfo, 'id' | 'provider'>): boolean {
    const { bareNames, defaultProvider, isAlias } = this.#options;
    if (this.#names.has(`${provider}/${id}`)) return true;
    if (!this.#names.has(id)) return false;
    if (provider === ALIAS_PROVIDER) return true;
    return !isAlias(id) && (bareNames === 'every' || provider === defaultProvider);
  }

  /** Where the default is none of its models, the only one it has takes its place. */
  #default(): string {
    const { defaultModel = '', defaultProvider } = this.#options;
    const spellings = defaultModel === '' ? [] : [defaultModel, `${defaultProvider}/${defaultModel}`];
    const found = spellings.find((name) => this.#has(name));
    const [only, ...more] = this.#names;
    if (found !== undefined) return found;
    if (only !== undefined && more.length === 0) return only;
    throw this.#notFound('No model was named, and the default one is not for this client.', undefined);
  }

  #notFound(what: string, near: string | undefined): Fault {
    const next = near === undefined ? this.#next() : `Did you mean "${near}"?`;
    return new Fault('MODEL_NOT_FOUND', what, { data: { param: 'model', retry: 'never', next } });
  }

  #next(): string {
    const names = [...this.#names];
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    if (names.length === 0) return 'This client may ask for no model.';
    return `The models of this client are ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
  }
}

const MOST_NAMED = 20;
