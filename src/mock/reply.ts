// What the mock sends back, as a script that the server plays: a head, and steps one after another. Steps are
// produced lazily, so that an answer of any length needs no memory while its reader is slow.

export type Step =
  | { readonly do: 'write'; readonly text: string }
  | { readonly do: 'wait'; readonly ms: number }
  /** Close the connection in the middle of the body. */
  | { readonly do: 'cut' }
  /** Close the connection with a reset. */
  | { readonly do: 'reset' }
  /** Nothing more, until the client goes away. */
  | { readonly do: 'hang' };

export interface Reply {
  /** Absent: not even a status line is sent. */
  readonly head?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  /** After the last step the body ends in good order. */
  readonly steps: Iterable<Step>;
}

/** A body with its length; `sent` is what is really sent of it before the connection is cut. */
export function whole(status: number, type: string, body: string, sent: string = body): Reply {
  return {
    head: { status, headers: { 'content-type': type, 'content-length': `${Buffer.byteLength(body)}` } },
    steps: sent === body ? [{ do: 'write', text: body }] : [{ do: 'write', text: sent }, { do: 'cut' }],
  };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  const { head, steps } = whole(status, 'application/json', JSON.stringify(value));
  return { head: { status, headers: { ...head?.headers, ...headers } }, steps };
}

/** An event stream. */
export function events(steps: Iterable<Step>): Reply {
  return {
    head: { status: 200, headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } },
    steps,
  };
}

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error in OpenAI's shape. */
export function refusal({ status, message, type, code, param, headers }: Refusal): Reply {
  const error = { message, type: type ?? 'invalid_request_error', param: param ?? null, code: code ?? null };
  return json(status, { error }, headers);
}
