// The part of Node's HTTP server that the other files of this folder use, as types of our own: only node-http.ts names
// node:http itself, and tests can stand in for a socket.

export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as the parser hands it over. */
export interface Incoming {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Names in lower case; of a header sent several times, the values joined. */
  readonly headers: RawHeaders;
  /** Names as they were sent, each followed by its value. */
  readonly rawHeaders: readonly string[];
  /** The whole request has arrived. */
  readonly complete: boolean;
  on(event: 'data', fn: (chunk: Buffer) => void): unknown;
  on(event: 'end', fn: () => void): unknown;
  off(event: 'data', fn: (chunk: Buffer) => void): unknown;
  off(event: 'end', fn: () => void): unknown;
  resume(): unknown;
}

/** The answer to one. */
export interface Outgoing {
  shouldKeepAlive: boolean;
  readonly destroyed: boolean;
  readonly writableLength: number;
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  flushHeaders(): void;
  writeContinue(): void;
  write(text: string): boolean;
  end(text?: string): unknown;
  on(event: 'error', fn: () => void): unknown;
  once(event: 'drain' | 'finish', fn: () => void): unknown;
}

/** What carries both. */
export interface Channel {
  readonly remoteAddress?: string | undefined;
  readonly bytesRead: number;
  readonly writableLength: number;
  readonly destroyed: boolean;
  end(text: string): unknown;
  destroy(): unknown;
  pause(): unknown;
  resume(): unknown;
}
