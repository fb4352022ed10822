// The dialect that speaks for a type of provider, of those there are.

import { Fault } from '../core/fault.ts';
import type { Dialect } from './dialect.ts';

/** By the provider type that speaks each. */
export type Dialects = Readonly<Record<string, Dialect>>;

/** Throws `CONFIG` when there is none, which is only possible with plug-ins: else the configuration has checked the type. */
export function dialectOf({ id, type }: { readonly id: string; readonly type: string }, dialects: Dialects): Dialect {
  const dialect = dialects[type];
  if (dialect !== undefined) return dialect;
  const known = Object.keys(dialects).join(', ');
  throw new Fault('CONFIG', `The type "${type}" of the provider ${id} is that of no plug-in. Known are ${known}.`);
}
