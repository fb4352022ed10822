import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import { present } from '../../../src/core/json.ts';
import { wholeDraft } from '../../../src/jobs/draft.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { Jobs } from '../../../src/jobs/jobs.ts';
import type { JobLimits } from '../../../src/jobs/jobs.ts';
import { FakeClock } from '../../support/clock.ts';

class Scene {
  readonly clock = new FakeClock();
  readonly states: string[] = [];
  readonly jobs: Jobs;
  #ids = 0;

  constructor(limits: Partial<JobLimits> = {}) {
    this.jobs = new Jobs({
      clock: this.clock,
      random: { draw: () => 0, id: () => `job-${++this.#ids}` },
      changed: ({ id, state }) => void this.states.push(`${id} ${state}`),
      limits,
    });
  }

  open(owner = 'me', ttlMs?: number): { job: Job; cancel: CancelSource } {
    const cancel = new CancelSource();
    return { job: this.jobs.open({ owner, about: 'chat', isTask: true, cancel, ...present({ ttlMs }) }), cancel };
  }
}

const why = new Fault('cancelled', 'Enough.');

describe('a job', () => {
  test('ends once, as it ends first', () => {
    const ends: [end: (job: Job) => void, state: string][] = [
      [(job) => job.finish({ a: 1 }), 'completed'],
      [(job) => job.fail(new Fault('internal', 'No.')), 'failed'],
      [(job) => job.fail(why), 'cancelled'],
      [(job) => job.cancel(why), 'cancelled'],
    ];
    for (const [end, state] of ends) {
      const scene = new Scene();
      const { job } = scene.open();
      assert.equal(job.state, 'working');
      end(job);
      assert.equal(job.state, state);
      const { outcome } = job;
      for (const [another] of ends) another(job);
      assert.equal(job.state, state);
      assert.equal(job.outcome, outcome);
      assert.deepEqual(scene.states, [`job-1 ${state}`]);
    }
  });

  test('cancelling ends what runs, and only while it runs', () => {
    const { job, cancel } = new Scene().open();
    job.cancel(why);
    assert.equal(cancel.reason, why);
    const done = new Scene().open();
    done.job.finish({});
    done.job.cancel(why);
    assert.equal(done.cancel.reason, undefined);
  });

  test('waits for all it asked, by those who asked it', async () => {
    const scene = new Scene();
    const { job } = scene.open();
    const first = job.park({ a: 1, b: 2 }, new CancelSource());
    const second = job.park({ c: 3 }, new CancelSource());
    assert.deepEqual(job.questions, { a: 1, b: 2, c: 3 });
    job.answer({ a: { x: 1 }, nobody: {} });
    assert.equal(job.state, 'input_required');
    assert.deepEqual(job.questions, { b: 2, c: 3 });
    job.answer({ a: { x: 2 }, b: {} });
    assert.deepEqual(await first, { a: { x: 1 }, b: {} });
    assert.equal(job.state, 'input_required');
    job.answer({ c: {} });
    assert.deepEqual(await second, { c: {} });
    assert.equal(job.state, 'working');
    job.answer({ c: {} });
    assert.equal(job.state, 'working');
  });

  test('what waits when it ends is rejected, and so is what asks later', async () => {
    const { job } = new Scene().open();
    const waiting = job.park({ a: 1 }, new CancelSource());
    job.cancel(why);
    await assert.rejects(waiting, /over/);
    await assert.rejects(job.park({ b: 1 }, new CancelSource()), /over/);
    assert.deepEqual(job.questions, {});
  });

  test('goes on when what it asked is given up, or refused, and those who asked are told why', async () => {
    const scene = new Scene();
    const { job } = scene.open();
    const until = new CancelSource();
    const given = job.park({ a: 1 }, until);
    const refused = job.park({ b: 1, c: 1 }, new CancelSource());
    until.cancel(new Fault('TIMEOUT', 'Too late.'));
    await assert.rejects(given, { kind: 'TIMEOUT' });
    assert.equal(job.state, 'input_required');
    job.refuse('a', why);
    job.answer({ c: {} });
    job.refuse('b', new Fault('INVALID_INPUT', 'No.'));
    await assert.rejects(refused, { kind: 'INVALID_INPUT' });
    assert.equal(job.state, 'working');
    assert.deepEqual(job.questions, {});
    await assert.rejects(job.park({ d: 1 }, until), { kind: 'TIMEOUT' });
    assert.equal(job.state, 'working');
    const states = ['input_required', 'input_required', 'working', 'input_required', 'working'];
    assert.deepEqual(
      scene.states,
      states.map((state) => `job-1 ${state}`),
    );
  });

  test('who waits for a change hears of the next one, and not after giving up', async () => {
    const { job } = new Scene().open();
    const next = job.next();
    let giveUp = (): void => {};
    const given = job.next((stop) => (giveUp = stop));
    giveUp();
    await given;
    job.finish({});
    await next;
  });
});

