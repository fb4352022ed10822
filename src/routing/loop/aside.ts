// A question asked on behalf of a call that is none of its attempts, or one of several asked at once: it ends with
// the call, and keeps a record of its own.

import { present } from '../../core/json.ts';
import type { ModelContext } from '../../providers/chat.ts';

export function aside(ctx: ModelContext): ModelContext {
  const { cancel, deadline, log, requestId, via } = ctx;
  const served = { provider: '', model: '', attempts: [], changed: [] };
  const phase = (...now: Parameters<ModelContext['phase']>): void => ctx.phase(...now);
  return { cancel, deadline, log, requestId, served, phase, ...present({ via }) };
}
