// Starts the fake upstream in its own process, and calls it directly: the bare HTTP call that a tool call is
// measured against.

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { start, stop, within } from './children.ts';

const PROGRAM = fileURLToPath(new URL('servers/upstream.mjs', import.meta.url));
const BODY = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Say something short.' }] });
const HEADERS = {
  authorization: 'Bearer bench',
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(BODY),
};

export interface Upstream {
  readonly baseUrl: string;
  /** One plain chat completion over a kept connection, read to its end. */
  callDirectly(): Promise<void>;
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const child = start([process.execPath, PROGRAM], {});
  const [port] = await within(10_000, 'the fake upstream', once(child.stdout, 'data'));
  const baseUrl = `http://127.0.0.1:${String(port).trim()}/v1`;
  const agent = new Agent({ keepAlive: true });
  const callDirectly = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(`${baseUrl}/chat/completions`, { agent, method: 'POST', headers: HEADERS }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => (text += piece));
        response.on('end', () => (text === '' ? reject(new Error('no answer')) : resolve()));
      });
      sent.on('error', reject);
      sent.end(BODY);
    });
  return { baseUrl, callDirectly, stop: () => (agent.destroy(), stop(child)) };
}
