// The peer over HTTP: the official TypeScript SDK's own handler for both eras (test/peers pins it), with a server for every
// request, as it is meant to be used; its first generation takes half as much CPU again. Answers as JSON, which costs it least. Bundled with esbuild before it is measured.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const { API_BASE_URL, API_KEY } = process.env;
const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
const inputSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

function make() {
  const server = new McpServer({ name: 'sdk', version: '1.0.0' });
  server.registerTool('chat', { description: 'Ask a model', inputSchema }, async (asked, { mcpReq: { signal } }) => {
    const body = JSON.stringify(asked);
    const response = await fetch(`${API_BASE_URL}/chat/completions`, { method: 'POST', headers, body, signal });
    const { choices } = await response.json();
    return { content: [{ type: 'text', text: choices[0].message.content }] };
  });
  return server;
}

const handler = createMcpHandler(make, { responseMode: 'json' });
const server = createServer(getRequestListener(handler.fetch));
// Between rounds connections rest.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`{"msg":"listening","url":"http://127.0.0.1:${server.address().port}"}\n`);
});
