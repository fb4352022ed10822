import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFence } from '../../../../src/providers/answer/fence.ts';
import { AnswerText } from '../../../../src/providers/answer/text.ts';
import { LongText } from '../../../../src/core/json.ts';

function gathered(max: number, ...pieces: readonly string[]): { text: unknown; omitted: number } {
  const text = new AnswerText(max);
  for (const piece of pieces) text.add(piece);
  return text.finish();
}

test('a short text is one string', () => {
  assert.deepEqual(gathered(100, 'Hel', '', 'lo'), { text: 'Hello', omitted: 0 });
  assert.deepEqual(gathered(100), { text: '', omitted: 0 });
});

test('a long text stays in blocks, which are few however small the pieces', () => {
  const { text } = gathered(1_000_000, ...Array.from({ length: 20_000 }, () => '0123456789'));
  assert.ok(text instanceof LongText);
  assert.equal(text.length, 200_000);
  assert.equal(text.pieces.length, 4);
  assert.equal(String(text), '0123456789'.repeat(20_000));
});

test('65,536 characters are still one string', () => {
  assert.equal(typeof gathered(1_000_000, 'x'.repeat(65_536)).text, 'string');
  assert.ok(gathered(1_000_000, 'x'.repeat(65_537)).text instanceof LongText);
});

test('what is over the cap is counted and not kept', () => {
  assert.deepEqual(gathered(5, 'abc', 'defg', 'hij'), { text: 'abcde', omitted: 5 });
  assert.deepEqual(gathered(5, 'abcde'), { text: 'abcde', omitted: 0 });
});

test('the cut is never inside a character', () => {
  assert.deepEqual(gathered(3, 'ab😀cd'), { text: 'ab', omitted: 4 });
  assert.deepEqual(gathered(3, 'ab\ud83d', '\ude00cd'), { text: 'ab', omitted: 4 });
  assert.deepEqual(gathered(4, 'ab😀cd'), { text: 'ab😀', omitted: 2 });
});

test('a cut inside a code block closes it', () => {
  assert.deepEqual(gathered(12, 'x\n```js\nlet a = 1;'), { text: 'x\n```js\nlet \n```', omitted: 6 });
  assert.deepEqual(gathered(12, '```\na\n```\nbcdefgh'), { text: '```\na\n```\nbc', omitted: 5 });
});

const fences: readonly (readonly [string, string | undefined])[] = [
  ['no fence', undefined],
  ['```js\ncode', '```'],
  ['```\ncode\n```', undefined],
  ['```\ncode\n```\n', undefined],
  ['~~~~ py\ncode\n~~~\n```', '~~~~'],
  ['````\n```\n', '````'],
  ['```\ncode\n`````\nafter', undefined],
  ['   ```\ncode', '```'],
  ['    ```\ncode', undefined],
  ['a ``` b', undefined],
  ['```inline```', undefined],
  ['```js\r\ncode\r\n```\r\n', undefined],
  ['```\n``` not closing\n', '```'],
];

test('an open fence is found however the text is cut', () => {
  for (const [text, open] of fences) {
    for (let cut = 0; cut <= text.length; cut++) {
      assert.equal(openFence([text.slice(0, cut), text.slice(cut)]), open, JSON.stringify([text, cut]));
    }
    assert.equal(openFence(text.split('')), open);
  }
});

test('a line of ten million characters is no fence, and costs no more than reading it', () => {
  assert.equal(openFence(['```\n', ...Array.from({ length: 100 }, () => 'x'.repeat(100_000))]), '```');
});
