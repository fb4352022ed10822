// A call's context for tests: cancellable, with a deadline on the fake clock, and keeping what it was told.

import { CancelSource } from '../../src/core/context.ts';
import type { Phase } from '../../src/core/context.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Commit, ModelContext } from '../../src/providers/chat.ts';
import type { FakeClock } from './clock.ts';

export interface TestContext extends ModelContext {
  readonly cancel: CancelSource;
  /** Every phase told, as `waiting 1`. */
  readonly phases: string[];
}

export function testContext(clock: FakeClock, limitMs = 600_000, commit?: Commit): TestContext {
  const phases: string[] = [];
  return {
    cancel: new CancelSource(),
    deadline: clock.now() + limitMs,
    log: silentLog,
    requestId: 'call-1',
    served: { provider: '', model: '', attempts: [], changed: [] },
    phases,
    ...(commit === undefined ? {} : { commit }),
    phase: (phase: Phase, attempt: number) => phases.push(`${phase} ${attempt}`),
  };
}