describe('the jobs', () => {
  test('are found by their owner and nobody else', () => {
    const { jobs, ...scene } = new Scene();
    const own = jobs.open({ owner: 'me', about: 'chat', isTask: true, cancel: new CancelSource() });
    assert.equal(jobs.find(own.id, 'me'), own);
    assert.equal(jobs.find(own.id, 'you'), undefined);
    assert.equal(jobs.find(own.id, ''), undefined);
    assert.equal(jobs.find('nope', 'me'), undefined);
    assert.deepEqual(jobs.of('you'), []);
    assert.deepEqual(scene.states, []);
  });

  test('are forgotten some time after they have ended, and not before', () => {
    const scene = new Scene({ ttlMs: 1000 });
    const { job } = scene.open();
    scene.clock.advance(5000);
    assert.equal(scene.jobs.size, 1);
    job.finish({});
    scene.clock.advance(999);
    assert.equal(scene.jobs.size, 1);
    scene.clock.advance(1);
    assert.equal(scene.jobs.size, 0);
  });

  test('are kept for as long as was asked for, within bounds, from when they began', () => {
    const bounds = { ttlMs: 10_000, leastTtlMs: 2000, mostTtlMs: 60_000 };
    // [asked for, told, when it ends, when it is gone]
    const cases: [asked: number | undefined, told: number, endsAt: number, goneAt: number][] = [
      [undefined, 10_000, 5000, 15_000],
      [20_000, 20_000, 5000, 20_000],
      [5000, 5000, 1000, 5000],
      [5000, 5000, 4000, 6000],
      [5000, 5000, 30_000, 32_000],
      [100_000, 60_000, 0, 60_000],
      [1, 2000, 0, 2000],
      [-1, 2000, 0, 2000],
      [1e300, 60_000, 0, 60_000],
      [2500.7, 2500, 0, 2500],
    ];
    for (const [asked, told, endsAt, goneAt] of cases) {
      const scene = new Scene(bounds);
      const { job } = scene.open('me', asked);
      assert.equal(job.ttlMs, told, String(asked));
      scene.clock.advance(endsAt);
      assert.equal(scene.jobs.find('job-1', 'me'), job, 'at work it stays');
      job.finish({});
      scene.clock.advance(goneAt - endsAt - 1);
      assert.equal(scene.jobs.find('job-1', 'me'), job, `${asked}, just before`);
      scene.clock.advance(1);
      assert.equal(scene.jobs.find('job-1', 'me'), undefined, String(asked));
    }
  });

  test('are so many under way for each owner', () => {
    const scene = new Scene({ underWay: 2 });
    const { job } = scene.open();
    scene.open();
    assert.throws(() => scene.open(), { kind: 'OVERLOADED' });
    scene.open('you');
    job.finish({});
    scene.open();
  });

  test('are so many in all: the one that ended first makes room', () => {
    const scene = new Scene({ total: 2 });
    const one = scene.open('a');
    const two = scene.open('b');
    assert.throws(() => scene.open('c'), { kind: 'OVERLOADED' });
    two.job.finish({});
    const three = scene.open('c');
    assert.equal(scene.jobs.find(two.job.id, 'b'), undefined);
    assert.equal(scene.jobs.find(one.job.id, 'a'), one.job);
    assert.equal(scene.jobs.size, 2);
    assert.deepEqual(scene.jobs.of('c'), [three.job]);
  });

  test('hold so much text in all: those that are over make room, the oldest first', () => {
    const scene = new Scene({ allCharacters: 100 });
    const jobs = ['a', 'b', 'c'].map((owner) => scene.open(owner).job);
    for (const job of jobs) {
      job.hold(wholeDraft('x'.repeat(40)));
      scene.jobs.grown(job);
    }
    const [one, two, three] = jobs;
    // Nobody could make room for the third.
    assert.equal(three?.state, 'failed');
    assert.equal(three?.outcome !== undefined && 'fault' in three.outcome && three.outcome.fault.kind, 'OVERLOADED');
    one?.finish({});
    const four = scene.open('d').job;
    four.hold(wholeDraft('x'.repeat(60)));
    scene.jobs.grown(four);
    assert.equal(four.state, 'working');
    assert.equal(two?.state, 'working');
    assert.equal(scene.jobs.find(one?.id ?? '', 'a'), undefined);
    assert.equal(scene.jobs.find(three?.id ?? '', 'c'), undefined);
  });

  test('that are over make room for those of others only where nobody has more', () => {
    const scene = new Scene({ total: 4 });
    const [mine, ...theirs] = ['me', 'you', 'you', 'you'].map((owner) => {
      const { job } = scene.open(owner);
      job.finish({});
      return job;
    });
    scene.open('you');
    scene.open('them');
    assert.deepEqual(scene.jobs.of('me'), [mine]);
    assert.equal(scene.jobs.of('you').at(-1), theirs[2]);
    assert.equal(scene.jobs.size, 4);
  });

  test('make room for text of others only where nobody holds more, and not those without any', () => {
    const scene = new Scene({ allCharacters: 100 });
    const ended = (owner: string, characters: number): Job => {
      const { job } = scene.open(owner);
      job.hold(wholeDraft('x'.repeat(characters)));
      job.finish({});
      return job;
    };
    const [mine, empty, first, second, third] = [
      ended('me', 30),
      ended('you', 0),
      ended('you', 30),
      ended('you', 30),
      ended('you', 30),
    ];
    assert.deepEqual(scene.jobs.of('me'), [mine]);
    assert.deepEqual(scene.jobs.of('you'), [third, second, empty]);
    assert.equal(scene.jobs.find(first.id, 'you'), undefined);
  });

  test('under way end for text of others only where nobody holds more: the largest of whoever does', () => {
    const scene = new Scene({ allCharacters: 100 });
    const [small, large, mine] = [scene.open('you').job, scene.open('you').job, scene.open('me').job];
    const sizes = [20, 50, 31];
    for (const [i, job] of [small, large, mine].entries()) job.hold(wholeDraft('x'.repeat(sizes[i] ?? 0)));
    scene.jobs.grown(mine);
    assert.deepEqual([small.state, large.state, mine.state], ['working', 'failed', 'working']);
    // What it held is the first to go.
    scene.jobs.grown(mine);
    assert.equal(scene.jobs.find(large.id, 'you'), undefined);
    assert.deepEqual([small.state, mine.state], ['working', 'working']);
  });

  test('that have become too much end what they ran', () => {
    const scene = new Scene({ allCharacters: 100 });
    const { job, cancel } = scene.open();
    job.hold(wholeDraft('x'.repeat(101)));
    scene.jobs.grown(job);
    assert.equal(job.state, 'failed');
    assert.equal(cancel.reason?.kind, 'OVERLOADED');
  });

  test('are weighed when they end, too', () => {
    const scene = new Scene({ allCharacters: 100 });
    const [one, two] = [scene.open().job, scene.open().job];
    one.hold(wholeDraft('x'.repeat(60)));
    one.finish({});
    two.hold(wholeDraft('x'.repeat(60)));
    two.finish({});
    assert.equal(scene.jobs.find(one.id, 'me'), undefined);
    assert.equal(two.state, 'completed');
    assert.equal(scene.jobs.find(two.id, 'me'), two);
  });

  test('are weighed with their images', () => {
    const scene = new Scene({ allCharacters: 100 });
    const [one, two] = [scene.open().job, scene.open().job];
    const image = { type: 'image', data: 'A'.repeat(60), mimeType: 'image/png' } as const;
    const ending = { blocks: [], meta: {}, isError: false, images: [image] };
    one.finish({}, ending);
    assert.equal(one.size, 60);
    two.finish({}, ending);
    assert.equal(scene.jobs.find(one.id, 'me'), undefined);
    assert.equal(scene.jobs.find(two.id, 'me'), two);
  });

  test('leave no timer behind when they make room or end with the process', () => {
    const scene = new Scene({ total: 1 });
    scene.open('a').job.finish({});
    scene.open('b').job.finish({});
    assert.equal(scene.clock.pending, 1);
    scene.jobs.stop(why);
    assert.equal(scene.clock.pending, 0);
    assert.equal(scene.jobs.size, 0);
  });

  test('all end with the process', () => {
    const scene = new Scene();
    const [one, two, over] = [scene.open('a'), scene.open('b'), scene.open('c')];
    over.job.finish({});
    scene.jobs.stop(why);
    assert.deepEqual([one.cancel.reason, two.cancel.reason], [why, why]);
    assert.deepEqual([scene.jobs.size, scene.clock.pending], [0, 0]);
  });

  test('one that made room leaves no timer behind', () => {
    const scene = new Scene({ total: 1 });
    scene.open().job.finish({});
    scene.open();
    assert.deepEqual([scene.jobs.size, scene.clock.pending], [1, 0]);
  });
});
