// The embedded upstream: an OpenAI-compatible HTTP server on loopback that plays the router's replies. The only
// file of this room with sockets and time; what is said, and which fault strikes, is decided elsewhere.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { builtin } from '../core/builtin.ts';
import { delay } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { CancelSource } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { refusal } from './reply.ts';
import type { Reply } from './reply.ts';
import { MockRouter } from './route.ts';

export interface MockOptions {
  readonly clock: Clock;
  /** Default: loopback. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Pause between words; default 40. */
  readonly wordDelayMs?: number;
}

export interface Mock {
  /** The base URL, with `/v1`. */
  readonly url: string;
  /** Stops listening and ends every connection. May be called twice. */
  close(): Promise<void>;
}

const MOST_BODY_BYTES = 128 * 1024 ** 2;
/** Steps without a pause between them are written together, up to this many characters. */
const MOST_JOINED = 16 * 1024;

/** Starts it. Rejects with a Fault when the port is taken or may not be used. */
export async function createMock(options: MockOptions): Promise<Mock> {
  const router = new MockRouter(options.wordDelayMs ?? 40);
  const server = builtin('node:http').createServer((request, response) => {
    // A failure here is a client that went away: there is nobody to tell.
    serve(router, options.clock, request, response).catch(() => response.destroy());
  });
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, host, options.port ?? 0);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is in use' : `the system says ${error.code ?? 'no'}`;
      reject(new Fault('CONFIG', `The mock cannot listen on ${host} port ${port}: ${why}.`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function serve(
  router: MockRouter,
  clock: Clock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A write to a client that is gone is reported here as well as to the writer; once is enough.
  response.on('error', () => {});
  const body = await readBody(request);
  if (body === undefined) {
    await play(refusal({ status: 413, message: 'The request is too large.' }), response, clock);
    return;
  }
  const { url = '/', method = 'GET', headers } = request;
  const id = headers['x-request-id'];
  const reply = router.reply({
    method,
    path: url.replace(/\?.*$/s, ''),
    requestId: typeof id === 'string' && id !== '' ? id : undefined,
    body,
  });
  if (typeof id === 'string') response.setHeader('x-request-id', id);
  await play(reply, response, clock);
}

/** The text of the body, or `undefined` when it is too large to be one. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MOST_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** Carries out the steps, no faster than the client reads, and stops when it goes away. */
async function play(reply: Reply, response: ServerResponse, clock: Clock): Promise<void> {
  const gone = new CancelSource();
  response.once('close', () => gone.cancel(new Fault('CANCELLED', 'The client went away.')));
  if (reply.head !== undefined) response.writeHead(reply.head.status, reply.head.headers);
  let joined = '';
  const flush = async (): Promise<void> => {
    const text = joined;
    joined = '';
    await write(response, text);
  };
  for (const step of reply.steps) {
    if (gone.reason !== undefined) return;
    if (step.do === 'write') {
      joined += step.text;
      if (joined.length >= MOST_JOINED) await flush();
      continue;
    }
    if (reply.head !== undefined) await flush();
    if (step.do === 'wait') await delay(clock, step.ms, gone);
    else {
      end(step.do, response);
      return;
    }
  }
  await flush();
  response.end();
}

/** Settles when the text is on its way, which for a slow reader is when there is room again. */
function write(response: ServerResponse, text: string): Promise<void> {
  if (text === '') {
    response.flushHeaders();
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(text, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}

function end(how: 'cut' | 'reset' | 'hang', response: ServerResponse): void {
  if (how === 'cut') response.socket?.destroy();
  if (how === 'reset') response.socket?.resetAndDestroy();
}
