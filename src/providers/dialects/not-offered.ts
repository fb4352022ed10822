// What to say when a provider's API has nothing of the kind: nothing is sent.

import { Fault } from '../../core/fault.ts';

export function notOffered(what: string, provider: string): Fault {
  return new Fault('INVALID_INPUT', `The API of ${provider} does not offer ${what}.`, {
    data: { provider, retry: 'elsewhere', next: 'Ask a model of another provider.' },
  });
}
