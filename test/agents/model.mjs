// The model an agent is given: a server on loopback that speaks every wire of wires.mjs and does what its script says. It
// keeps what it was asked, and what it was asked that it does not know.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { WIRES } from './wires.mjs';

/** `script({ tools, results })` says the turn: `{ text }` or `{ call: { name, args } }`. */
export async function scriptedModel(script) {
  const asked = [];
  const unknown = [];
  const answer = async (request, response) => {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url, 'http://loopback');
    const wire = WIRES.find(({ path }) => path.test(pathname));
    if (request.method !== 'POST' || wire === undefined) {
      unknown.push(`${request.method} ${request.url}`);
      return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"none"}}');
    }
    const question = wire.read(body);
    asked.push(question);
    const turn = { id: `call_${asked.length}`, ...script(question) };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { event, data } of wire.events(turn)) {
      response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${written(data)}\n\n`);
    }
    response.end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      unknown.push(`${request.url}: ${error.message}`);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    unknown,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const written = (data) => (typeof data === 'string' ? data : JSON.stringify(data));

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}
