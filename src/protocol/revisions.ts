// The revisions of MCP as one table: the only file where a revision date is written. Code asks a row for a
// column, never whether a revision is "at least" another. Adding a revision is adding a row.
// Follows MCP 2024-11-05 to 2026-07-28; the columns are those that this program uses.

export interface Revision {
  readonly date: string;
  /** How a peer opens: with a handshake that holds for the connection, or anew with every request. */
  readonly opening: 'initialize' | 'per request';
  /** JSON-RPC batch arrays are accepted. */
  readonly batching: boolean;
  /** `outputSchema` of a tool and `structuredContent` of its result. */
  readonly structuredOutput: boolean;
  /** `message` of a progress notice. */
  readonly progressMessage: boolean;
  /** `resultType` on every result, and who answers in the result's `_meta`. */
  readonly resultType: boolean;
  /** `ttlMs` and `cacheScope` on the results that may be cached. */
  readonly cacheHints: boolean;
  /** `annotations` of a tool. */
  readonly toolAnnotations: boolean;
  /** `title` of a tool and of the server. */
  readonly titles: boolean;
  /** `_meta` of a tool in the list. */
  readonly itemMeta: boolean;
  /** Content of type `audio`. */
  readonly audio: boolean;
  /** Content of type `resource_link`. */
  readonly resourceLinks: boolean;
  /** How the client is asked something: with a request of ours, or by a result that it answers by calling again. */
  readonly askClient: 'request' | 'result';
  /** What a resource that is not there is. */
  readonly missingResource: 'not-found' | 'invalid-params';
  /** Calls that outlive their request: the first form of them, or the extension that took its place. */
  readonly tasks: 'core' | 'extension' | undefined;
  /** `completions` among the capabilities. */
  readonly completionsCapability: boolean;
  /** A stream of events begins with one that says nothing, so that there is an id to come back with. */
  readonly primesStreams: boolean;
  /** The member of the capabilities under which what is not in the specification is announced. */
  readonly extensionsMember: 'experimental' | 'extensions';
}

/** Before there were titles, annotations and structure. */
const first: Revision = {
  date: '2024-11-05',
  opening: 'initialize',
  batching: false,
  structuredOutput: false,
  progressMessage: false,
  resultType: false,
  cacheHints: false,
  toolAnnotations: false,
  titles: false,
  itemMeta: false,
  audio: false,
  resourceLinks: false,
  askClient: 'request',
  missingResource: 'not-found',
  tasks: undefined,
  completionsCapability: false,
  primesStreams: false,
  extensionsMember: 'experimental',
};

/** The one with batches. */
const second: Revision = {
  date: '2025-03-26',
  opening: 'initialize',
  batching: true,
  structuredOutput: false,
  progressMessage: true,
  resultType: false,
  cacheHints: false,
  toolAnnotations: true,
  titles: false,
  itemMeta: false,
  audio: true,
  resourceLinks: false,
  askClient: 'request',
  missingResource: 'not-found',
  tasks: undefined,
  completionsCapability: true,
  primesStreams: false,
  extensionsMember: 'experimental',
};

const third: Revision = {
  date: '2025-06-18',
  opening: 'initialize',
  batching: false,
  structuredOutput: true,
  progressMessage: true,
  resultType: false,
  cacheHints: false,
  toolAnnotations: true,
  titles: true,
  itemMeta: true,
  audio: true,
  resourceLinks: true,
  askClient: 'request',
  missingResource: 'not-found',
  tasks: undefined,
  completionsCapability: true,
  primesStreams: false,
  extensionsMember: 'experimental',
};

/** The last with a handshake, and the first with tasks. */
const fourth: Revision = { ...third, date: '2025-11-25', tasks: 'core', primesStreams: true };

/** The one without a handshake: every request says who sends it. */
const fifth: Revision = {
  date: '2026-07-28',
  opening: 'per request',
  batching: false,
  structuredOutput: true,
  progressMessage: true,
  resultType: true,
  cacheHints: true,
  toolAnnotations: true,
  titles: true,
  itemMeta: true,
  audio: true,
  resourceLinks: true,
  askClient: 'result',
  missingResource: 'invalid-params',
  tasks: 'extension',
  completionsCapability: true,
  primesStreams: false,
  extensionsMember: 'extensions',
};

/** Oldest first. */
export const REVISIONS: readonly Revision[] = [first, second, third, fourth, fifth];

export const OLDEST: Revision = first;
export const NEWEST_WITH_HANDSHAKE: Revision = fourth;
export const OLDEST_WITH_TASKS: Revision = fourth;
export const OLDEST_WITHOUT_HANDSHAKE: Revision = fifth;
export const NEWEST: Revision = fifth;

/** What a request over HTTP speaks that does not say: the last revision without a header for it. */
export const UNSAID: Revision = second;

/** Every date we speak, newest first: what `server/discover` lists. */
export const SUPPORTED_DATES: readonly string[] = REVISIONS.map((revision) => revision.date).toReversed();

/** The revision of that date that opens in that way, if we speak it. */
export function revisionOf(date: string, opening: Revision['opening']): Revision | undefined {
  return REVISIONS.find((revision) => revision.date === date && revision.opening === opening);
}
