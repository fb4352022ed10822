// Parts of the composition: what each client may do, as one configuration says.

import { termsOf } from '../access/terms.ts';
import type { ClientTerms } from '../access/terms.ts';
import type { Config } from '../config/config.ts';
import { present } from '../core/json.ts';

/** What each client may do, by its name. */
export function clientTerms({ limits, clientKeys, access }: Config): (client: string) => ClientTerms {
  return termsOf({ perClient: limits.perClient, keys: clientKeys, ...present({ jwt: access.jwt }) });
}
