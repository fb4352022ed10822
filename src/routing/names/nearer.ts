// Which model may have been meant by a name that nobody knows: looked up in the list of the provider that refused it,
// which is asked for where it is not known yet. An error may wait a little for that, and never fails because of it.

import type { Fault } from '../../core/fault.ts';
import { nearest } from '../../core/nearest.ts';
import type { Clock } from '../../core/clock.ts';
import type { ModelContext } from '../../providers/chat.ts';
import { aside } from '../loop/aside.ts';
import type { Desk } from '../loop/desk.ts';
import { didYouMean } from '../loop/final-fault.ts';

/** How long an error may wait for the name that was meant. */
const FOR_A_HINT_MS = 5000;

/** The same fault; one about an unknown model with a name like it. */
export async function withNearName(
  fault: Fault,
  desk: Desk | undefined,
  ctx: ModelContext,
  clock: Clock,
): Promise<Fault> {
  const { model = '' } = fault.data;
  if (fault.kind !== 'MODEL_NOT_FOUND' || desk === undefined || model === '' || desk.knownIds.length > 0) return fault;
  const deadline = Math.min(ctx.deadline, clock.now() + FOR_A_HINT_MS);
  await desk.list({}, { ...aside(ctx), deadline }).catch(() => undefined);
  const near = nearest(model, desk.knownIds);
  return near === undefined || near === model ? fault : fault.with({ next: didYouMean(near) });
}
