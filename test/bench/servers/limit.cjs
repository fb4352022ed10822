// The limit: about the least code over node:http that turns a tools/call into a chat completion and relays
// a stream. Not a usable server (no checks, no errors, no cancel): it says what is left to win.
const http = require('node:http');

const { API_BASE_URL, API_KEY } = process.env;
const { hostname, port, pathname } = new URL(`${API_BASE_URL}/chat/completions`);
const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', 'content-length': 0 };
const agent = new http.Agent({ keepAlive: true });
const target = { hostname, port, path: pathname, method: 'POST', agent, headers };
const schema = { type: 'object', properties: { model: { type: 'string' }, messages: { type: 'array', items: {} } } };
const tools = JSON.stringify({ tools: [{ name: 'chat', inputSchema: schema }] });
const info = '"capabilities":{"tools":{}},"serverInfo":{"name":"limit","version":"1.0.0"}';

// What one turn of the event loop has to say leaves in one write.
let waiting = '';
function say(line) {
  if (waiting === '') queueMicrotask(flush);
  waiting += line;
  if (waiting.length > 65536) flush();
}
function flush() {
  if (waiting !== '') process.stdout.write(waiting);
  waiting = '';
}
const reply = (id, result) => say(`{"jsonrpc":"2.0","id":${id},"result":${result}}\n`);
const replyText = (id, text) => reply(id, `{"content":[{"type":"text","text":${JSON.stringify(text)}}]}`);

function call(id, { arguments: asked, _meta }) {
  const token = _meta?.progressToken;
  const body = JSON.stringify({ model: asked.model, messages: asked.messages, stream: token !== undefined });
  headers['content-length'] = Buffer.byteLength(body);
  const request = http.request(target, (response) => {
    response.setEncoding('utf8');
    if (token === undefined) whole(id, response);
    else relay(id, token, response);
  });
  request.end(body);
}

function whole(id, response) {
  let text = '';
  response.on('data', (piece) => (text += piece));
  response.on('end', () => replyText(id, JSON.parse(text).choices[0].message.content));
}

function relay(id, token, response) {
  const envelope = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${JSON.stringify(token)},`;
  let rest = '';
  let answer = '';
  let count = 0;
  response.on('data', (piece) => {
    const held = rest + piece;
    let from = 0;
    for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n', from)) {
      const line = held.slice(from, end);
      from = end + 1;
      if (!line.startsWith('data: {')) continue;
      const text = JSON.parse(line.slice(6)).choices[0]?.delta.content;
      if (!text) continue;
      answer += text;
      say(`${envelope}"progress":${++count},"message":${JSON.stringify(text)}}}\n`);
    }
    rest = held.slice(from);
    if (!process.stdout.writableNeedDrain) return;
    response.pause();
    process.stdout.once('drain', () => response.resume());
  });
  response.on('end', () => replyText(id, answer));
}

const methods = {
  initialize: ({ id, params }) => reply(id, `{"protocolVersion":"${params.protocolVersion}",${info}}`),
  ping: ({ id }) => reply(id, '{}'),
  'tools/list': ({ id }) => reply(id, tools),
  'tools/call': ({ id, params }) => call(id, params),
};

let rest = Buffer.alloc(0);
process.stdin.on('data', (bytes) => {
  const held = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
  let from = 0;
  for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10, from)) {
    const message = JSON.parse(held.utf8Slice(from, end));
    from = end + 1;
    methods[message.method]?.(message);
  }
  rest = held.subarray(from);
});
process.stdin.on('end', () => process.exit(0));
