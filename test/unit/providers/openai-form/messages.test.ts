import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../../../../src/providers/chat.ts';
import { readMessages } from '../../../../src/providers/openai-form/messages.ts';
import type { Problem } from '../../../../src/core/schema.ts';

/** The problems of these messages, as sentences. */
function problems(messages: unknown): string[] {
  const found: Problem[] = [];
  readMessages(messages, 'messages', found);
  return found.map(({ path, message }) => `${path} ${message}`);
}

function read(messages: unknown): ChatMessage[] {
  const found: Problem[] = [];
  const result = readMessages(messages, 'messages', found);
  assert.deepEqual(found, []);
  return result;
}

const call = (id: string): unknown => ({ id, type: 'function', function: { name: 'look_up', arguments: '{"q":1}' } });

test('every role and both forms of content are read', () => {
  assert.deepEqual(
    read([
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'low' } },
        ],
      },
      { role: 'user', content: [{ type: 'image_url', image_url: 'data:image/png;base64,AAAA' }] },
      { role: 'assistant', content: '' },
    ]),
    [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', url: 'https://x/y.png', detail: 'low' },
        ],
      },
      { role: 'user', content: [{ type: 'image', url: 'data:image/png;base64,AAAA' }] },
      { role: 'assistant', content: '' },
    ],
  );
});

test('tool calls and their answers are read; arguments become text', () => {
  const bare = { id: 'b', function: { name: 'now', arguments: '' } };
  const parsed = { id: 'c', type: 'function', function: { name: 'add', arguments: { x: 1 } } };
  assert.deepEqual(
    read([
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: null, tool_calls: [call('a'), bare, parsed] },
      { role: 'tool', tool_call_id: 'b', content: 'noon' },
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'one' }] },
      { role: 'tool', tool_call_id: 'c', name: 'add', content: '' },
    ]),
    [
      { role: 'user', content: 'Go.' },
      {
        role: 'assistant',
        content: null,
        toolCalls: [
          { id: 'a', name: 'look_up', arguments: '{"q":1}' },
          { id: 'b', name: 'now', arguments: '{}' },
          { id: 'c', name: 'add', arguments: '{"x":1}' },
        ],
      },
      { role: 'tool', content: 'noon', toolCallId: 'b' },
      { role: 'tool', content: [{ type: 'text', text: 'one' }], toolCallId: 'a' },
      { role: 'tool', content: '', name: 'add', toolCallId: 'c' },
    ],
  );
});

test('what an upstream put into its answer may be handed back and is dropped', () => {
  const answer = {
    role: 'assistant',
    content: 'Hi.',
    refusal: null,
    annotations: [],
    audio: null,
    reasoning_content: 'hm',
    tool_calls: [],
  };
  assert.deepEqual(read([answer]), [{ role: 'assistant', content: 'Hi.' }]);
  assert.deepEqual(read([{ role: 'user', content: 'x', name: null, tool_calls: null, tool_call_id: null }]), [
    { role: 'user', content: 'x' },
  ]);
});

test('the reasoning behind an answer is handed back as it was given', () => {
  const details = [
    { type: 'reasoning.text', text: 'hm', signature: 's1', format: 'anthropic-claude-v1' },
    { type: 'reasoning.encrypted', data: 'AAAA', id: 'rs_1', format: 'openai-responses-v1' },
  ];
  assert.deepEqual(read([{ role: 'assistant', content: 'Hi.', reasoning: 'hm', reasoning_details: details }]), [
    { role: 'assistant', content: 'Hi.', reasoningDetails: details },
  ]);
  for (const none of [undefined, null, []]) {
    assert.deepEqual(read([{ role: 'assistant', content: 'Hi.', reasoning_details: none }]), [
      { role: 'assistant', content: 'Hi.' },
    ]);
    assert.deepEqual(read([{ role: 'user', content: 'Hi.', reasoning_details: none }]), [
      { role: 'user', content: 'Hi.' },
    ]);
  }
});

test('reasoning that came as text is taken back where it led to tool calls', () => {
  const message = { role: 'assistant', content: null, reasoning_content: 'hm', tool_calls: [call('a')] };
  const [first] = read([message, { role: 'tool', tool_call_id: 'a', content: 'x' }]);
  assert.deepEqual(first?.reasoningDetails, [{ type: 'reasoning.text', text: 'hm', format: 'unknown' }]);
  assert.deepEqual(read([{ role: 'assistant', content: 'Hi.', reasoning_content: 'hm' }]), [
    { role: 'assistant', content: 'Hi.' },
  ]);
});

