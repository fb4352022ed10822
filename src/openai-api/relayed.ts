// A streamed answer of any endpoint, from the first event to the last: what ends well ends with what the frames still
// have to say, and what fails says so in the stream where there is one, else with a status.

import { Fault } from '../core/fault.ts';
import type { Hear, ModelContext } from '../providers/chat.ts';
import type { ApiCall } from './call.ts';
import { errorAnswer } from './errors.ts';
import { EventRelay } from './relay/event-relay.ts';
import type { FrameOptions, Frames } from './relay/frames.ts';

export interface Streaming {
  /** As asked. */
  readonly model: string;
  readonly frames: Frames;
  readonly answer: (ctx: ModelContext, hear: Hear) => Promise<void>;
}

/** Rejects with the fault it ended with, told already where the answer has begun. */
export async function relayed(call: ApiCall, { model, frames, answer }: Streaming): Promise<void> {
  const { site, exchange } = call;
  const relay = new EventRelay({ exchange, clock: site.clock, frames, headers: () => call.headers(1) });
  try {
    await answer(call.context(model, relay), relay.hear);
    relay.end();
  } catch (thrown) {
    const fault = Fault.from(thrown);
    relay.fail(errorAnswer(fault, (text) => site.scrub(text)).body);
    throw fault;
  }
}

/** What frames are told of a call before its upstream says anything. */
export function frameOptions(
  { site, served, requestId }: ApiCall,
  prefix: string,
  includeUsage: boolean,
): FrameOptions {
  const created = Math.floor(site.clock.wall() / 1000);
  return { id: `${prefix}-${requestId}`, created, model: () => served.model, includeUsage };
}
