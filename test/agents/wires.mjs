// The four wires agents speak to their models, each as a row: which requests are its own, what a request says of tools
// and of their results, and how a turn is streamed back. Written from the vendors' references of their APIs; it knows no
// agent.

/** A turn of the model is `{ text }`, or `{ call: { name, args } }` with a tool the request offered. */
export const WIRES = [
  {
    name: 'OpenAI chat completions',
    path: /\/chat\/completions$/,
    read: ({ tools = [], messages }) => ({
      tools: tools.map((tool) => ({ name: tool.function.name, schema: tool.function.parameters })),
      results: messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
    }),
    events(turn) {
      const chunk = (delta, finish = null, more = {}) => ({
        data: {
          id: 'c',
          object: 'chat.completion.chunk',
          created: 1,
          model: 'scripted',
          choices: [{ index: 0, delta, finish_reason: finish }],
          ...more,
        },
      });
      const usage = { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };
      const call = turn.call && { name: turn.call.name, arguments: JSON.stringify(turn.call.args) };
      const said = call
        ? { tool_calls: [{ index: 0, id: turn.id, type: 'function', function: call }] }
        : { content: turn.text };
      return [
        chunk({ role: 'assistant', ...said }),
        chunk({}, call ? 'tool_calls' : 'stop', usage),
        { data: '[DONE]' },
      ];
    },
  },
  {
    name: 'OpenAI responses',
    path: /\/responses$/,
    read: ({ tools = [], input }) => ({
      // Tools of an MCP server come alone, or together in a namespace.
      tools: tools.flatMap((tool) =>
        tool.type === 'namespace'
          ? tool.tools.map(({ name, parameters }) => ({ name, namespace: tool.name, schema: parameters }))
          : [{ name: tool.name ?? tool.type, schema: tool.parameters }],
      ),
      results: input.filter(({ type }) => type === 'function_call_output').map(({ output }) => textOf(output)),
    }),
    events({ id, text, call }) {
      const item = call
        ? {
            type: 'function_call',
            id: `fc_${id}`,
            call_id: id,
            status: 'completed',
            name: call.name,
            ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
            arguments: JSON.stringify(call.args),
          }
        : {
            type: 'message',
            id: `msg_${id}`,
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', text, annotations: [] }],
          };
      const response = { id: `resp_${id}`, object: 'response', created_at: 1, model: 'scripted' };
      const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
      const named = (data) => ({ event: data.type, data });
      return [
        named({ type: 'response.created', response: { ...response, status: 'in_progress', output: [] } }),
        named({ type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } }),
        named({ type: 'response.output_item.done', output_index: 0, item }),
        named({ type: 'response.completed', response: { ...response, status: 'completed', output: [item], usage } }),
      ];
    },
  },
  {
    name: 'Anthropic messages',
    path: /\/messages$/,
    read: ({ tools = [], messages }) => ({
      tools: tools.map(({ name, input_schema: schema }) => ({ name, schema })),
      results: messages
        .flatMap(({ content }) => (Array.isArray(content) ? content : []))
        .filter(({ type }) => type === 'tool_result')
        .map(({ content }) => textOf(content)),
    }),
    events({ id, text, call }) {
      const [block, delta] = call
        ? [
            { type: 'tool_use', id, name: call.name, input: {} },
            { type: 'input_json_delta', partial_json: JSON.stringify(call.args) },
          ]
        : [
            { type: 'text', text: '' },
            { type: 'text_delta', text },
          ];
      const message = { id: `msg_${id}`, type: 'message', role: 'assistant', model: 'scripted', content: [] };
      const usage = { input_tokens: 1, output_tokens: 1 };
      const ending = { stop_reason: call ? 'tool_use' : 'end_turn', stop_sequence: null };
      return [
        { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, usage } },
        { type: 'content_block_start', index: 0, content_block: block },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: ending, usage },
        { type: 'message_stop' },
      ].map((data) => ({ event: data.type, data }));
    },
  },
  {
    name: 'Gemini',
    path: /:streamGenerateContent$/,
    read: ({ tools = [], contents }) => ({
      tools: tools
        .flatMap(({ functionDeclarations }) => functionDeclarations ?? [])
        .map(({ name, parameters, parametersJsonSchema }) => ({ name, schema: parametersJsonSchema ?? parameters })),
      results: contents
        .flatMap(({ parts }) => parts)
        .filter(({ functionResponse }) => functionResponse !== undefined)
        .map(({ functionResponse }) => textOf(functionResponse.response)),
    }),
    events({ id, text, call }) {
      const part = call ? { functionCall: { id, name: call.name, args: call.args } } : { text };
      return [
        {
          data: {
            candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
            usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
            modelVersion: 'scripted',
          },
        },
      ];
    },
  },
];

/** What a tool's result comes to, in whichever of the forms agents hand it to their model. */
function textOf(content) {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map((part) => textOf(part.text ?? part)).join('\n');
  return JSON.stringify(content);
}
