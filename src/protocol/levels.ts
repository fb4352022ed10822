// The severities of log messages to a client: the eight of syslog, as MCP names them (server/utilities/logging).

export type LoggingLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';

/** From the least severe to the most. */
const SEVERITY: Readonly<Record<LoggingLevel, number>> = {
  debug: 0,
  info: 1,
  notice: 2,
  warning: 3,
  error: 4,
  critical: 5,
  alert: 6,
  emergency: 7,
};

/** For a message that says what would have been accepted. */
export const LEVEL_NAMES: string = Object.keys(SEVERITY).join(', ');

export function isLoggingLevel(value: unknown): value is LoggingLevel {
  return typeof value === 'string' && Object.hasOwn(SEVERITY, value);
}

/** Whether a peer that asked for `wanted` is to be told something of `level`. */
export function reaches(level: LoggingLevel, wanted: LoggingLevel): boolean {
  return SEVERITY[level] >= SEVERITY[wanted];
}
