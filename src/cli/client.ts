// A small MCP client that talks to our own gateway over the in-memory link: what demo, chat and models are to
// the server is what any other client is. Knows the protocol only as far as these commands use it.

import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import type { Gateway } from '../gateway.ts';

/** One progress notice of a running call. */
export interface Notice {
  /** New text of the answer; empty where the notice brings none. */
  readonly text: string;
  readonly phase: string | undefined;
  /** Counts from 1. */
  readonly attempt: number;
}

/** What a tool answered. */
export interface Outcome {
  /** The blocks, in order: texts, and what there is to say of images; the first is the answer, or says what went wrong. */
  readonly texts: readonly string[];
  readonly isError: boolean;
  readonly meta: Readonly<Record<string, unknown>>;
}

interface Waiting {
  readonly settle: (message: Record<string, unknown>) => void;
  readonly fail: (fault: Fault) => void;
  readonly onNotice?: (notice: Notice) => void;
}

export class Client {
  readonly #peer: ReturnType<Gateway['connect']>;
  readonly #waiting = new Map<number, Waiting>();
  /** Settles when the server has closed its side. */
  readonly #reading: Promise<void>;
  #lastId = 0;

  constructor(gateway: Gateway) {
    this.#peer = gateway.connect();
    this.#reading = this.#read().catch((thrown: unknown) => this.#failAll(Fault.from(thrown)));
  }

  /** The `result` of a request, or a rejection with what the error says. */
  request(method: string, params: JsonObject, onNotice?: (notice: Notice) => void): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = (message: Record<string, unknown>): void => {
        const { result, error } = message;
        if (isObject(result)) resolve(result);
        else reject(new Fault('UPSTREAM', isObject(error) ? String(error['message']) : 'The server sent no result.'));
      };
      this.#waiting.set(id, { settle, fail: reject, ...(onNotice === undefined ? {} : { onNotice }) });
      const meta = onNotice === undefined ? {} : { _meta: { progressToken: id } };
      this.#peer.send({ jsonrpc: '2.0', id, method, params: { ...params, ...meta } });
    });
  }

  notify(method: string, params: JsonObject = {}): void {
    this.#peer.send({ jsonrpc: '2.0', method, params });
  }

  async callTool(name: string, args: JsonObject, onNotice: (notice: Notice) => void = () => {}): Promise<Outcome> {
    const { content, isError, _meta: meta } = await this.request('tools/call', { name, arguments: args }, onNotice);
    const blocks = Array.isArray(content) ? content.filter(isObject) : [];
    return {
      texts: blocks.flatMap(wordsOf),
      isError: isError === true,
      meta: isObject(meta) ? meta : {},
    };
  }

  /** Cancels what still runs, and settles when the conversation has ended. */
  async close(): Promise<void> {
    for (const requestId of this.#waiting.keys()) this.notify('notifications/cancelled', { requestId });
    this.#peer.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const message of this.#peer.received) {
      const { id, method, params } = message;
      if (method === 'notifications/progress' && isObject(params)) this.#progress(params);
      else if (typeof id === 'number') {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        waiting?.settle(message);
      }
    }
    this.#failAll(new Fault('CANCELLED', 'The conversation ended before the answer came.'));
  }

  #progress({ progressToken, message, _meta: meta }: Record<string, unknown>): void {
    const { 'anymodel/phase': phase, 'anymodel/attempt': attempt } = isObject(meta) ? meta : {};
    const waiting = typeof progressToken === 'number' ? this.#waiting.get(progressToken) : undefined;
    waiting?.onNotice?.({
      text: typeof message === 'string' ? message : '',
      phase: typeof phase === 'string' ? phase : undefined,
      attempt: typeof attempt === 'number' ? attempt : 1,
    });
  }

  #failAll(fault: Fault): void {
    for (const { fail } of this.#waiting.values()) fail(fault);
    this.#waiting.clear();
  }
}

/** A terminal shows no image, but says that there is one. */
function wordsOf({ text, type, mimeType, uri }: Record<string, unknown>): string[] {
  if (typeof text === 'string') return [text];
  if (type === 'image') return [`[an image, ${String(mimeType)}]`];
  return typeof uri === 'string' ? [uri] : [];
}

/** A client that has shaken hands. */
export interface Session {
  readonly client: Client;
  /** The revision it asked for. */
  readonly revision: string;
  /** What the server said of itself. */
  readonly hello: Readonly<Record<string, unknown>>;
}

export async function openSession(gateway: Gateway, version: string): Promise<Session> {
  const client = new Client(gateway);
  const { revision } = gateway;
  const hello = await client.request('initialize', {
    protocolVersion: revision,
    capabilities: {},
    clientInfo: { name: 'anymodel-mcp', version },
  });
  client.notify('notifications/initialized');
  return { client, revision, hello };
}
