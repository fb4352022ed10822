// The methods we serve, as one table: in which revisions each exists, how its params are read, who answers
// it. A method that is not in the table for the asker's revision is unknown, with no other rule anywhere.
// Methods beyond the specification (product sheet, section 5) are rows like the others.
//
// Notifications need no row: the only one that does anything is the cancel, which the engine applies.

import type { JsonObject } from '../core/json.ts';
import {
  readCall,
  readGetPrompt,
  readInitialize,
  readList,
  readListen,
  readNothing,
  readOwn,
  readOwnList,
  readReadResource,
  readSetLevel,
  readTask,
  readUpdateTask,
  readUri,
} from './params.ts';
import type {
  CallParams,
  GetPromptParams,
  InitializeParams,
  ListenParams,
  ListParams,
  ReadResourceParams,
  SetLevelParams,
  TaskParams,
  UpdateTaskParams,
} from './params.ts';
import {
  NEWEST,
  NEWEST_WITH_HANDSHAKE,
  OLDEST,
  OLDEST_WITH_TASKS,
  OLDEST_WITHOUT_HANDSHAKE,
  REVISIONS,
} from './revisions.ts';
import type { Revision } from './revisions.ts';

/** What each handler is given, by its name. */
export interface ParamsOf {
  readonly initialize: InitializeParams;
  readonly discover: undefined;
  readonly ping: undefined;
  readonly listTools: ListParams;
  readonly callTool: CallParams;
  readonly complete: JsonObject;
  readonly listResources: ListParams;
  readonly listTemplates: ListParams;
  readonly readResource: ReadResourceParams;
  readonly subscribe: string;
  readonly unsubscribe: string;
  readonly listPrompts: ListParams;
  readonly getPrompt: GetPromptParams;
  readonly listen: ListenParams;
  readonly getTask: TaskParams;
  readonly cancelTask: TaskParams;
  readonly updateTask: UpdateTaskParams;
  readonly taskResult: TaskParams;
  readonly listTasks: ListParams;
  readonly setLevel: SetLevelParams;
  readonly listModels: JsonObject;
  readonly createCompletion: JsonObject;
}

export type HandlerName = keyof ParamsOf;

export interface MethodRow<Name extends HandlerName = HandlerName> {
  /** The method and its other names. */
  readonly names: readonly string[];
  readonly first: Revision;
  readonly last: Revision;
  readonly handler: Name;
  readonly read: (params: JsonObject) => ParamsOf[Name];
  /** Whether the result says for how long it may be kept, in revisions that have such hints. */
  readonly cacheable: boolean;
  /** What must be offered for the method to be there; absent: nothing in particular. */
  readonly of?: keyof Offered;
  /** Whether a stranger is answered. Everybody else must be introduced. */
  readonly servesStranger: (params: JsonObject) => boolean;
}

/** What the catalog holds, as far as methods depend on it. */
export interface Offered {
  readonly resources: boolean;
  readonly prompts: boolean;
  /** Calls that may outlive their request. */
  readonly tasks: boolean;
}

type AnyRow = { readonly [Name in HandlerName]: MethodRow<Name> }[HandlerName];

const always = (): boolean => true;
const never = (): boolean => false;
/** `completion/complete` is ours when it asks a model and the specification's when it names a `ref`. */
const withoutRef = (params: JsonObject): boolean => !Object.hasOwn(params, 'ref');

const handshake = { first: OLDEST, last: NEWEST_WITH_HANDSHAKE };
const perRequest = { first: OLDEST_WITHOUT_HANDSHAKE, last: NEWEST };
const withTasks = { first: OLDEST_WITH_TASKS, last: NEWEST };
const firstTasks = { first: OLDEST_WITH_TASKS, last: NEWEST_WITH_HANDSHAKE };
const everywhere = { first: OLDEST, last: NEWEST };

