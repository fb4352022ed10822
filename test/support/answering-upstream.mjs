// The upstream our server asks: chat completions on loopback, whose streamed answer is given, at once or piece by piece.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** `pieces` are sent one every `everyMs`; without that all at once. */
export async function answeringUpstream(pieces, everyMs = 0) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (delta, finish = null) =>
      response.write(
        `data: ${JSON.stringify({ id: '1', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
      );
    const end = () => {
      say({}, 'stop');
      response.end('data: [DONE]\n\n');
    };
    const rest = pieces.values();
    const one = () => {
      const { value, done } = rest.next();
      if (!done) return void say({ content: value });
      clearInterval(timer);
      end();
    };
    const timer = everyMs > 0 ? setInterval(one, everyMs) : undefined;
    response.on('close', () => clearInterval(timer));
    if (everyMs === 0) for (let left = pieces.length; left >= 0; left--) one();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: { API_BASE_URL: `http://127.0.0.1:${server.address().port}/v1`, DEFAULT_MODEL: 'm', LOG_LEVEL: 'error' },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
