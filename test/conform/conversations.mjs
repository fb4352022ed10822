// The conversations that our bundle and the official SDKs are asked to send, for the comparison of their requests:
// once as arguments of our tools, once as a caller of the SDK writes the same. What differs by a rule of ours (a budget
// of thinking that goes on top) is written out in the SDK's call, with the rule.

export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PHOTO = 'https://images.example.com/photo.jpg';

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOL = {
  type: 'function',
  function: { name: 'get_weather', description: 'The weather of a city.', parameters: PARAMETERS },
};
const CALLS = [
  { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
  { id: 'call_2', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
];
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

const TURNS = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
  { role: 'assistant', content: 'Hi.' },
  { role: 'user', content: 'Who are you?' },
];
const LOOK = [
  { type: 'text', text: 'What is this?' },
  { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
  { type: 'image_url', image_url: { url: PHOTO } },
];
const RESULTS = [
  { role: 'user', content: 'Paris and Oslo?' },
  { role: 'assistant', content: 'I look.', tool_calls: CALLS },
  { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  { role: 'tool', tool_call_id: 'call_2', content: 'snow' },
];
const FORMAT = { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: SCHEMA } };
const ASK = [{ role: 'user', content: 'Where?' }];

/** Arguments of `chat`. */
const ASKS = {
  turns: { messages: TURNS },
  images: { messages: [{ role: 'user', content: LOOK }] },
  results: { messages: RESULTS, tools: [TOOL] },
  chosen: { messages: ASK, tools: [TOOL], tool_choice: { type: 'function', function: { name: 'get_weather' } } },
  required: { messages: ASK, tools: [TOOL], tool_choice: 'required' },
  schema: { messages: ASK, response_format: FORMAT },
  sampling: { messages: ASK, temperature: 0.5, stop: ['END', '\n\n'], max_tokens: 50 },
  // More than the least that is ever left for thinking and answer together, less than the SDK takes only as a stream.
  effort: { messages: ASK, reasoning_effort: 'high', max_tokens: 4100 },
};

const gpt = { model: 'gpt-4o' };

/** Each: what it is about, the arguments of our tool, and of the SDK's `chat.completions.create`. */
export const CHAT = [
  { about: 'system and turns', ask: { ...gpt, ...ASKS.turns }, call: { ...gpt, messages: TURNS } },
  { about: 'images', ask: { ...gpt, ...ASKS.images }, call: { ...gpt, ...ASKS.images } },
  { about: 'tools with results', ask: { ...gpt, ...ASKS.results }, call: { ...gpt, ...ASKS.results } },
  { about: 'a chosen tool', ask: { ...gpt, ...ASKS.chosen }, call: { ...gpt, ...ASKS.chosen } },
  { about: 'some tool', ask: { ...gpt, ...ASKS.required }, call: { ...gpt, ...ASKS.required } },
  { about: 'a schema', ask: { ...gpt, ...ASKS.schema }, call: { ...gpt, ...ASKS.schema } },
  {
    about: 'sampling',
    ask: { ...gpt, ...ASKS.sampling, top_p: 0.9, seed: 7 },
    call: { ...gpt, ...ASKS.sampling, top_p: 0.9, seed: 7 },
  },
  {
    about: 'effort',
    ask: { model: 'o3-mini', ...ASKS.effort },
    call: { model: 'o3-mini', messages: ASK, reasoning_effort: 'high', max_completion_tokens: 4100 },
  },
];

/** For the dated form of Azure, where the model is a deployment and the newer name of the cap is known. */
export const AZURE = [
  ...CHAT.filter(({ about }) => about !== 'sampling'),
  {
    about: 'sampling',
    ask: { ...gpt, ...ASKS.sampling },
    call: {
      ...gpt,
      messages: ASK,
      temperature: 0.5,
      stop: ['END', '\n\n'],
      max_completion_tokens: 50,
    },
  },
];

const codex = { model: 'gpt-5-codex' };
// What is always sent: nothing is kept there, and the reasoning of a model that reasons comes back encrypted.
const unstored = { ...codex, store: false, include: ['reasoning.encrypted_content'] };
const FLAT_TOOL = { type: 'function', ...TOOL.function, strict: false };
const INPUT = [{ type: 'message', role: 'user', content: 'Where?' }];

/** As above, of the SDK's `responses.create`. */
export const RESPONSES = [
  {
    about: 'system and turns',
    ask: { ...codex, ...ASKS.turns },
    call: {
      ...unstored,
      instructions: 'Be brief.',
      input: [
        { type: 'message', role: 'user', content: 'Hello' },
        { type: 'message', role: 'assistant', content: 'Hi.' },
        { type: 'message', role: 'user', content: 'Who are you?' },
      ],
    },
  },
  {
    about: 'images',
    ask: { ...codex, ...ASKS.images },
    call: {
      ...unstored,
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${PIXEL}` },
            { type: 'input_image', detail: 'auto', image_url: PHOTO },
          ],
        },
      ],
    },
  },
  {
    about: 'tools with results',
    ask: { ...codex, ...ASKS.results },
    call: {
      ...unstored,
      input: [
        { type: 'message', role: 'user', content: 'Paris and Oslo?' },
        { type: 'message', role: 'assistant', content: 'I look.' },
        { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' },
        { type: 'function_call', call_id: 'call_2', name: 'get_weather', arguments: '{"city":"Oslo"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'rain' },
        { type: 'function_call_output', call_id: 'call_2', output: 'snow' },
      ],
      tools: [FLAT_TOOL],
    },
  },
  {
    about: 'a chosen tool',
    ask: { ...codex, ...ASKS.chosen },
    call: { ...unstored, input: INPUT, tools: [FLAT_TOOL], tool_choice: { type: 'function', name: 'get_weather' } },
  },
  {
    about: 'a schema',
    ask: { ...codex, ...ASKS.schema },
    call: {
      ...unstored,
      input: INPUT,
      text: { format: { type: 'json_schema', name: 'place', strict: true, schema: SCHEMA } },
    },
  },
  {
    about: 'effort',
    ask: { ...codex, ...ASKS.effort },
    // A summary is all there is to see of the reasoning.
    call: { ...unstored, input: INPUT, max_output_tokens: 4100, reasoning: { effort: 'high', summary: 'auto' } },
  },
];

const claude = { model: 'claude-haiku-4-5', max_tokens: 1000 };
const CLAUDE_TOOL = { name: 'get_weather', description: 'The weather of a city.', input_schema: PARAMETERS };

/** As above, of the SDK's `messages.create`. */
export const MESSAGES = [
  {
    about: 'system and turns',
    ask: { ...claude, ...ASKS.turns },
    call: { ...claude, system: 'Be brief.', messages: TURNS.slice(1) },
  },
  {
    about: 'images',
    ask: { ...claude, ...ASKS.images },
    call: {
      ...claude,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
            { type: 'image', source: { type: 'url', url: PHOTO } },
          ],
        },
      ],
    },
  },
  {
    about: 'tools with results',
    ask: { ...claude, ...ASKS.results },
    call: {
      ...claude,
      messages: [
        { role: 'user', content: 'Paris and Oslo?' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Paris' } },
            { type: 'tool_use', id: 'call_2', name: 'get_weather', input: { city: 'Oslo' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: 'rain' },
            { type: 'tool_result', tool_use_id: 'call_2', content: 'snow' },
          ],
        },
      ],
      tools: [CLAUDE_TOOL],
    },
  },
  {
    about: 'a chosen tool',
    ask: { ...claude, ...ASKS.chosen },
    call: { ...claude, messages: ASK, tools: [CLAUDE_TOOL], tool_choice: { type: 'tool', name: 'get_weather' } },
  },
  {
    about: 'some tool',
    ask: { ...claude, ...ASKS.required },
    call: { ...claude, messages: ASK, tools: [CLAUDE_TOOL], tool_choice: { type: 'any' } },
  },
  {
    about: 'a schema',
    ask: { ...claude, ...ASKS.schema },
    call: { ...claude, messages: ASK, output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
  },
  {
    about: 'sampling',
    ask: { ...claude, ...ASKS.sampling, model: 'claude-3-5-haiku-20241022' },
    call: {
      model: 'claude-3-5-haiku-20241022',
      max_tokens: 50,
      messages: ASK,
      temperature: 0.5,
      // One of white space alone is refused by the API.
      stop_sequences: ['END'],
    },
  },
  {
    about: 'effort, as a budget',
    ask: { ...claude, ...ASKS.effort },
    // The budget of "high" goes on top of what the caller wants to read.
    call: {
      ...claude,
      max_tokens: 4100 + 16_384,
      messages: ASK,
      thinking: { type: 'enabled', budget_tokens: 16_384 },
    },
  },
  {
    about: 'effort, as the model sees fit',
    ask: { ...ASKS.effort, model: 'claude-opus-4-6' },
    call: {
      model: 'claude-opus-4-6',
      max_tokens: 4100 + 16_384,
      messages: ASK,
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
    },
  },
];
