import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThinkTags } from '../../../../src/providers/attempt/think-tags.ts';
import type { ChatEvent } from '../../../../src/providers/chat.ts';
import { forSeeds, integer, oneOf } from '../../../support/property.ts';

const finish: ChatEvent = { type: 'finish', reason: 'stop' };
const text = (piece: string): ChatEvent => ({ type: 'text', text: piece });

/** What an answer in these pieces is read as: reasoning and text, each joined. */
function read(pieces: readonly string[]): { readonly reasoning: string; readonly text: string } {
  const tags = new ThinkTags(true);
  const events = [...pieces.flatMap((piece) => tags.pass([text(piece)])), ...tags.pass([finish])];
  const joined = (type: string): string =>
    events.flatMap((event) => ('text' in event && event.type === type ? [event.text] : [])).join('');
  return { reasoning: joined('reasoning'), text: joined('text') };
}

const CASES: readonly (readonly [string, string, string])[] = [
  ['Hello', '', 'Hello'],
  ['', '', ''],
  ['\n\n Hello', '', '\n\n Hello'],
  ['<think>hm</think>Hello', 'hm', 'Hello'],
  ['\n<think>\nhm\n</think>\n\nHello\n', '\nhm\n', 'Hello\n'],
  ['<think></think>Hello', '', 'Hello'],
  ['<thinking>a</thinking>b', 'a', 'b'],
  ['<thought>a</thought> b', 'a', 'b'],
  ['<reasoning>a</reasoning>b', 'a', 'b'],
  ['<think>a</thinking></think>b', 'a</thinking>', 'b'],
  ['<think>a < b </ c</think>d', 'a < b </ c', 'd'],
  ['<think>never closed', 'never closed', ''],
  ['<think>cut in the tag</thi', 'cut in the tag</thi', ''],
  ['<think>hm</think>\n ', 'hm', ''],
  ['<thi', '', '<thi'],
  ['<thinks>no</thinks>', '', '<thinks>no</thinks>'],
  ['Use <think>x</think> so', '', 'Use <think>x</think> so'],
  ['<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
  ['hm</think>Hello', '', 'hm</think>Hello'],
  [`${' '.repeat(64)}<think>a</think>b`, 'a', 'b'],
  [`${' '.repeat(65)}<think>a</think>b`, '', `${' '.repeat(65)}<think>a</think>b`],
];

test('what stands between tags at the very beginning is reasoning, however it is cut', () => {
  for (const [answer, reasoning, rest] of CASES) {
    const expected = { reasoning, text: rest };
    assert.deepEqual(read([answer]), expected, answer);
    assert.deepEqual(read(answer.split('')), expected, `${answer}, letter by letter`);
    for (let at = 0; at <= answer.length; at++)
      assert.deepEqual(read([answer.slice(0, at), answer.slice(at)]), expected, `${answer}, cut at ${at}`);
  }
});

test('any text in any pieces is read as in one', () => {
  const words = ['<think>', '</think>', '<thinking>', '</thi', 'nk>', '<', ' ', '\n', 'a', 'é', '🙂'];
  forSeeds(500, (draw) => {
    const answer = Array.from({ length: integer(draw, 12) }, () => oneOf(draw, words)).join('');
    const pieces: string[] = [];
    for (let from = 0; from < answer.length;) {
      const to = from + integer(draw, 6);
      pieces.push(answer.slice(from, to));
      from = to;
    }
    assert.deepEqual(read(pieces), read([answer]), JSON.stringify(answer));
  });
});

test('what follows its first text is handed on as it is, the very batch', () => {
  const tags = new ThinkTags(true);
  tags.pass([text('Hello')]);
  const batch = [text(' <think>'), finish];
  assert.equal(tags.pass(batch), batch);
});

test('each choice has tags of its own', () => {
  const tags = new ThinkTags(true);
  const events = [
    ...tags.pass([text('Hello'), { type: 'text', text: '<thi', choice: 1 }]),
    ...tags.pass([text(' you'), { type: 'text', text: 'nk>hm</think>Hi', choice: 1 }]),
    ...tags.pass([{ type: 'text', text: '<thin', choice: 2 }, { type: 'finish', reason: 'stop', choice: 2 }, finish]),
  ];
  assert.deepEqual(events, [
    text('Hello'),
    text(' you'),
    { type: 'reasoning', text: 'hm', choice: 1 },
    { type: 'text', text: 'Hi', choice: 1 },
    { type: 'text', text: '<thin', choice: 2 },
    { type: 'finish', reason: 'stop', choice: 2 },
    finish,
  ]);
});

test('where reasoning is told apart, or a tool is called first, tags are the answer itself', () => {
  for (const first of [
    { type: 'reasoning', text: 'hm' },
    { type: 'tool', index: 0, id: 'c', name: 't', arguments: '{}' },
  ] as const) {
    const tags = new ThinkTags(true);
    const tagged = text('<think>x</think>');
    assert.deepEqual([...tags.pass([text('<'), first]), ...tags.pass([tagged])], [text('<'), first, tagged]);
  }
});

test('names that answers are asked for with count only for a model that thinks', () => {
  const answer = '<reasoning>2 and 2</reasoning>\n<answer>4</answer>';
  assert.deepEqual(new ThinkTags(false).pass([text(answer), finish]), [text(answer), finish]);
  assert.deepEqual(new ThinkTags(false).pass([text('<think>hm</think>4'), finish]), [
    { type: 'reasoning', text: 'hm' },
    text('4'),
    finish,
  ]);
});

test('a closing tag is found although a tool call comes in its middle', () => {
  const tags = new ThinkTags(true);
  const call: ChatEvent = { type: 'tool', index: 0, id: 'c', name: 'f', arguments: '{}' };
  assert.deepEqual(
    [...tags.pass([text('<think>hm</thi')]), ...tags.pass([call]), ...tags.pass([text('nk>Hello'), finish])],
    [{ type: 'reasoning', text: 'hm' }, call, text('Hello'), finish],
  );
});
