// The settings as they are at each moment: read at the start, and again when a file of theirs has changed. What can
// only take effect at a start (code that is run: plug-ins and key commands; what clients were told when they came) stays
// as it was then, and is told.

import type { Clock } from '../../core/clock.ts';
import { present } from '../../core/json.ts';
import type { Config, ProviderConfig } from '../config.ts';
import { readConfig } from '../env.ts';
import type { Configured } from '../env.ts';
import type { Inputs } from '../reader.ts';
import { watchFiles } from './watch.ts';

export interface Reloadable {
  /** The settings now. The first that are free of problems are the start; from then on what needs a restart stays. */
  read: () => Configured;
  /**
   * Calls `onChange` when a file that the last `read` has read is another; reading it again is up to the caller. The
   * returned function ends it.
   */
  watch: (onChange: () => void) => () => void;
}

export function reloadable(inputs: Inputs, clock: Clock): Reloadable {
  let start: Config | undefined;
  let files: readonly string[] = [];
  return {
    read() {
      const read = readConfig(inputs);
      ({ files } = read);
      if ('problems' in read) return read;
      if (start !== undefined) return { ...read, ...asStarted(start, read) };
      start = read.config;
      return read;
    },
    watch: (onChange) => watchFiles({ files: () => files, clock, onChange }),
  };
}

type Read = Pick<Extract<Configured, { config: Config }>, 'config' | 'notes'>;

/** What was read, with what cannot change as it was at the start. */
export function asStarted(start: Config, { config, notes }: Read): Read {
  const told: string[] = [];
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (!isSame(config.plugins, start.plugins)) told.push('plugins changed: restart needed, the old ones stay.');
  for (const key of ['name', 'instructions'] as const) {
    if (config.server[key] !== start.server[key])
      told.push(`server.${key} changed: restart needed, the old one stays.`);
  }
  const before = new Map(providersOf(start).map((one) => [one.id, one]));
  const kept = (now: ProviderConfig): ProviderConfig => {
    const old = before.get(now.id);
    // A command that is no longer wanted is no code that is run.
    if (now.apiKeyCommand === undefined || isSame(now.apiKeyCommand, old?.apiKeyCommand)) return now;
    told.push(`apiKeyCommand of ${now.id} changed: restart needed, the old way to its key stays.`);
    const { apiKeyCommand: _, ...rest } = now;
    return {
      ...rest,
      apiKeys: old?.apiKeys ?? now.apiKeys,
      ...present({ apiKeyCommand: old?.apiKeyCommand }),
    };
  };
  const { provider, others, ...rest } = config;
  const main = provider === undefined ? undefined : kept(provider);
  return {
    config: {
      ...rest,
      ...present({ provider: main }),
      others: others.map(kept),
      plugins: start.plugins,
      server: start.server,
    },
    notes: [...notes, ...told],
  };
}

function providersOf({ provider, others }: Config): readonly ProviderConfig[] {
  return provider === undefined ? others : [provider, ...others];
}
