// What a model's name means: product sheet, section 7, "Model addressing". An alias, else a provider's name and a model,
// else a bare name. Gives places, in no order of preference yet, and why the others were left out. Nothing is sent.

import { Fault } from '../../core/fault.ts';
import type { ModelAsk } from '../../providers/dialect.ts';
import type { Desk } from '../loop/desk.ts';
import type { AliasTarget, Routing } from '../targets/settings.ts';

/** A provider, a model of it, and how much it is preferred. */
export interface Place {
  readonly desk: Desk;
  /** Empty: the only model the provider lists, once that is known. */
  readonly model: string;
  /** Smaller is asked first. */
  readonly priority: number;
  readonly weight: number;
}

/** A provider a name does not lead to. */
export interface LeftOut {
  readonly provider: string;
  readonly model: string;
  readonly why: string;
}

export interface Meaning {
  /** How the name was understood. */
  readonly as: 'alias' | 'provider/model' | 'bare name' | 'default';
  readonly places: readonly Place[];
  readonly leftOut: readonly LeftOut[];
}

export interface AddressBook {
  readonly desks: ReadonlyMap<string, Desk>;
  readonly aliases: ReadonlyMap<string, readonly AliasTarget[]>;
  readonly bareNames: 'main' | 'every';
  readonly routing: Pick<Routing, 'defaultProvider' | 'fallbackProvider'>;
  readonly defaultModel: string | undefined;
}

/** Before an alias where it is listed as a model; it means the alias there too. */
export const ALIAS_PROVIDER = 'alias';

export function meaningOf(name: string, op: ModelAsk['op'], book: AddressBook): Meaning {
  const asked = name === '' ? (book.defaultModel ?? '') : name;
  const alias = book.aliases.get(asked) ?? book.aliases.get(after(ALIAS_PROVIDER, asked) ?? '');
  if (alias !== undefined) return withFallback({ as: 'alias', ...aliasPlaces(alias, book), leftOut: [] }, op, book);
  const owner = ownerOf(asked, book);
  if (owner !== undefined) {
    const places = [placeAt(owner, owner.ownName(asked) || (owner.settledDefault(op) ?? ''))];
    return { as: 'provider/model', places, leftOut: [] };
  }
  const main = book.desks.get(book.routing.defaultProvider ?? '');
  if (asked === '') {
    if (main === undefined) throw nobodyNamed(name, book);
    const places = [placeAt(main, main.settledDefault(op) ?? '')];
    const meaning = { as: 'default', places, leftOut: [] } as const;
    return places.some(({ model }) => model === '') ? meaning : withFallback(meaning, op, book);
  }
  return withFallback(bareName(asked, main, { name, book }), op, book);
}

/** Where no model was named and none is configured: the one that the provider turned out to have takes its place. */
export function withOnlyModel(
  meaning: Meaning,
  model: string,
  asked: { op: ModelAsk['op']; book: AddressBook },
): Meaning {
  const places = meaning.places.map((place) => (place.model === '' ? { ...place, model } : place));
  const named = { ...meaning, places };
  return meaning.as === 'default' ? withFallback(named, asked.op, asked.book) : named;
}

/** The provider whose name stands in front of the model's, if one does. */
export function ownerOf(name: string, { desks }: Pick<AddressBook, 'desks'>): Desk | undefined {
  for (const [id, desk] of desks) if (name.startsWith(`${id}/`)) return desk;
  return undefined;
}

function after(provider: string, name: string): string | undefined {
  return name.startsWith(`${provider}/`) ? name.slice(provider.length + 1) : undefined;
}

function placeAt(desk: Desk, model: string): Place {
  const { priority = 1, weight = 1 } = desk.settings;
  return { desk, model, priority, weight };
}

function aliasPlaces(targets: readonly AliasTarget[], { desks }: AddressBook): { places: Place[] } {
  const places = targets.flatMap(({ provider, model, weight, priority }) => {
    const desk = desks.get(provider);
    return desk === undefined
      ? []
      : [{ ...placeAt(desk, model), weight, ...(priority === undefined ? {} : { priority }) }];
  });
  return { places };
}

interface Looked {
  /** As the caller wrote it. */
  readonly name: string;
  readonly book: AddressBook;
}

function bareName(model: string, main: Desk | undefined, { name, book }: Looked): Meaning {
  const all = [...book.desks.values()];
  const having = book.bareNames === 'every' ? all.filter((desk) => desk.has(model) === true) : [];
  const chosen = having.length > 0 ? having : main === undefined ? [] : [main];
  if (chosen.length === 0) throw nobodyNamed(name, book);
  const others = all.filter((desk) => !chosen.includes(desk));
  return {
    as: 'bare name',
    places: chosen.map((desk) => placeAt(desk, model)),
    leftOut: others.map((desk) => ({ provider: desk.settings.id, model, why: reason(desk, model, book) })),
  };
}

function reason(desk: Desk, model: string, { bareNames }: AddressBook): string {
  const { id } = desk.settings;
  if (bareNames === 'main') return `is asked as ${id}/${model} only`;
  return desk.has(model) === undefined ? 'has not told its models yet' : 'has no model of that name';
}

/** The fallback provider comes after everything else, unless the name leads there anyway. */
function withFallback(meaning: Meaning, op: ModelAsk['op'], { desks, routing }: AddressBook): Meaning {
  const desk = desks.get(routing.fallbackProvider ?? '');
  if (desk === undefined || meaning.places.some((place) => place.desk === desk)) return meaning;
  const model = fallbackModel(
    desk,
    meaning.places.map((place) => place.model),
    op,
  );
  if (model === undefined) return meaning;
  return {
    ...meaning,
    places: [...meaning.places, { desk, model, priority: Infinity, weight: 1 }],
    leftOut: meaning.leftOut.filter(({ provider }) => provider !== desk.settings.id),
  };
}

/**
 * The same model where the provider has it or nobody knows; else the first of its configured ones, or its only one. Not
 * for embeddings: vectors of another model are no answer.
 */
function fallbackModel(desk: Desk, names: readonly string[], op: ModelAsk['op']): string | undefined {
  const [wanted = ''] = names;
  const same = names.find((name) => desk.has(name) === true);
  if (same !== undefined || op === 'embed') return same ?? (desk.has(wanted) === undefined ? wanted : undefined);
  const [first, ...more] = desk.knownIds;
  return first !== undefined && (desk.settings.models !== undefined || more.length === 0) ? first : wanted;
}

function nobodyNamed(model: string, { desks }: AddressBook): Fault {
  const ids = [...desks.keys()].join(', ');
  const asked = model === '' ? 'No model was named' : `The model "${model}" was named without a provider`;
  return new Fault('INVALID_INPUT', `${asked}, and none of the providers (${ids}) is the main one.`, {
    data: {
      param: 'model',
      next: 'Name the model as provider/model, or set DEFAULT_MODEL=provider/model to choose the main provider.',
    },
  });
}
