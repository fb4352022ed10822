// What a test run prints: every failure with its place and reason, then one line of totals. Nothing for
// what passes, so that a failure is not to be searched for.

import { relative } from 'node:path';
import { inspect } from 'node:util';

export default async function* report(events) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const began = performance.now();
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A suite fails because a test in it did, which is counted and printed by itself.
    if (data.details?.type === 'suite' && data.details.error?.failureType !== 'hookFailed') continue;
    if (type === 'test:pass') {
      totals[data.skip === undefined ? 'passed' : 'skipped'] += 1;
    } else if (data.details.error?.failureType !== 'subtestsFailed') {
      totals.failed += 1;
      const place = data.file === undefined ? '' : ` (${relative(process.cwd(), data.file)})`;
      const cause = data.details.error?.cause ?? data.details.error;
      yield `\nFAILED ${data.name}${place}\n${typeof cause === 'string' ? cause : inspect(cause)}\n`;
    }
  }
  const skipped = totals.skipped === 0 ? '' : `, ${totals.skipped} skipped`;
  yield `${((performance.now() - began) / 1000).toFixed(1)} s\n${totals.passed} passed, ${totals.failed} failed${skipped}\n`;
}
