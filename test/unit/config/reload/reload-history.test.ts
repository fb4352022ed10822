// What is known of reloads: how many took effect, since when what is in force is, and why the newest did not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReloadHistory } from '../../../../src/config/reload/reload-history.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { FakeClock } from '../../../support/clock.ts';

const of = (clock: FakeClock): ReloadHistory =>
  new ReloadHistory({ clock, scrub: (text) => text.replaceAll('sk-canary', '[secret]') });

test('the start is the first load, and no reload', () => {
  assert.deepEqual(of(new FakeClock(0, 5000)).state, { loadedAt: 5000, succeeded: 0, failed: 0 });
});

test('a failure is told until something takes effect, and changes nothing of what is in force', () => {
  const clock = new FakeClock(0, 5000);
  const history = of(clock);
  clock.advance(10);
  history.fail(['providers[0].id: "alias" is taken']);
  const broken = history.state;
  const lastFault = { at: 5010, problems: ['providers[0].id: "alias" is taken'] };
  assert.deepEqual(broken, { loadedAt: 5000, succeeded: 0, failed: 1, lastFault });
  clock.advance(10);
  history.fail(['another']);
  assert.deepEqual(history.state, {
    loadedAt: 5000,
    succeeded: 0,
    failed: 2,
    lastFault: { at: 5020, problems: ['another'] },
  });
  clock.advance(10);
  assert.equal(
    history.count(() => 'taken'),
    'taken',
  );
  assert.deepEqual(history.state, { loadedAt: 5030, succeeded: 1, failed: 2 });
  assert.equal(broken.failed, 1, 'what was handed out stays as it was');
});

test('what throws has failed, is thrown on, and is told without its secrets', () => {
  const history = of(new FakeClock(0, 5000));
  const fault = new Fault('CONFIG', 'No proxy at sk-canary.');
  assert.throws(
    () =>
      history.count(() => {
        throw fault;
      }),
    (thrown) => thrown === fault,
  );
  assert.deepEqual(history.state.lastFault, { at: 5000, problems: ['No proxy at [secret].'] });
  assert.equal(history.state.succeeded, 0);
});
