// The pages of a job, read while its text grows and after: joined at the offsets they give they are the text, and none of
// them begins or ends inside a pair.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelSource } from '../../src/core/context.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import type { Job } from '../../src/jobs/job.ts';
import { ANY_ROOM } from '../../src/core/text-cut.ts';
import type { Room } from '../../src/core/text-cut.ts';
import { readPage } from '../../src/jobs/reading.ts';
import { AnswerText, beginningOf } from '../../src/providers/answer/text.ts';
import { FakeClock } from '../support/clock.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const LETTERS = ['a', 'é', 'e\u0301', '😀', '👩‍👩‍👧', '👍🏽', '\r\n', '\n', '語', '`', '```\n', '\ud83d', 'x'.repeat(70)];

function someText(draw: Draw): string {
  return Array.from({ length: integer(draw, 300) }, () => oneOf(draw, LETTERS)).join('');
}

function someRoom(draw: Draw): Room {
  return { chars: 1 + integer(draw, 200), bytes: oneOf(draw, [Infinity, 1 + integer(draw, 400)]) };
}

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A page is not longer than its room, but for the one character that there is always room for. */
function assertWithin(text: string, { chars, bytes }: Room): void {
  if (text.length <= 64) return;
  assert.ok(text.length <= chars, `${text.length} characters, not ${chars}`);
  // The half of a pair that is alone is two bytes of the four, and is written in three.
  const size = Buffer.byteLength(text) - (text.match(LONE)?.length ?? 0);
  assert.ok(size <= bytes, `${size} bytes, not ${bytes}`);
}

function jobWith(text: AnswerText): Job {
  const jobs = new Jobs({ clock: new FakeClock(), random: { draw: () => 0, id: () => 'job' }, changed: () => {} });
  const job = jobs.open({ owner: 'me', about: 'chat', isTask: false, cancel: new CancelSource() });
  job.hold(text);
  return job;
}

function assertSound(text: string, whole: string, at: number): void {
  const isParted = /[\uD800-\uDBFF]/.test(whole.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(whole.charAt(at));
  assert.equal(isParted, false, `cut inside a pair at ${at} of ${JSON.stringify(text)}`);
}

test('pages read while a text grows, and after, join to the text', () => {
  forSeeds(400, (draw) => {
    const whole = someText(draw);
    const text = new AnswerText(Number.POSITIVE_INFINITY);
    const job = jobWith(text);
    let read = '';
    let offset = 0;
    for (let told = 0; told < whole.length;) {
      const next = Math.min(whole.length, told + integer(draw, 40));
      text.add(whole.slice(told, next));
      told = next;
      const room = someRoom(draw);
      const page = readPage(job, offset, room);
      assertWithin(page.text, room);
      assert.equal(page.offset, offset);
      assert.equal(page.total, undefined);
      read += page.text;
      offset = page.next ?? -1;
      assertSound(page.text, whole, offset);
    }
    job.finish({});
    for (let i = 0; i < 2000; i++) {
      const room = someRoom(draw);
      const page = readPage(job, offset, room);
      assertWithin(page.text, room);
      assert.equal(page.offset, offset);
      assert.equal(page.total, whole.length);
      read += page.text;
      if (page.next === undefined) break;
      offset = page.next;
      assertSound(page.text, whole, offset);
    }
    assert.equal(read, whole);
  });
});

/** A reader of a job that puts the pages together: one that begins at the front takes the place of all before. */
class Reader {
  text = '';
  next: number | undefined = 0;

  read(job: Job, room: Room): void {
    if (this.next === undefined) return;
    const page = readPage(job, job.places.isSound(this.next) ? this.next : 0, room);
    this.text = this.text.slice(0, page.offset) + page.text;
    this.next = page.next;
  }
}

test('several readers of a text that begins anew all end with the text there is', () => {
  forSeeds(400, (draw) => {
    const job = jobWith(new AnswerText(Number.POSITIVE_INFINITY));
    const readers = Array.from({ length: 1 + integer(draw, 4) }, () => new Reader());
    let whole = '';
    for (const letter of ['a', 'b', 'c', 'd'].slice(0, 1 + integer(draw, 4))) {
      const text = new AnswerText(Number.POSITIVE_INFINITY);
      job.hold(text);
      if (letter !== 'a') job.enter('restart', 2);
      whole = '';
      for (let i = integer(draw, 30); i > 0; i--) {
        const more = oneOf(draw, [letter, letter.repeat(10), '😀', `${letter}\u0301`]);
        text.add(more);
        whole += more;
        if (draw() < 0.7) oneOf(draw, readers).read(job, someRoom(draw));
      }
    }
    job.finish({});
    for (const reader of readers) {
      for (let i = 0; reader.next !== undefined && i < 2000; i++) reader.read(job, { chars: 100, bytes: Infinity });
      assert.equal(reader.text, whole);
    }
  });
});

test('an offset of the reader is never inside a pair, and past the end is the end', () => {
  forSeeds(200, (draw) => {
    const whole = someText(draw);
    const text = new AnswerText(Number.POSITIVE_INFINITY);
    text.add(whole);
    const job = jobWith(text);
    job.finish({});
    const page = readPage(job, integer(draw, whole.length + 50), { chars: 100, bytes: Infinity });
    assertSound(page.text, whole, page.offset);
    assert.equal(whole.startsWith(page.text, page.offset), true);
    assert.equal(readPage(job, whole.length + 1, ANY_ROOM).offset <= whole.length, true);
  });
});

test('the beginning of a text and what is read from its length on are the text', () => {
  forSeeds(400, (draw) => {
    const whole = someText(draw);
    const text = new AnswerText(Number.POSITIVE_INFINITY);
    text.add(whole);
    const { text: kept } = text.finish();
    const most = integer(draw, whole.length + 1);
    const cut = beginningOf(kept, most);
    assert.ok(cut.length <= most);
    assertSound(String(cut.text), whole, cut.length);
    assert.equal(String(cut.text).slice(0, cut.length), whole.slice(0, cut.length));
    // Nothing is added but the end of a code block.
    assert.match(String(cut.text).slice(cut.length), /^(?:\n`{3,})?$/);
  });
});
