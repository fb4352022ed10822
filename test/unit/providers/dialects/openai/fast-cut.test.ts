import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FastCut } from '../../../../../src/providers/dialects/openai/fast-cut.ts';

const chunk = (content: string): string => `{"id":"c","choices":[{"index":0,"delta":{"content":${content}}}]}`;

function taught(): FastCut {
  const fast = new FastCut();
  fast.learn(chunk('"Hello"'), 'Hello');
  return fast;
}

test('the same envelope gives its content, escapes undone', () => {
  const fast = taught();
  assert.equal(fast.cut(chunk('" world"')), ' world');
  assert.equal(fast.cut(chunk('""')), '');
  assert.equal(fast.cut(chunk('"a\\n\\"b\\" \\u00e9"')), 'a\n"b" é');
});

test('anything else is for the parser', () => {
  const fast = taught();
  const others = [
    chunk('"a","role":"x"'),
    chunk('"a"},"finish_reason":"stop'),
    chunk('null'),
    chunk('"a\nb"'),
    chunk('"a\\"'),
    chunk('"a"').replace('"c"', '"d"'),
    `${chunk('"a"')} `,
    '{"id":"c","choices":[{"index":0,"delta":{"content":"',
    '[DONE]',
    '',
  ];
  for (const data of others) assert.equal(fast.cut(data), undefined, data);
});

test('nothing is cut before a lesson, nor after one whose content stands elsewhere', () => {
  const fast = new FastCut();
  assert.equal(fast.cut(chunk('"a"')), undefined);
  const decoy = '{"x":{"content":"Hi"},"choices":[{"delta":{"content" :"Hi"}}]}';
  fast.learn(decoy, 'Hi');
  assert.equal(fast.cut(decoy.replace('"Hi"', '"Ho"')), undefined);
});

test('an envelope with blanks after its colons is learnt too', () => {
  const fast = new FastCut();
  fast.learn('{"choices": [{"delta": {"content": "Hi"}}]}', 'Hi');
  assert.equal(fast.cut('{"choices": [{"delta": {"content": "Ho"}}]}'), 'Ho');
});

test('where no envelope ever repeats it stops learning, and a repetition gives it new patience', () => {
  const numbered = (n: number, content: string): string => `{"n":${n},"choices":[{"delta":{"content":"${content}"}}]}`;
  const fast = new FastCut();
  for (let n = 0; n < 20; n++) fast.learn(numbered(n, 'Hi'), 'Hi');
  assert.equal(fast.cut(numbered(19, 'Ho')), undefined);
  assert.equal(fast.cut(numbered(7, 'Ho')), 'Ho');
  fast.learn(numbered(20, 'Hi'), 'Hi');
  assert.equal(fast.cut(numbered(20, 'Ho')), 'Ho');
});