// A table is read by its columns.
// prettier-ignore
const METHODS: readonly AnyRow[] = [
  { names: ['initialize'],                ...handshake,  handler: 'initialize',       read: readInitialize, cacheable: false, servesStranger: always },
  { names: ['ping'],                      ...handshake,  handler: 'ping',             read: readNothing,    cacheable: false, servesStranger: always },
  { names: ['logging/setLevel'],          ...handshake,  handler: 'setLevel',         read: readSetLevel,   cacheable: false, servesStranger: never },
  { names: ['server/discover'],           ...perRequest, handler: 'discover',         read: readNothing,    cacheable: true,  servesStranger: never },
  { names: ['tools/list'],                ...everywhere, handler: 'listTools',        read: readList,       cacheable: true,  servesStranger: never },
  { names: ['tools/call'],                ...everywhere, handler: 'callTool',         read: readCall,       cacheable: false, servesStranger: never },
  { names: ['completion/complete'],       ...everywhere, handler: 'complete',         read: readOwn,        cacheable: false, servesStranger: withoutRef },
  { names: ['resources/list'],            ...everywhere, handler: 'listResources',    read: readList,       cacheable: true,  servesStranger: never,   of: 'resources' },
  { names: ['resources/templates/list'],  ...everywhere, handler: 'listTemplates',    read: readList,       cacheable: true,  servesStranger: never,   of: 'resources' },
  { names: ['resources/read'],            ...everywhere, handler: 'readResource',     read: readReadResource, cacheable: true, servesStranger: never,  of: 'resources' },
  { names: ['resources/subscribe'],       ...handshake,  handler: 'subscribe',        read: readUri,        cacheable: false, servesStranger: never,   of: 'resources' },
  { names: ['resources/unsubscribe'],     ...handshake,  handler: 'unsubscribe',      read: readUri,        cacheable: false, servesStranger: never,   of: 'resources' },
  { names: ['prompts/list'],              ...everywhere, handler: 'listPrompts',      read: readList,       cacheable: true,  servesStranger: never,   of: 'prompts' },
  { names: ['prompts/get'],               ...everywhere, handler: 'getPrompt',        read: readGetPrompt,  cacheable: false, servesStranger: never,   of: 'prompts' },
  { names: ['subscriptions/listen'],      ...perRequest, handler: 'listen',           read: readListen,     cacheable: false, servesStranger: never },
  { names: ['tasks/get'],                 ...withTasks,  handler: 'getTask',          read: readTask,       cacheable: false, servesStranger: never,   of: 'tasks' },
  { names: ['tasks/cancel'],              ...withTasks,  handler: 'cancelTask',       read: readTask,       cacheable: false, servesStranger: never,   of: 'tasks' },
  { names: ['tasks/update'],              ...perRequest, handler: 'updateTask',       read: readUpdateTask, cacheable: false, servesStranger: never,   of: 'tasks' },
  { names: ['tasks/result'],              ...firstTasks, handler: 'taskResult',       read: readTask,       cacheable: false, servesStranger: never,   of: 'tasks' },
  { names: ['tasks/list'],                ...firstTasks, handler: 'listTasks',        read: readList,       cacheable: false, servesStranger: never,   of: 'tasks' },
  { names: ['callTool'],                  ...everywhere, handler: 'callTool',         read: readCall,       cacheable: false, servesStranger: always },
  { names: ['models/list', 'listModels'], ...everywhere, handler: 'listModels',       read: readOwnList,    cacheable: false, servesStranger: always },
  { names: ['createCompletion'],          ...everywhere, handler: 'createCompletion', read: readOwn,        cacheable: false, servesStranger: always },
];

const byRevision: ReadonlyMap<Revision, ReadonlyMap<string, AnyRow>> = new Map(
  REVISIONS.map((revision) => [revision, rowsOf(revision)]),
);

function rowsOf(revision: Revision): ReadonlyMap<string, AnyRow> {
  const at = REVISIONS.indexOf(revision);
  const rows = METHODS.filter(({ first, last }) => REVISIONS.indexOf(first) <= at && at <= REVISIONS.indexOf(last));
  return new Map(rows.flatMap((row) => row.names.map((name) => [name, row] as const)));
}

/** The row of a method in a revision; `undefined` when that revision has no such method, or we do not serve it. */
export function methodRow(revision: Revision, method: string, offered: Offered): AnyRow | undefined {
  const row = byRevision.get(revision)?.get(method);
  return row?.of === undefined || offered[row.of] ? row : undefined;
}
