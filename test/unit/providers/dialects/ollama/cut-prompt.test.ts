// The rule at the head of cut-prompt.ts: what is a cut, and above all what is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { ChatMessage } from '../../../../../src/providers/chat.ts';
import { cutPrompt } from '../../../../../src/providers/dialects/ollama/cut-prompt.ts';

const words = (count: number): string => 'word '.repeat(count);

function verdict(
  messages: readonly ChatMessage[],
  read: number | undefined,
  extra: JsonObject = {},
): Fault | undefined {
  return cutPrompt({ op: 'chat', stream: true, request: { model: 'm', messages, extra } }, read);
}

const user = (content: string): ChatMessage[] => [{ role: 'user', content }];

test('a prompt that fills a context exactly and has more words than that was cut', () => {
  const fault = verdict(user(words(5000)), 4096);
  assert.equal(fault?.kind, 'CONTEXT_TOO_LONG');
  assert.equal(fault.retry, 'never');
  assert.match(fault.message, /at least 5000 tokens, and 4096 were read/);
  assert.deepEqual(fault.data.tokens, { asked: 5000, limit: 4096 });
});

test('a prompt that has fewer words than were read was not', () => {
  assert.equal(verdict(user(words(4096)), 4096), undefined);
  assert.equal(verdict(user(words(4097)), 4096)?.kind, 'CONTEXT_TOO_LONG');
});

test('a low count away from any limit is that of a cache', () => {
  for (const read of [1, 17, 900, 1023, 1025, 4095, 4097]) assert.equal(verdict(user(words(5000)), read), undefined);
});

test('no count is no verdict', () => {
  assert.equal(verdict(user(words(5000)), undefined), undefined);
  assert.equal(verdict(user(words(5000)), 0), undefined);
});

test('a context the caller gave is a limit of its own', () => {
  const given = (num_ctx: number): JsonObject => ({ options: { num_ctx } });
  assert.equal(verdict(user(words(1500)), 700, given(1000))?.kind, 'CONTEXT_TOO_LONG');
  assert.equal(verdict(user(words(1500)), 700, { num_ctx: 1000 })?.kind, 'CONTEXT_TOO_LONG');
  assert.equal(verdict(user(words(1500)), 700, given(1500)), undefined, 'all of it may fit');
  assert.equal(verdict(user(words(1500)), 1400, given(1000)), undefined, 'the server did not heed it');
});

test('a cut that was asked for is none of our business', () => {
  assert.equal(verdict(user(words(5000)), 4096, { truncate: true }), undefined);
  assert.equal(verdict(user(words(5000)), 4096, { truncate: false })?.kind, 'CONTEXT_TOO_LONG');
});

test('what templates leave out is not counted', () => {
  const others: ChatMessage[] = [
    { role: 'assistant', content: words(3000) },
    { role: 'tool', content: words(3000), toolCallId: 'a' },
    { role: 'assistant', content: null },
  ];
  assert.equal(verdict([...user('hi'), ...others], 1024), undefined);
});

test('neither signs nor blanks make tokens, and a script without spaces few', () => {
  assert.equal(verdict(user('- '.repeat(5000)), 1024), undefined);
  assert.equal(verdict(user(`${' '.repeat(9000)}\n\t`), 1024), undefined);
  assert.equal(verdict(user('x'.repeat(50_000)), 1024), undefined);
  assert.equal(verdict(user('日本語'.repeat(2730)), 1024), undefined);
  assert.equal(verdict(user('日本語'.repeat(2734)), 1024)?.kind, 'CONTEXT_TOO_LONG');
});

test('texts in parts and system messages count together', () => {
  const messages: ChatMessage[] = [
    { role: 'system', content: words(600) },
    {
      role: 'user',
      content: [
        { type: 'text', text: words(600) },
        { type: 'image', url: 'data:image/png;base64,AA==' },
      ],
    },
  ];
  assert.equal(verdict(messages, 1024)?.kind, 'CONTEXT_TOO_LONG');
});

test('a completion has its prompt', () => {
  const ask = { op: 'complete', stream: false, request: { model: 'm', prompt: words(1100) } } as const;
  assert.equal(cutPrompt(ask, 1024)?.kind, 'CONTEXT_TOO_LONG');
  assert.equal(cutPrompt(ask, 1111), undefined);
});
