// The peer over HTTP in its first generation: a server and a transport for every request, as its README shows for
// servers without sessions; answers as JSON, which costs it least. Bundled with esbuild before it is measured.
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

const { API_BASE_URL, API_KEY } = process.env;
const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
const message = z.object({ role: z.string(), content: z.string() });
const inputSchema = { model: z.string(), messages: z.array(message) };

function make() {
  const server = new McpServer({ name: 'sdk', version: '1.0.0' });
  server.registerTool('chat', { description: 'Ask a model', inputSchema }, async (asked, { signal }) => {
    const body = JSON.stringify(asked);
    const response = await fetch(`${API_BASE_URL}/chat/completions`, { method: 'POST', headers, body, signal });
    const { choices } = await response.json();
    return { content: [{ type: 'text', text: choices[0].message.content }] };
  });
  return server;
}

const server = createServer(async (request, response) => {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  const one = make();
  response.on('close', () => {
    void transport.close();
    void one.close();
  });
  await one.connect(transport);
  await transport.handleRequest(request, response);
});
// Between rounds connections rest.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`{"msg":"listening","url":"http://127.0.0.1:${server.address().port}"}\n`);
});
