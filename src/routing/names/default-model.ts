// Which model a call means: the one it names, without our own provider's name in front; else the default one
// of the product sheet, section 3.

import { Fault } from '../../core/fault.ts';
import { isOpenAiUrl } from '../../providers/base-url.ts';
import type { ModelInfo } from '../../providers/chat.ts';
import type { ModelAsk } from '../../providers/dialect.ts';
import { inItsNames } from '../targets/setting-names.ts';
import type { ProviderSettings } from '../targets/settings.ts';

export interface ModelDefaults {
  /** As configured. */
  readonly defaultModel: string | undefined;
  readonly isOpenAi: boolean;
}

/** What OpenAI itself is asked for when nothing names a model. */
const OPENAI_DEFAULT = { chat: 'gpt-4o-mini', complete: 'gpt-3.5-turbo-instruct', embed: 'text-embedding-3-small' };

/**
 * The model's own name: `corp/gpt-4o` is `gpt-4o` to the provider corp, unless it lists the longer name itself. Every
 * model of OpenRouter has a vendor in front, and some have OpenRouter: `openrouter/auto` is whole as it is.
 */
export function ownName(model: string, provider: string, knownIds: readonly string[]): string {
  const prefix = `${provider}/`;
  if (!model.startsWith(prefix) || knownIds.includes(model)) return model;
  const rest = model.slice(prefix.length);
  return provider === 'openrouter' && rest !== '' && !rest.includes('/') ? model : rest;
}

/** The default that needs no question upstream, or undefined. */
export function settledDefault(defaults: ModelDefaults, op: ModelAsk['op']): string | undefined {
  if (defaults.defaultModel !== undefined) return defaults.defaultModel;
  return defaults.isOpenAi ? OPENAI_DEFAULT[op] : undefined;
}

/** A provider that a caller names must be one there is. */
export function checkProvider(asked: string | undefined, known: readonly string[]): void {
  if (asked === undefined || asked === '' || known.includes(asked)) return;
  const next =
    known.length === 1 ? `The only provider is "${known.join('')}".` : `The providers are ${known.join(', ')}.`;
  throw new Fault('INVALID_INPUT', `There is no provider "${asked}".`, { data: { param: 'provider', next } });
}

/** OpenAI answers nothing without a key: saying so ourselves tells what to set. */
export function checkConfigured(provider: ProviderSettings): void {
  const { id, baseUrl, apiKeys, headers, names } = provider;
  const hasCredentials =
    apiKeys().length > 0 || Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (hasCredentials || !isOpenAiUrl(baseUrl)) return;
  const next = 'Set API_KEY, or API_BASE_URL to the address of another OpenAI-compatible API.';
  throw new Fault('NOT_CONFIGURED', 'No model API is configured: there is no key for api.openai.com.', {
    data: { provider: id, next: inItsNames(next, names) },
  });
}

const MAX_NAMED = 20;

/** The only model there is, or the Fault that lists what there is to choose from. */
export function onlyModel(models: readonly ModelInfo[], provider: string): string {
  const [first] = models;
  if (first !== undefined && models.length === 1) return first.id;
  const names = models.slice(0, MAX_NAMED).map((model) => model.id);
  const more = models.length - names.length;
  const list = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  const has = names.length === 0 ? 'lists none' : `has ${list}`;
  throw new Fault('INVALID_INPUT', `No model was named, there is no default, and ${provider} ${has}.`, {
    data: { provider, param: 'model', next: 'Name one as model, or set DEFAULT_MODEL.' },
  });
}
