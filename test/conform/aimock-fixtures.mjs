// What the mock of aimock.test.mjs answers, whichever API it is asked in: fixtures as @copilotkit/aimock reads them,
// told apart by the last words of the user, and the words the test asks with.

export const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const GREETING = 'Hello there, 世界: this answer comes in many small pieces.';
export const KEY = 'key-of-the-tests';
export const VECTOR = [0.5, -0.25, 1];
export const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};
export const TO_SCHEMA = { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema: SCHEMA } };

const error = (status, type, message, more = {}) => ({ error: { type, message }, status, ...more });
/** Answers to the same question, in turn. */
const inTurn = (userMessage, ...answers) =>
  answers.map((response, sequenceIndex) => ({ match: { userMessage, sequenceIndex }, response }));

const holdsImage = ({ messages }) =>
  JSON.stringify(messages.at(-1)?.content) ===
  JSON.stringify([
    { type: 'text', text: 'what is in this seen picture?' },
    { type: 'image_url', image_url: { url: PIXEL } },
  ]);

/** A turn that goes on after the answer of the wrong shape. */
const isRepair = ({ messages }) => messages.some(({ content }) => content === '{"city":"Paris","degrees":"mild"}');

export const FIXTURES = [
  {
    match: { userMessage: 'hello' },
    response: { content: GREETING, usage: { prompt_tokens: 7, completion_tokens: 5, cost: 0.00125 } },
    chunkSize: 4,
    latency: 2,
  },
  {
    match: { userMessage: 'weather', hasToolResult: false },
    response: { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }] },
    chunkSize: 5,
  },
  { match: { userMessage: 'weather', toolResultContains: 'rain' }, response: { content: 'It rains in Paris.' } },
  {
    match: { userMessage: 'two cities', hasToolResult: false },
    response: {
      content: 'I look.',
      toolCalls: [
        { name: 'get_weather', arguments: '{"city":"Paris"}' },
        { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      ],
    },
    chunkSize: 5,
  },
  { match: { userMessage: 'two cities', toolResultContains: 'snow' }, response: { content: 'Rain and snow.' } },
  {
    match: { userMessage: 'ponder' },
    response: { content: 'Done.', reasoning: 'First this, then that.', reasoningSignature: 'c2lnbmF0dXJl' },
    chunkSize: 5,
  },
  {
    match: { userMessage: 'deep thought', hasToolResult: false },
    response: {
      toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }],
      reasoning: 'I need the weather.',
      reasoningSignature: 'c2lnbmF0dXJl',
    },
  },
  { match: { userMessage: 'deep thought', toolResultContains: 'rain' }, response: { content: 'Stay at home.' } },
  { match: { userMessage: 'wrong shape', turnIndex: 0 }, response: { content: '{"city":"Paris","degrees":"mild"}' } },
  { match: { turnIndex: 1, predicate: isRepair }, response: { content: '{"city":"Paris","degrees":12}' } },
  { match: { userMessage: 'as json' }, response: { content: '{"city":"Paris","degrees":12}' } },
  { match: { userMessage: 'seen picture', predicate: holdsImage }, response: { content: 'A dot.' } },
  { match: { userMessage: 'some picture' }, response: { content: 'A dot.' } },
  ...inTurn('limited', error(429, 'rate_limit_error', 'slow down', { retryAfter: 1 }), { content: 'After the wait.' }),
  ...inTurn('overloaded', error(529, 'overloaded_error', 'Overloaded'), error(503, 'api_error', 'unavailable'), {
    content: 'After the storm.',
  }),
  { match: { userMessage: 'broken' }, response: error(500, 'api_error', 'the wheel came off') },
  { match: { userMessage: 'lost' }, response: error(404, 'not_found_error', 'model: no such model') },
  {
    match: { userMessage: 'cut', sequenceIndex: 0 },
    response: { content: GREETING },
    chunkSize: 6,
    latency: 2,
    truncateAfterChunks: 5,
  },
  { match: { userMessage: 'cut', sequenceIndex: 1 }, response: { content: 'Whole at last.' } },
  { match: { inputText: 'alpha' }, response: { embedding: VECTOR } },
];
