// The program as src/main.ts starts it, with two differences: its clock is moved by a harness over an extra pipe
// (commands on 3, answers on 4), and its chance comes from a seed. For transcripts about time.

import { run } from '../../src/cli/run.ts';
import type { Random } from '../../src/core/random.ts';
import { Secrets } from '../../src/core/secrets.ts';
import { serveClock } from './clock-server.ts';
import { FakeClock } from './clock.ts';

/** 2026-01-01T00:00:00Z, so that dates in what is said do not change from run to run. */
const EPOCH = 1_767_225_600_000;

/** The same in every run: the middle of whatever is drawn from, and ids that count. */
function fixedRandom(): Random {
  let ids = 0;
  return {
    draw: () => 0.5,
    id: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
  };
}

const clock = new FakeClock(0, EPOCH);
serveClock(clock, 3, 4);
void run({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock,
  random: fixedRandom(),
  secrets: new Secrets(),
  version: '0.0.0-timed',
  onSignal(fn) {
    process.on('SIGTERM', fn);
    process.on('SIGINT', fn);
    return () => {
      process.off('SIGTERM', fn);
      process.off('SIGINT', fn);
    };
  },
  onHangup(fn) {
    process.on('SIGHUP', fn);
    return () => void process.off('SIGHUP', fn);
  },
}).then((code) => process.stdout.write('', () => process.exit(code)));
