// What stands in for the models when no provider is configured: the server starts and lists its tools all the
// same, and a call says what to set.

import { Fault } from '../core/fault.ts';
import type { Models } from '../providers/chat.ts';

export function notConfigured(): Fault {
  return new Fault('NOT_CONFIGURED', 'No model API is configured.', {
    data: { next: 'Set API_BASE_URL to the address of an OpenAI-compatible API, and API_KEY if it wants a key.' },
  });
}

const refuse = (): Promise<never> => Promise.reject(notConfigured());

export const unconfigured: Models = { chat: refuse, complete: refuse, embed: refuse, list: refuse };