test('audio and files are passed on as they are, and a refusal is what was said', () => {
  const input_audio = { data: 'AAAA', format: 'wav' };
  const parts = [
    { type: 'input_audio', input_audio },
    { type: 'file', file: { file_id: 'f-1' } },
  ];
  assert.deepEqual(read([{ role: 'user', content: parts }])[0]?.content, [
    { type: 'attachment', kind: 'input_audio', body: input_audio },
    { type: 'attachment', kind: 'file', body: { file_id: 'f-1' } },
  ]);
  assert.deepEqual(read([{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }])[0]?.content, [
    { type: 'text', text: 'No.' },
  ]);
  assert.deepEqual(read([{ role: 'assistant', content: null, refusal: 'No.' }])[0]?.content, 'No.');
});

test('reasoning that was not answered like that is refused', () => {
  const refusal = 'messages[0].reasoning_details must be an array of at most 1000 objects, as they were answered';
  for (const reasoning_details of ['hm', {}, ['hm'], [{}, null], Array.from({ length: 1001 }, () => ({}))]) {
    assert.deepEqual(problems([{ role: 'assistant', content: 'Hi.', reasoning_details }]), [refusal]);
  }
  assert.deepEqual(problems([{ role: 'user', content: 'Hi.', reasoning_details: [{ type: 'reasoning.text' }] }]), [
    'messages[0].reasoning_details belongs to messages with role "assistant", not "user"',
  ]);
});

test('a bad role is named with the nearest', () => {
  assert.deepEqual(problems([{ role: 'user', content: 'x' }, { role: 'asistant', content: 'y' }, {}]), [
    'messages[1].role must be one of "system", "developer", "user", "assistant", "tool", not "asistant" (did you mean "assistant"?)',
    'messages[2].role must be one of "system", "developer", "user", "assistant", "tool", not nothing',
  ]);
});

