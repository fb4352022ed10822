// What of the official suite is run, and the few checks of it that need not have passed.

/** The newest one, and the last that knew only the revisions with sessions. */
const NEW = { name: '0.2.0-alpha.12', package: '@modelcontextprotocol/conformance' };
const OLD = { name: '0.1.16', package: 'conformance-2025' };

const requirements = (revision) => ({ suite: NEW, args: ['--requirements', revision] });
const ofKind = (suite, kind) => ({ suite, args: ['--suite', kind] });
const ofRevision = (suite, revision) => ({ suite, args: ['--suite', 'all', '--spec-version', revision] });

/** Every set of requirements, every suite, and all that there is for each revision. */
export const RUNS = [
  ...['2025-11-25', '2026-07-28'].map(requirements),
  ...['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'].map((revision) => ofRevision(NEW, revision)),
  ...['active', 'draft', 'pending', 'all'].map((kind) => ofKind(NEW, kind)),
  ...['2025-06-18', '2025-11-25'].map((revision) => ofRevision(OLD, revision)),
  ...['active', 'pending', 'all'].map((kind) => ofKind(OLD, kind)),
];

/** Checks that may have been skipped, and why. A check that failed or only warns is never excused. */
export const EXCUSED = [
  {
    checks: /^tasks-status-notifications$/,
    why: 'skipped for every server until the suite looks for them where they are told, on subscriptions/listen',
  },
  { checks: /^sep-2640-/, why: 'for servers that serve skills, which this one does not' },
];
