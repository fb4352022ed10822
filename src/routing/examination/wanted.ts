// Which models of a provider calls will ask for: the default one, and those that aliases lead to.

import type { AliasTarget } from '../targets/settings.ts';
import type { Router } from '../router.ts';
import type { Wanted } from './subject.ts';

export const DEFAULT = 'the default model';

export interface Wanting {
  readonly router: Pick<Router, 'explain'>;
  readonly aliases: Readonly<Record<string, readonly AliasTarget[]>>;
}

/** The default model first. */
export function wantedOf(provider: string, { router, aliases }: Wanting): readonly Wanted[] {
  const wanted = new Map<string, string>();
  for (const model of [...targetsOf('', provider, router), ...targetsOf(`${provider}/`, provider, router)]) {
    if (!wanted.has(model)) wanted.set(model, DEFAULT);
  }
  for (const [alias, targets] of Object.entries(aliases)) {
    for (const target of targets) {
      if (target.provider === provider && !wanted.has(target.model)) wanted.set(target.model, `the alias ${alias}`);
    }
  }
  return [...wanted].map(([model, as]) => ({ model, as }));
}

function targetsOf(name: string, provider: string, router: Wanting['router']): readonly string[] {
  try {
    const { targets } = router.explain(name);
    return targets.flatMap(({ provider: id, model }) => (id === provider && model !== '' ? [model] : []));
  } catch {
    // There is none, which is told where a call names none.
    return [];
  }
}
