// The list of all models: the aliases, then each provider's own, in the order they are configured. One provider that is
// down does not hide the others, and aliases are listed whatever is down.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { ModelContext, ModelInfo, ModelListing, ModelQuery } from '../../providers/chat.ts';
import { ALIAS_PROVIDER } from '../names/addressing.ts';
import { aside } from '../loop/aside.ts';
import { checkProvider } from '../names/default-model.ts';
import type { Desk } from '../loop/desk.ts';

/** A provider that does not list its models within this time is named among the missing: the others do not wait. */
const MOST_LIST_MS = 15_000;

export interface Listed {
  readonly desks: ReadonlyMap<string, Desk>;
  readonly aliases: Iterable<string>;
  readonly clock: Clock;
}

export async function listAll(
  { desks, aliases, clock }: Listed,
  query: ModelQuery,
  ctx: ModelContext,
): Promise<ModelListing> {
  checkProvider(query.provider, [...desks.keys()]);
  const named = desks.get(query.provider ?? '');
  if (named !== undefined) return named.list(query, ctx);
  const names = [...aliases].map((id) => ({ id, provider: ALIAS_PROVIDER }));
  const all = [...desks.values()];
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0 && names.length === 0) return only.list(query, ctx);
  const deadline = Math.min(ctx.deadline, clock.now() + MOST_LIST_MS);
  const contexts = all.map(() => ({ ...aside(ctx), deadline }));
  const lists = await Promise.allSettled(all.map((desk, i) => desk.list(query, contexts[i] ?? ctx)));
  for (const { served } of contexts) ctx.served.attempts.push(...served.attempts);
  return merged(names, all, lists);
}

/** When no provider answers and there is no alias, the first one's fault is thrown. */
function merged(
  names: readonly ModelInfo[],
  from: readonly Desk[],
  lists: readonly PromiseSettledResult<ModelListing>[],
): ModelListing {
  const models = [...names, ...lists.flatMap((one) => (one.status === 'fulfilled' ? one.value.models : []))];
  const failed = lists.flatMap((one, i) => {
    if (one.status === 'fulfilled') return one.value.failed;
    return [{ provider: from[i]?.settings.id ?? '', fault: Fault.from(one.reason) }];
  });
  const [first] = failed;
  if (first !== undefined && failed.length === from.length && names.length === 0) throw first.fault;
  return { models, failed };
}
