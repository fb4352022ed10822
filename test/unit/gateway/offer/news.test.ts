import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { ResourceNews } from '../../../../src/gateway/offer/news.ts';
import { Job } from '../../../../src/jobs/job.ts';
import { FakeClock } from '../../../support/clock.ts';

interface Site {
  readonly news: ResourceNews;
  readonly clock: FakeClock;
  readonly told: unknown[];
  states: { readonly id: string; readonly well: boolean; readonly open: readonly string[] }[];
}

function site(): Site {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const made: Site = {
    clock,
    told,
    states: [{ id: 'corp', well: true, open: [] }],
    news: new ResourceNews({ clock, tell: (change) => told.push(change), states: () => made.states }),
  };
  return made;
}

test('however often something changes, it is told once a second', () => {
  const { news, clock, told } = site();
  for (let i = 0; i < 100; i++) news.used();
  clock.advance(999);
  assert.deepEqual(told, []);
  clock.advance(1);
  assert.deepEqual(told, [{ resource: 'anymodel://usage' }]);
  clock.advance(10_000);
  assert.equal(told.length, 1, 'nothing happened since');
  assert.equal(clock.pending, 0);
  news.used();
  clock.advance(1000);
  assert.equal(told.length, 2);
});

test('a call that opened a breaker has changed health, and the one that closed it again', () => {
  const made = site();
  const { news, clock, told } = made;
  made.states = [{ id: 'corp', well: true, open: ['m'] }];
  news.used();
  clock.advance(1000);
  assert.deepEqual(told, [{ resource: 'anymodel://usage' }, { resource: 'anymodel://health' }]);
  news.used();
  clock.advance(1000);
  assert.equal(told.length, 3, 'it is still open');
  made.states = [{ id: 'corp', well: true, open: [] }];
  news.used();
  clock.advance(1000);
  assert.deepEqual(told.slice(3), [{ resource: 'anymodel://usage' }, { resource: 'anymodel://health' }]);
});

test('a health check, a list and a reload change what they are about', () => {
  const { news, clock, told } = site();
  news.probed();
  clock.advance(1000);
  assert.deepEqual(told.splice(0), [{ resource: 'anymodel://health' }, { resource: 'anymodel://providers' }]);
  news.listed([{ id: 'meta/llama 3', provider: 'local' }]);
  clock.advance(1000);
  assert.deepEqual(told.splice(0), [
    { resource: 'anymodel://models' },
    { resource: 'anymodel://models/local/meta%2Fllama%203' },
  ]);
  news.reloaded(true);
  clock.advance(1000);
  assert.deepEqual(told.splice(0), [
    { resource: 'anymodel://health' },
    { resource: 'anymodel://config' },
    { resource: 'anymodel://providers' },
    { resource: 'anymodel://models' },
  ]);
  news.reloaded(false);
  clock.advance(1000);
  assert.deepEqual(told, [{ resource: 'anymodel://health' }]);
});

test('a job is told of to its owner', () => {
  const { news, clock, told } = site();
  const setup = {
    id: 'j',
    owner: 'ci',
    about: 'chat',
    isTask: false,
    cancel: new CancelSource(),
    now: () => 0,
    ttlMs: 1,
    changed: () => {},
  };
  news.job(new Job(setup));
  clock.advance(1000);
  assert.deepEqual(told, [{ resource: 'anymodel://jobs/j', owner: 'ci' }]);
});

test('nothing is told once it is closed, and no timer is left', () => {
  const { news, clock, told } = site();
  news.used();
  news.close();
  news.used();
  assert.equal(clock.pending, 0);
  clock.advance(5000);
  assert.deepEqual(told, []);
});
