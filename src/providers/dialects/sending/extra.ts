// What a caller puts in `extra` is sent as it is, but may not be a member the dialect sets itself: which of the
// two would win is nothing a caller should have to know (PRODUCT.md section 4).

import { Fault } from '../../../core/fault.ts';
import type { JsonObject } from '../../../core/json.ts';

/** `extra` as it is. Throws `INVALID_INPUT` for a member that is `reserved`. */
export function checkedExtra(extra: JsonObject | undefined, reserved: ReadonlySet<string>): JsonObject | undefined {
  for (const name of Object.keys(extra ?? {})) {
    if (!reserved.has(name)) continue;
    throw new Fault('INVALID_INPUT', `"extra" may not contain "${name}".`, {
      data: { param: name, next: `Use the argument of that name, or leave it out: ${name} is set for you.` },
    });
  }
  return extra;
}
