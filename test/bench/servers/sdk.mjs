// The peer: the same `chat` tool on the official TypeScript SDK (test/peers pins it), calling the upstream
// with the global fetch, as its users do. Bundled with esbuild before it is measured.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const { API_BASE_URL, API_KEY } = process.env;
const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

function ask({ model, messages }, stream, signal) {
  const body = JSON.stringify({ model, messages, stream });
  return fetch(`${API_BASE_URL}/chat/completions`, { method: 'POST', headers, body, signal });
}

async function relay(response, onText) {
  let rest = '';
  let answer = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue;
      const text = JSON.parse(line.slice(6)).choices[0]?.delta.content;
      if (!text) continue;
      answer += text;
      await onText(text);
    }
  }
  return answer;
}

const message = z.object({ role: z.string(), content: z.string() });
const server = new McpServer({ name: 'sdk', version: '1.0.0' });
server.registerTool(
  'chat',
  { description: 'Ask a model', inputSchema: { model: z.string(), messages: z.array(message) } },
  async (asked, { _meta, signal, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    const response = await ask(asked, progressToken !== undefined, signal);
    if (progressToken === undefined) {
      const { choices } = await response.json();
      return { content: [{ type: 'text', text: choices[0].message.content }] };
    }
    let progress = 0;
    const onText = (text) =>
      sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress: ++progress, message: text },
      });
    return { content: [{ type: 'text', text: await relay(response, onText) }] };
  },
);
await server.connect(new StdioServerTransport());
