// A server on loopback that keeps every request and answers each in the least that its client takes for an answer:
// OpenAI's chat, responses, embeddings and models, Anthropic's messages and models, whole or as a stream.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** An answer that is also right where a schema is asked for. */
const ANSWER = '{"city":"Paris"}';
const MODEL = { id: 'm', object: 'model', type: 'model', created: 1, owned_by: 'o', display_name: 'M', created_at: '' };
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const ITEM = {
  id: 'i',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: ANSWER, annotations: [] }],
};
const RESPONSE = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'completed', output: [ITEM] };

/** By the end of the path: the whole answer, and the events of the streamed one. */
const ANSWERS = {
  '/chat/completions': {
    whole: {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
    },
    events: [
      { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: ANSWER } }] },
      { id: 'c', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      '[DONE]',
    ],
  },
  '/responses': {
    whole: RESPONSE,
    events: [
      { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
      { type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: ANSWER },
      { type: 'response.completed', response: RESPONSE },
    ],
  },
  '/messages': {
    whole: { ...MESSAGE, content: [{ type: 'text', text: ANSWER }] },
    events: [
      { type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ANSWER } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ],
  },
  // As many as the tests ask for.
  '/embeddings': {
    whole: {
      object: 'list',
      model: 'm',
      data: [0, 1].map((index) => ({ index, object: 'embedding', embedding: [1] })),
    },
  },
  '/models': { whole: { object: 'list', data: [MODEL], has_more: false, first_id: 'm', last_id: 'm' } },
};

export async function recordingServer() {
  const requests = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const body = text === '' ? undefined : JSON.parse(text);
      requests.push({ method, path: url, headers, body });
      answer(response, new URL(url, 'http://loopback').pathname, body?.stream === true);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The only request since the last look. */
    taken() {
      const all = requests.splice(0);
      if (all.length !== 1) throw new Error(`${all.length} requests instead of one: ${JSON.stringify(all)}`);
      return all[0];
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(response, path, streamed) {
  const found = Object.keys(ANSWERS).find((end) => path.endsWith(end));
  if (found === undefined) response.writeHead(404).end('{"error":{"message":"no such path"}}');
  else if (streamed) stream(response, ANSWERS[found].events);
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWERS[found].whole));
}

function stream(response, events) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    if (typeof event === 'string') response.write(`data: ${event}\n\n`);
    else
      response.write(`${event.type === undefined ? '' : `event: ${event.type}\n`}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}