test('a bad part is named with its path', () => {
  const user = (part: unknown): unknown => [{ role: 'user', content: [part] }];
  assert.deepEqual(problems(user({ type: 'txt', text: 'x' })), [
    'messages[0].content[0].type must be one of "text", "image_url", "input_audio", "file", "refusal", not "txt" (did you mean "text"?)',
  ]);
  assert.deepEqual(problems(user({ type: 'input_audio' })), [
    'messages[0].content[0].input_audio must be an object, not nothing',
  ]);
  assert.deepEqual(problems(user('hi')), ['messages[0].content[0] must be an object with a type, not "hi"']);
  assert.deepEqual(problems(user({ type: 'text' })), ['messages[0].content[0].text must be a string, not nothing']);
  assert.deepEqual(problems(user({ type: 'image_url', image_url: { url: 'http://x/y.png' } })), [
    'messages[0].content[0].image_url.url must be an https: URL or a data:image/…;base64,… URL, not "http://x/y.png"',
  ]);
  assert.deepEqual(problems(user({ type: 'image_url', image_url: { url: 'https://x', detail: 3 } })), [
    'messages[0].content[0].image_url.detail must be a string, not 3',
  ]);
  assert.deepEqual(problems([{ role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://x' } }] }]), [
    'messages[0].content[0].type must be "text": only user messages carry images, not system ones',
  ]);
  const carries = (role: string, part: unknown): string[] => problems([{ role, content: [part] }]);
  assert.deepEqual(carries('assistant', { type: 'file', file: {} }), [
    'messages[0].content[0].type must be "text": only user messages carry files, not assistant ones',
  ]);
  assert.deepEqual(carries('user', { type: 'refusal', refusal: 'No.' }), [
    'messages[0].content[0].type must be "text": only assistant messages carry refusals, not user ones',
  ]);
});

test('content must be there, unless the message calls tools', () => {
  const expected = 'messages[0].content must be a string or an array of parts, not ';
  assert.deepEqual(problems([{ role: 'user' }]), [`${expected}nothing`]);
  assert.deepEqual(problems([{ role: 'assistant', content: null }]), [`${expected}null`]);
  assert.deepEqual(problems([{ role: 'user', content: {} }]), [`${expected}an object`]);
  assert.deepEqual(problems([{ role: 'user', content: [] }]), ['messages[0].content must have at least one part']);
});

test('members that are not known are refused, never ignored', () => {
  assert.deepEqual(problems([{ role: 'user', contents: 'x' }]), [
    'messages[0].contents is not known here (did you mean "content"?)',
    'messages[0].content must be a string or an array of parts, not nothing',
  ]);
  assert.deepEqual(problems([{ role: 'user', content: 'x', cache_control: {} }]), [
    'messages[0].cache_control is not known here (known are role, content, name, tool_calls, tool_call_id, reasoning_details)',
  ]);
});

test('members stand only on the messages they belong to', () => {
  assert.deepEqual(problems([{ role: 'user', content: 'x', tool_calls: [call('a')] }]), [
    'messages[0].tool_calls belongs to messages with role "assistant", not "user"',
  ]);
  assert.deepEqual(problems([{ role: 'user', content: 'x', tool_call_id: 'a' }]), [
    'messages[0].tool_call_id belongs to messages with role "tool", not "user"',
  ]);
  assert.deepEqual(problems([{ role: 'tool', content: 'x' }]), [
    'messages[0].tool_call_id must be a non-empty string, not nothing',
  ]);
});

test('a malformed tool call is named with its path', () => {
  const assistant = (one: unknown): unknown => [{ role: 'assistant', tool_calls: [one] }];
  assert.deepEqual(problems(assistant({ id: 'a', function: { name: '', arguments: 3 } })), [
    'messages[0].tool_calls[0].function.name must be a non-empty string, not ""',
    'messages[0].tool_calls[0].function.arguments must be a string of JSON, not 3',
    'messages[0].content must be a string or an array of parts, not nothing',
  ]);
  assert.deepEqual(problems([{ role: 'assistant', content: 'x', tool_calls: ['a'] }]), [
    'messages[0].tool_calls[0] must be an object {id, type: "function", function: {name, arguments}}',
  ]);
  assert.deepEqual(problems([{ role: 'assistant', content: 'x', tool_calls: {} }]), [
    'messages[0].tool_calls must be an array, not an object',
  ]);
  assert.deepEqual(problems([{ role: 'assistant', tool_calls: [call('a'), call('a')] }]), [
    'messages[0].tool_calls[1].id must differ from the ids before it, not be "a" again',
  ]);
});

test('every call is answered right after it, and every answer belongs to a call', () => {
  const asking = { role: 'assistant', tool_calls: [call('a'), call('b')] };
  assert.deepEqual(
    problems([asking, { role: 'tool', tool_call_id: 'a', content: '1' }, { role: 'user', content: 'x' }]),
    ['messages[0].tool_calls[1].id "b" has no "tool" message right after it that answers it'],
  );
  assert.deepEqual(problems([asking, { role: 'tool', tool_call_id: 'c', content: '1' }]), [
    'messages[1].tool_call_id "c" is no tool call of the assistant message before it (waiting are "a", "b")',
    'messages[0].tool_calls[0].id "a" has no "tool" message right after it that answers it',
    'messages[0].tool_calls[1].id "b" has no "tool" message right after it that answers it',
  ]);
  assert.deepEqual(problems([{ role: 'tool', tool_call_id: 'a', content: '1' }]), [
    'messages[0].tool_call_id "a" is no tool call of the assistant message before it (no call waits for an answer)',
  ]);
});

test('an id may come again in a later turn', () => {
  const turn = [
    { role: 'assistant', tool_calls: [call('call_0')] },
    { role: 'tool', tool_call_id: 'call_0', content: '1' },
  ];
  assert.deepEqual(problems([...turn, ...turn]), []);
});

test('what is no list of messages is refused as such', () => {
  assert.deepEqual(problems('hi'), ['messages must be an array of messages, not "hi"']);
  assert.deepEqual(problems([]), ['messages must have at least one message']);
  assert.deepEqual(problems(['hi', null]), [
    'messages[0] must be an object with role and content, not "hi"',
    'messages[1] must be an object with role and content, not null',
  ]);
});

test('a checker stops when it has enough', () => {
  assert.equal(problems(Array.from({ length: 100_000 }, () => 0)).length, 5);
});
