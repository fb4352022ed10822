// Parts of the composition: the settings in force as a client may know them. Nobody sees what other clients' keys may do; a
// client that may ask for some models only sees nothing of where models come from.

import type { ClientTerms } from '../../access/terms.ts';
import type { Config } from '../../config/config.ts';
import { redacted } from '../../config/redacted.ts';
import type { JsonObject } from '../../core/json.ts';

/** What says nothing of providers, models, machines and other clients. */
const FOR_ALL: ReadonlySet<string> = new Set([
  'server',
  'tools',
  'progress',
  'maxOutputChars',
  'maxLineBytes',
  'cache',
  'limits',
]);

export function shownConfig(config: Config, client: string, termsOf: (client: string) => ClientTerms): JsonObject {
  const { clientKeys: _keys, access: _access, ...rest } = redacted(config);
  const { models } = termsOf(client);
  if (models === undefined) return rest;
  const shown = Object.entries(rest).filter(([name]) => FOR_ALL.has(name));
  return { ...Object.fromEntries(shown), client: { name: client, models: [...models] } };
}
