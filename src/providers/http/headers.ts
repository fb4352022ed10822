// Which request headers HTTP can carry (RFC 9110, 5.1 and 5.5). Asked only after a client has refused them,
// or before one whose own error would quote the value: a value may be a key, and is never repeated here.

import { Fault } from '../../core/fault.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Fault CONFIG for the first header that cannot be sent; `undefined` when all can. */
export function headerFault(headers: Readonly<Record<string, string>>): Fault | undefined {
  const bad = Object.entries(headers).find(([name, value]) => !NAME.test(name) || !VALUE.test(value));
  if (bad === undefined) return undefined;
  return new Fault('CONFIG', `The header ${JSON.stringify(bad[0])} holds a character that HTTP does not allow.`, {
    data: { next: 'Look for a line break or a character outside Latin-1 in the key or in the configured headers.' },
  });
}
