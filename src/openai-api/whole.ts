// A whole answer, gathered from the stream that it always is: as long as it is not complete, it may begin anew anywhere.

import { Fault } from '../core/fault.ts';
import { collect } from '../providers/answer/collect.ts';
import type { Answer } from '../providers/answer/collect.ts';
import type { Hear, ModelContext } from '../providers/chat.ts';
import type { ApiCall } from './call.ts';

/** More is no answer to be given in one piece. */
const MAX_CHARS = 64 * 1024 * 1024;

/** Of a reasoning: more than any model thinks. */
const MAX_REASONING = 8 * 1024 * 1024;

const nobody = { text: (): void => {}, count: (): void => {} };

/** Rejects with the call's fault. */
export async function whole(
  call: ApiCall,
  model: string,
  answer: (ctx: ModelContext, hear: Hear) => Promise<void>,
): Promise<Answer> {
  const ctx = call.context(model);
  const gathered = await collect((hear) => answer(ctx, hear), {
    progress: nobody,
    restarted: () => {},
    silent: true,
    maxChars: MAX_CHARS,
    maxReasoning: MAX_REASONING,
  });
  if (gathered.omitted === 0) return gathered;
  throw new Fault('UPSTREAM', `The answer is longer than ${MAX_CHARS} characters.`, {
    data: { retry: 'never', next: 'Ask for it as a stream.' },
  });
}
