// The limit over HTTP: about the least code over node:http that answers `ping`, `tools/list` and `chat` with what ours
// answers, in JSON. It checks nothing, knows no session and streams nothing. What it lists it is told, so that it sends as many
// bytes as ours.
const http = require('node:http');

const { API_BASE_URL, API_KEY, TOOLS_LIST = '{}' } = process.env;
const base = new URL(`${API_BASE_URL}/chat/completions`);
const agent = new http.Agent({ keepAlive: true });
const target = { agent, hostname: base.hostname, port: base.port, path: base.pathname, method: 'POST' };
const upstreamHeaders = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

function whole(stream, use) {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece) => (text += piece));
  stream.on('end', () => use(text));
}

function reply(response, id, result) {
  const body = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function call({ model, messages }, use) {
  const body = JSON.stringify({ model, messages });
  const headers = { ...upstreamHeaders, 'content-length': Buffer.byteLength(body) };
  http.request({ ...target, headers }, (answer) => whole(answer, (text) => use(JSON.parse(text)))).end(body);
}

const server = http.createServer((request, response) =>
  whole(request, (text) => {
    const { id, method, params } = JSON.parse(text);
    if (method === 'ping') reply(response, id, '{}');
    else if (method === 'tools/list') reply(response, id, TOOLS_LIST);
    else {
      call(params.arguments, ({ choices }) => {
        reply(response, id, `{"content":[{"type":"text","text":${JSON.stringify(choices[0].message.content)}}]}`);
      });
    }
  }),
);
// Between rounds connections rest.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`{"msg":"listening","url":"http://127.0.0.1:${server.address().port}"}\n`);
});
