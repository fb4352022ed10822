// What the file says about providers by their ids: aliases, routing, prices. An id that is none is a problem here, and
// so is an alias that leads to an alias, which is how a cycle would begin.

import { nearest } from '../../core/nearest.ts';
import { present } from '../../core/json.ts';
import type { AliasTarget, Price, ProviderConfig, Routing } from '../config.ts';
import { show } from '../reader.ts';
import type { FileEntry, TargetForm } from './file-keys.ts';
import type { Reading, Spot } from './reading.ts';
import type { Placed } from './rules.ts';

/** Where ids are looked up: all that are written anywhere, also of providers that have problems of their own. */
export interface Known {
  readonly ids: ReadonlySet<string>;
  readonly providers: readonly ProviderConfig[];
}

/** A name with a slash begins with the id of a provider. */
function split(name: string): { readonly provider: string; readonly model: string } | undefined {
  const slash = name.indexOf('/');
  if (slash < 1 || slash === name.length - 1) return undefined;
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

export function aliasesOf(
  { models = {} }: FileEntry,
  known: Known,
  reading: Reading,
): Readonly<Record<string, readonly AliasTarget[]>> {
  const weights = new Map(known.providers.map(({ id, weight: own }) => [id, own]));
  const isAlias = (name: string): boolean => Object.hasOwn(models, name);
  const target = ({ value, spot }: TargetForm): AliasTarget | undefined => {
    const { provider, model, weight, priority } = typeof value === 'string' ? { ...parts(value, spot) } : value;
    if (provider === undefined || model === undefined) return undefined;
    if (!isKnown(provider, known, reading)) return undefined;
    return {
      provider: provider.value,
      model,
      weight: weight ?? weights.get(provider.value) ?? 1,
      ...present({ priority }),
    };
  };
  const parts = (name: string, spot: Spot): Extract<TargetForm['value'], object> => {
    const found = split(name);
    if (found !== undefined && !(isAlias(name) && !known.ids.has(found.provider))) {
      return { provider: { value: found.provider, spot }, model: found.model };
    }
    const what = isAlias(name) ? 'is an alias itself' : 'names no provider';
    reading.say(spot, `=${show(name)} ${what}`, 'a model of one provider, as provider/model');
    return {};
  };
  return Object.fromEntries(
    Object.entries(models).map(([name, { value }]) => [name, value.flatMap((one) => target(one) ?? [])]),
  );
}

export function routingOf({ routing = {} }: FileEntry, known: Known, reading: Reading): Routing {
  const { strategy, retryDelay, breaker = {} } = routing;
  const id = (said: Placed<string> | undefined): string | undefined =>
    said !== undefined && isKnown(said, known, reading) ? said.value : undefined;
  return {
    strategy: strategy ?? 'priority',
    ...present({ defaultProvider: id(routing.defaultProvider), fallbackProvider: id(routing.fallbackProvider) }),
    retryDelayMs: retryDelay ?? 500,
    breaker: { failures: breaker.failures ?? 5, openForMs: breaker.openFor ?? 30_000 },
  };
}

/** A price is by `provider/model`, or by a bare name, which has a slash only where a provider lists it so. */
export function pricesOf({ prices = {} }: FileEntry, known: Known, reading: Reading): Readonly<Record<string, Price>> {
  const found: [string, Price][] = [];
  const listed = new Set(known.providers.flatMap(({ models = [] }) => models));
  for (const [name, { value, spot }] of Object.entries(prices)) {
    const { provider } = split(name) ?? {};
    const isBare = provider === undefined || listed.has(name);
    if (!isBare && !known.ids.has(provider)) sayUnknown(spot, provider, known, reading);
    const { inputPerMillion, outputPerMillion, cachedInputPerMillion } = value;
    if (inputPerMillion === undefined || outputPerMillion === undefined) continue;
    found.push([name, { inputPerMillion, outputPerMillion, ...present({ cachedInputPerMillion }) }]);
  }
  return Object.fromEntries(found);
}

function isKnown({ value, spot }: Placed<string>, known: Known, reading: Reading): boolean {
  const isThere = known.ids.has(value);
  if (!isThere) sayUnknown(spot, value, known, reading);
  return isThere;
}

function sayUnknown(spot: Spot, id: string, { ids }: Known, reading: Reading): void {
  const near = nearest(id, ids);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  const all = [...ids].slice(0, 20).join(', ');
  reading.say(spot, `: there is no provider ${show(id)}${hint}`, all === '' ? 'the id of a provider' : all);
}
