// What a fault looks like on the wire. Faults that spoil an answer on its way are left to the renderer.

import type { FaultKind } from './models.ts';
import { events, refusal } from './reply.ts';
import type { Refusal, Reply } from './reply.ts';

const REFUSALS: Readonly<Record<'flaky' | '429' | '500' | 'quota', Refusal>> = {
  flaky: { status: 503, message: 'The server is overloaded, try again (mock/flaky).', type: 'server_error' },
  429: {
    status: 429,
    message: 'Rate limit reached for requests (mock/429).',
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after-ms': '100', 'retry-after': '1' },
  },
  500: {
    status: 500,
    message: 'The server had an error while processing your request (mock/500).',
    type: 'server_error',
  },
  quota: {
    status: 429,
    message: 'You exceeded your current quota, please check your plan and billing details (mock/quota).',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  },
};

/** The reply of a fault that answers in the model's stead; `undefined` for one that lets the model speak. */
export function faultReply(fault: FaultKind, stream: boolean): Reply | undefined {
  switch (fault) {
    case 'flaky':
    case '429':
    case '500':
    case 'quota':
      return refusal(REFUSALS[fault]);
    case 'refuse':
      return { steps: [{ do: 'reset' }] };
    case 'silent':
      return stream ? events([{ do: 'hang' }]) : { steps: [{ do: 'hang' }] };
    case 'cut':
    case 'garbage':
    case 'empty':
      return undefined;
  }
}
