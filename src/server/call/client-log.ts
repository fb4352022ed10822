// What a client is told of the log: the lines of its own calls, from the level it wants, and of each line only
// what is meant for it. Knows no revision; who wants which level is decided elsewhere.
// Follows MCP server/utilities/logging (rate limit, no secrets).

import type { Clock } from '../../core/clock.ts';
import type { LogFields, Log, LogLevel } from '../../core/log.ts';
import type { Scrub } from '../../protocol/errors.ts';
import { reaches } from '../../protocol/levels.ts';
import type { LoggingLevel } from '../../protocol/levels.ts';
import type { RpcContext } from '../../rpc/handlers.ts';
import { unawaited } from './progress.ts';

/** Lines to the client in one window: a flood of warnings must not crowd out the answers. */
const MOST_LINES = 20;
const WINDOW_MS = 10_000;

/** The fields of a line that a client is shown; the rest (causes, stacks, addresses) is for the log alone. */
const SHOWN = ['tool', 'method', 'requestId', 'provider', 'model', 'attempt', 'status', 'code'];

const LEVELS: Readonly<Record<LogLevel, LoggingLevel>> = {
  debug: 'debug',
  info: 'info',
  warn: 'warning',
  error: 'error',
};

/** Counts the lines a link's client is sent, over all its calls. */
export class LogGate {
  #windowEnd = Number.NEGATIVE_INFINITY;
  #sent = 0;
  #withheld = 0;

  /** How many lines were withheld before this one; `undefined` when this one is withheld too. */
  pass(now: number): number | undefined {
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + WINDOW_MS;
      this.#sent = 0;
    }
    if (this.#sent === MOST_LINES) {
      this.#withheld++;
      return undefined;
    }
    this.#sent++;
    const withheld = this.#withheld;
    this.#withheld = 0;
    return withheld;
  }
}

/** Whose call it is, and what its client wants to hear of it. */
export interface Listener {
  /** The program's own log, which is told everything. */
  readonly log: Log;
  /** The least severe level the client wants at that moment; `undefined`: it is told nothing. */
  readonly wanted: () => LoggingLevel | undefined;
  /** The name the client is told the lines come from. */
  readonly logger: string;
  readonly gate: LogGate;
  readonly clock: Clock;
  readonly scrub: Scrub;
  /** Says it in whatever way there is at that moment. */
  readonly tell: RpcContext['notify'];
}

/** The log of one call: writes to the program's log, and to the client what reaches its level. */
export class CallLog implements Log {
  readonly #listener: Listener;
  readonly #fields: LogFields;
  #bound: Log | undefined;

  constructor(listener: Listener, fields: LogFields) {
    this.#listener = listener;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  with(fields: LogFields): Log {
    return new CallLog(this.#listener, { ...this.#fields, ...fields });
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    // Bound when first written to: most calls never write a line.
    this.#bound ??= this.#listener.log.with(this.#fields);
    this.#bound[level](message, fields);
    this.#tell(LEVELS[level], message, fields);
  }

  #tell(level: LoggingLevel, message: string, fields: LogFields | undefined): void {
    const { logger, gate, clock, scrub, tell } = this.#listener;
    const wanted = this.#listener.wanted();
    if (wanted === undefined || !reaches(level, wanted)) return;
    const withheld = gate.pass(clock.now());
    if (withheld === undefined) return;
    const data: Record<string, unknown> = { message: scrub(message) };
    for (const name of SHOWN) {
      const value = fields?.[name] ?? this.#fields[name];
      if (typeof value === 'string') data[name] = scrub(value);
      else if (typeof value === 'number') data[name] = value;
    }
    if (withheld > 0) data['withheld'] = withheld;
    unawaited(tell('notifications/message', { level, logger, data }));
  }
}
