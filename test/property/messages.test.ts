// Whatever JSON a caller sends as arguments, the checkers give a request or a Fault that names it, never another throw.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted } from '../../src/catalog/request/arguments.ts';
import { toChatRequest } from '../../src/catalog/request/chat-request.ts';
import { fromOpenAi } from '../../src/catalog/request/openai-request.ts';
import { CHAT_SCHEMA } from '../../src/catalog/tools/chat.ts';
import { Fault } from '../../src/core/fault.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const NAMES =
  `role content type text image_url url tool_calls tool_call_id id function name arguments messages prompt tools
  tool_choice images extra reasoning_details response_format stop n __proto__ constructor nonsense`.split(/\s+/);
const WORDS =
  'user assistant tool system developer text image_url function a b https://x/y.png auto required json_schema'.split(
    ' ',
  );

function scalar(draw: Draw): JsonValue {
  return oneOf<JsonValue>(draw, [
    null,
    true,
    false,
    0,
    -1.5,
    1e300,
    '',
    '\ud83d',
    oneOf(draw, WORDS),
    oneOf(draw, WORDS),
  ]);
}

function anything(draw: Draw, depth: number): JsonValue {
  const kind = draw();
  if (depth === 0 || kind < 0.35) return scalar(draw);
  if (kind < 0.6) return Array.from({ length: integer(draw, 4) }, () => anything(draw, depth - 1));
  return Object.fromEntries(
    Array.from({ length: integer(draw, 5) }, () => [oneOf(draw, NAMES), anything(draw, depth - 1)]),
  );
}

/** Nearly a message: every member is what it should be most of the time. */
function message(draw: Draw): JsonValue {
  const mostly = (value: JsonValue): JsonValue => (draw() < 0.85 ? value : anything(draw, 2));
  const call = {
    id: mostly(oneOf(draw, ['a', 'b'])),
    type: 'function',
    function: mostly({ name: 'f', arguments: mostly('{}') }),
  };
  const parts = [
    mostly({ type: 'text', text: mostly('x') }),
    mostly({ type: 'image_url', image_url: mostly({ url: 'https://x/y' }) }),
  ];
  const role = oneOf(draw, ['user', 'assistant', 'tool', 'system']);
  const members: JsonObject = { role: mostly(role), content: mostly(draw() < 0.5 ? 'x' : parts) };
  if (role === 'assistant' && draw() < 0.5) members['tool_calls'] = mostly([call]);
  if (role === 'tool') members['tool_call_id'] = mostly(oneOf(draw, ['a', 'b']));
  if (draw() < 0.1) members[draw() < 0.1 ? '' : oneOf(draw, NAMES)] = anything(draw, 2);
  return mostly(members);
}

function outcome(args: JsonObject): 'request' | 'refused' {
  try {
    const request = toChatRequest(accepted(CHAT_SCHEMA, args), { schema: CHAT_SCHEMA, providers: ['corp'] });
    assert.ok(request.messages.length > 0);
    return 'request';
  } catch (thrown) {
    assert.ok(thrown instanceof Fault, String(thrown));
    assert.equal(thrown.kind, 'INVALID_INPUT');
    assert.match(thrown.message, /^Invalid arguments: \S/);
    assert.ok(thrown.message.length < 3000, thrown.message);
    return 'refused';
  }
}

test('any arguments give a request or a Fault', () => {
  forSeeds(5000, (draw) => {
    const args: JsonObject = {};
    for (let i = integer(draw, 6); i > 0; i--) args[oneOf(draw, NAMES)] = anything(draw, 4);
    outcome(args);
  });
});

test('any messages give a request or a Fault, and both come about', () => {
  const outcomes = { request: 0, refused: 0 };
  forSeeds(5000, (draw) => {
    const messages = Array.from({ length: 1 + integer(draw, 5) }, () => message(draw));
    outcomes[outcome({ messages })]++;
  });
  assert.ok(outcomes.request > 250 && outcomes.refused > 250, JSON.stringify(outcomes));
});

test('any OpenAI request gives arguments or a Fault', () => {
  forSeeds(5000, (draw) => {
    const request: JsonObject = {};
    for (let i = integer(draw, 6); i > 0; i--) request[oneOf(draw, NAMES)] = anything(draw, 3);
    try {
      outcome(fromOpenAi(CHAT_SCHEMA, request));
    } catch (thrown) {
      assert.ok(thrown instanceof Fault && thrown.kind === 'INVALID_INPUT', String(thrown));
    }
  });
});
