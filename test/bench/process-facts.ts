// What the kernel says of a process. Linux only: elsewhere every answer is NaN, which the table shows as '-'.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const TICK_NS = 1e7;

/** CPU that all its threads have taken, user and system, in microseconds. */
export function cpuUs(pid: number): number {
  try {
    return schedulerNs(pid) / 1000;
  } catch {
    return statNs(pid) / 1000;
  }
}

/** In nanoseconds where the kernel keeps them. */
function schedulerNs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1'))
    .reduce((sum, line) => sum + Number(line.split(' ')[0]), 0);
}

/** In ticks of 10 ms, everywhere else on Linux. */
function statNs(pid: number): number {
  try {
    const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
    const fields = afterName.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_NS;
  } catch {
    return Number.NaN;
  }
}

/** Resident memory now, and the most since the start or the last `forgetPeak`; MiB. */
export function memoryMiB(pid: number): { rss: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { rss: field('VmRSS'), peak: field('VmHWM') };
  } catch {
    return { rss: Number.NaN, peak: Number.NaN };
  }
}

export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not Linux, or not ours: the peak then counts from the start.
  }
}
