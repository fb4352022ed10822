// Keeps a gateway to its configuration while it serves: read again when a file of it changes, or when the process is
// told to. What cannot work changes nothing but the log and what the gateway knows of its reloads.

import type { Configured } from '../config/env.ts';
import type { Reloadable } from '../config/reload/reload.ts';
import { Fault } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import type { LogOptions } from '../observe/sink.ts';
import type { Gateway } from '../gateway.ts';
import type { Host } from './host.ts';

interface Running {
  readonly gateway: Gateway;
  readonly log: Log;
  /** Where the log ends, at the level that is configured. */
  readonly sink: Pick<LogOptions, 'level'>;
}

/** Until the returned function is called. */
export function keepCurrent(host: Host, settings: Reloadable, running: Running): () => void {
  const again = (): void => takeOver(settings.read(), running);
  const stops = [settings.watch(again), host.onHangup(again)];
  return () => {
    for (const stop of stops) stop();
  };
}

function takeOver(read: Configured, { gateway, log, sink }: Running): void {
  if ('problems' in read) {
    gateway.refuseReload(read.problems);
    log.error('the configuration has problems; the last good one stays', { problems: read.problems });
    return;
  }
  try {
    gateway.reload(read.config);
  } catch (thrown) {
    log.error('the configuration cannot work; the last good one stays', { why: Fault.from(thrown).message });
    return;
  }
  sink.level = read.config.logLevel;
  for (const note of read.notes) log.info(note);
  log.info('the configuration was read again');
}
