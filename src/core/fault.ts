// What can go wrong, as one closed list of kinds and one error class. Every boundary turns what it
// catches into a Fault; nothing else is thrown between rooms. The message of a Fault is safe to show
// to the caller; what is secret or ugly goes into `cause`, which only the log sees.
//
// The lower-case kinds are failures of the protocol, the upper-case ones are the codes of the product
// sheet, section 6. What a kind means on the JSON-RPC wire is the table in protocol/errors.ts; what it
// means for a retry is the table here, because rooms that know no MCP ask it.

/** Failures of the conversation with our own peer. */
type ProtocolKind =
  | 'parse'
  | 'invalid-request'
  | 'unknown-method'
  | 'invalid-params'
  | 'internal'
  | 'unsupported-revision'
  /** A request that claims to say all about itself and does not. */
  | 'invalid-envelope'
  /** What the headers of a request say and what its body says differ. */
  | 'header-mismatch'
  /** The client did not say that it can do what it would be asked. */
  | 'missing-capability'
  | 'not-found'
  | 'too-large'
  | 'cancelled';

/** Failures a caller sees by name: the closed set of product sheet section 6. */
export type CallerCode =
  | 'INVALID_INPUT'
  | 'NOT_CONFIGURED'
  | 'AUTH'
  | 'MODEL_NOT_FOUND'
  | 'CONTEXT_TOO_LONG'
  | 'RATE_LIMITED'
  | 'QUOTA'
  | 'BUDGET'
  | 'TIMEOUT'
  | 'UPSTREAM'
  | 'INCOMPLETE'
  | 'EMPTY_ANSWER'
  | 'CONTENT_FILTER'
  | 'NETWORK'
  | 'CANCELLED'
  | 'OVERLOADED'
  | 'CONFIG';

export type FaultKind = ProtocolKind | CallerCode;

/**
 * What may be tried after a failure: the same target `again`, only something `elsewhere` (another key
 * or target), or `never`.
 */
export type Retry = 'again' | 'elsewhere' | 'never';

interface KindRow {
  readonly retry: Retry;
  /** Whether a circuit breaker counts it: only what the upstream, not the caller, brought about. */
  readonly tripsBreaker: boolean;
}

const never: KindRow = { retry: 'never', tripsBreaker: false };
const elsewhere: KindRow = { retry: 'elsewhere', tripsBreaker: false };
const transient: KindRow = { retry: 'again', tripsBreaker: true };

/** The defaults of each kind; `FaultData.retry` overrides the first column for one fault. */
export const KINDS: Readonly<Record<FaultKind, KindRow>> = {
  parse: never,
  'invalid-request': never,
  'unknown-method': never,
  'invalid-params': never,
  internal: never,
  'unsupported-revision': never,
  'invalid-envelope': never,
  'header-mismatch': never,
  'missing-capability': never,
  'not-found': never,
  'too-large': never,
  cancelled: never,
  INVALID_INPUT: never,
  NOT_CONFIGURED: never,
  AUTH: elsewhere,
  MODEL_NOT_FOUND: elsewhere,
  CONTEXT_TOO_LONG: never,
  RATE_LIMITED: { retry: 'again', tripsBreaker: false },
  QUOTA: elsewhere,
  BUDGET: never,
  TIMEOUT: transient,
  UPSTREAM: transient,
  INCOMPLETE: transient,
  EMPTY_ANSWER: { retry: 'again', tripsBreaker: false },
  CONTENT_FILTER: never,
  NETWORK: transient,
  CANCELLED: never,
  OVERLOADED: transient,
  CONFIG: never,
};

/** One send to a target, as the result's `_meta["anymodel/attempts"]` and an error's `attempts` list it. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  /** HTTP status, or 0 when no response head came. */
  readonly status: number;
  readonly ms: number;
  /** The kind of the failure; absent when the attempt succeeded. */
  readonly error?: FaultKind;
}

/** Everything about a fault that is neither its kind nor its sentence. All of it may be shown. */
export interface FaultData {
  readonly provider?: string;
  readonly model?: string;
  /** HTTP status of the upstream's answer. */
  readonly status?: number;
  /** The upstream's own id of the request. */
  readonly requestId?: string;
  /** The upstream's machine-readable code or type, as it wrote it. */
  readonly upstreamCode?: string;
  /** The request parameter the upstream complained about. */
  readonly param?: string;
  /** Of a context that is too long: what was asked for and what there is room for, as far as the upstream says. */
  readonly tokens?: { readonly asked?: number; readonly limit?: number };
  /** Of a content filter: what it objected to, in the upstream's word or words. */
  readonly category?: string;
  /** Of an empty answer: the output limit may have left no room for it after the reasoning. */
  readonly isStarved?: boolean;
  /** What to do next, as one sentence. */
  readonly next?: string;
  /** Answer text received before the failure. */
  readonly partial?: string;
  readonly attempts?: readonly Attempt[];
  /** Overrides the kind's row in {@link KINDS}, for example from `x-should-retry`. */
  readonly retry?: Retry;
  /** The `data` member of a JSON-RPC error, as the MCP revision defines it. */
  readonly wire?: Readonly<Record<string, unknown>>;
}

export interface FaultOptions {
  readonly data?: FaultData;
  /** How long the upstream asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** For the log only; may hold secrets. */
  readonly cause?: unknown;
}

export class Fault extends Error {
  readonly kind: FaultKind;
  readonly data: FaultData;
  readonly retryAfterMs: number | undefined;

  constructor(kind: FaultKind, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.data = options.data ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  /** A Fault as it is; anything else becomes `internal`, whose text says nothing about its cause. */
  static from(thrown: unknown): Fault {
    if (thrown instanceof Fault) return thrown;
    return new Fault('internal', 'Internal error.', { cause: thrown });
  }

  /** What may be tried after this failure. */
  get retry(): Retry {
    return this.data.retry ?? KINDS[this.kind].retry;
  }

  get tripsBreaker(): boolean {
    return KINDS[this.kind].tripsBreaker;
  }

  /** The same fault with more facts; facts given here win. */
  with(data: FaultData): Fault {
    const options: { data: FaultData; retryAfterMs?: number; cause?: unknown } = {
      data: { ...this.data, ...data },
    };
    if (this.retryAfterMs !== undefined) options.retryAfterMs = this.retryAfterMs;
    if (this.cause !== undefined) options.cause = this.cause;
    const copy = new Fault(this.kind, this.message, options);
    if (this.stack !== undefined) copy.stack = this.stack;
    return copy;
  }
}
