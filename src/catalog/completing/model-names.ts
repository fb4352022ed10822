// Suggests models and providers for the arguments of prompts and templates, from the live list: a provider that was
// given already narrows the models. A list that cannot be had suggests nothing: whoever types is not to be stopped by it.
// Product sheet, section 5.

import { Fault } from '../../core/fault.ts';
import type { Models, ModelInfo } from '../../providers/chat.ts';
import { modelContext } from '../answer/ask.ts';
import { callName } from '../model-list.ts';
import type { Variables } from '../resource.ts';
import type { ToolContext } from '../tool.ts';
import { fitting } from './fitting.ts';

export interface Suggesting {
  readonly models: Models;
  readonly providers: readonly { readonly id: string }[];
  readonly mainProvider?: string | undefined;
}

export interface Typed {
  readonly argument: { readonly name: string; readonly value: string };
  readonly given: Variables;
}

/** For the arguments `model` and `provider` of whatever asks a model: names as callers give them. */
export async function completeModelName(
  from: Suggesting,
  { argument, given }: Typed,
  ctx: ToolContext,
): Promise<readonly string[]> {
  if (argument.name === 'provider') return fitting(argument.value, ownersOf(await listed(from, undefined, ctx)));
  if (argument.name !== 'model') return [];
  const models = await listed(from, given['provider'], ctx);
  const providers = from.providers.map(({ id }) => id);
  const named = { providers, mainProvider: from.mainProvider };
  return fitting(
    argument.value,
    models.map((model) => callName(model, named)),
  );
}

/** For the variables of `anymodel://models/{provider}/{id}`: what they are before they are encoded. */
export async function completeModelAddress(
  from: Suggesting,
  { argument, given }: Typed,
  ctx: ToolContext,
): Promise<readonly string[]> {
  if (argument.name === 'provider') return fitting(argument.value, ownersOf(await listed(from, undefined, ctx)));
  if (argument.name !== 'id') return [];
  const models = await listed(from, given['provider'], ctx);
  return fitting(
    argument.value,
    models.map(({ id }) => id),
  );
}

/** What whoever types may ask for, of one provider where that was given and is there. */
async function listed(
  { models, providers }: Suggesting,
  provider: string | undefined,
  ctx: ToolContext,
): Promise<readonly ModelInfo[]> {
  const isAsked = providers.some(({ id }) => id === provider);
  try {
    const query = isAsked && provider !== undefined ? { provider } : {};
    const all = (await models.list(query, modelContext(ctx, ''))).models;
    return provider === undefined || provider === '' ? all : all.filter((one) => one.provider === provider);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    if (fault.kind === 'cancelled' || fault.kind === 'internal') throw fault;
    ctx.log.debug('no models to suggest', { code: fault.kind });
    return [];
  }
}

function ownersOf(models: readonly ModelInfo[]): readonly string[] {
  return [...new Set(models.map(({ provider }) => provider))];
}
