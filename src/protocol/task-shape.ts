// A task on the wire, in the two forms there are: the experimental one of the revision with a handshake, and the extension of
// the one without. Knows a task as facts and not as whatever keeps them.
// Follows MCP 2025-11-25 basic/utilities/tasks; the extension io.modelcontextprotocol/tasks (SEP-2663); protocol/MCP.md
// sections 5.11 and 5.12.

import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import type { Peer } from './peer.ts';
import type { Body } from './shape.ts';

export const TASKS = 'io.modelcontextprotocol/tasks';

/** How often a client that has nothing better to do should ask, in ms. */
const POLL_MS = 1000;

export interface TaskFacts {
  readonly id: string;
  readonly state: string;
  /** In ms since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** How long it is kept from its beginning on, at least. */
  readonly ttlMs: number;
  /** Why it is in this state, for a person. */
  readonly message?: string;
}

/** As the revision with a handshake has it. */
export function coreTask(task: TaskFacts): Body {
  return { ...common(task), ttl: task.ttlMs, pollInterval: POLL_MS };
}

/** As the extension has it. */
export function extensionTask(task: TaskFacts): Body {
  return { ...common(task), ttlMs: task.ttlMs, pollIntervalMs: POLL_MS };
}

function common({ id, state, createdAt, updatedAt, message }: TaskFacts): Body {
  return {
    taskId: id,
    status: state,
    ...(message === undefined ? {} : { statusMessage: message }),
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
  };
}

/** In which form the peer knows tasks; undefined where it knows none. */
export function taskFormOf({ revision, capabilities }: Peer): 'core' | 'extension' | undefined {
  if (revision.tasks !== 'extension') return revision.tasks;
  const { extensions } = capabilities;
  return isObject(extensions) && Object.hasOwn(extensions, TASKS) ? 'extension' : undefined;
}

/** For a request that only a client with the extension may make. */
export function tasksNotDeclared(): Fault {
  return new Fault('missing-capability', 'This needs a client that declares the tasks extension with the request.', {
    data: { wire: { requiredCapabilities: { extensions: { [TASKS]: {} } } } },
  });
}
