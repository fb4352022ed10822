// The argument `provider`, which may only name a provider that is configured, and what it makes of a model's name.

import type { JsonValue } from '../../core/json.ts';
import { notOneOf } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';

/** Adds a problem when `provider` is none of `providers`; with nothing configured the call itself says what to set. */
export function checkProvider(
  provider: JsonValue | undefined,
  providers: readonly string[],
  problems: Problem[],
): void {
  if (provider === undefined || provider === '' || providers.length === 0) return;
  if (typeof provider === 'string' && providers.includes(provider)) return;
  problems.push({ path: 'provider', message: notOneOf(provider, providers) });
}

/** The model as asked of that provider: `provider/model`, or `provider/` for its default; without one, the model alone. */
export function addressed(model: string, provider: string): string {
  return provider === '' || model.startsWith(`${provider}/`) ? model : `${provider}/${model}`;
}
