// Lines to throw at the program: sound messages, sound messages with something broken in them, and noise.
// All from one seed, so that what broke it can be thrown again.

import type { Draw } from '../support/property.ts';
import { integer, oneOf } from '../support/property.ts';

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** What a message may hold where it should hold something else. */
const ODD: readonly unknown[] = JSON.parse(
  '[null, true, 0, -1, 1.5, 1e300, "", "x", "\\u2028\\ud800", "\\u0000\\u001f", "__proto__", [], [[]], {}, {"a":{"b":null}}]',
);

const METHODS =
  'initialize ping tools/list tools/call logging/setLevel completion/complete server/discover models/list listModels ' +
  'createCompletion callTool resources/list no/such toString notifications/initialized notifications/cancelled ' +
  'notifications/progress ';

type Json = Record<string, unknown>;

/** Answers the n-th line, without its newline; it holds none. */
export function lineAt(n: number, draw: Draw): Buffer {
  const kind = draw();
  if (kind < 0.1) return noise(draw);
  if (kind < 0.12) return nested(n, draw);
  if (kind < 0.14)
    return Buffer.from(JSON.stringify([message(n, draw), message(n, draw)]).replaceAll('"f', '"batch-f'));
  const sound = Buffer.from(JSON.stringify(message(n, draw)));
  return kind < 0.5 ? sound : broken(sound, draw);
}

function message(n: number, draw: Draw): Json {
  const method = oneOf(draw, METHODS.split(' '));
  const built: Json = { jsonrpc: '2.0', id: draw() < 0.5 ? n : `f${n}`, method, params: paramsOf(method, n, draw) };
  if (draw() < 0.15) delete built['id'];
  if (draw() < 0.05) delete built['params'];
  if (draw() < 0.1) built[oneOf(draw, ['jsonrpc', 'id', 'method', 'params', 'result', 'extra'])] = oneOf(draw, ODD);
  return built;
}

function paramsOf(method: string, n: number, draw: Draw): unknown {
  const params: Json = { ...specific(method, n, draw) };
  if (draw() < 0.3) params['_meta'] = { progressToken: `t${n}`, ...(draw() < 0.7 && ENVELOPE) };
  if (draw() < 0.2) {
    const [name = 'x'] = Object.keys(params).toSorted(() => draw() - 0.5);
    params[name] = oneOf(draw, ODD);
  }
  return params;
}

function specific(method: string, n: number, draw: Draw): Json {
  switch (method) {
    case 'initialize':
      return { protocolVersion: oneOf(draw, ['2025-11-25', '2025-06-18', '2024-11-05', 'x']), capabilities: {} };
    case 'tools/call':
    case 'callTool':
      return { name: oneOf(draw, ['chat', 'generate', 'embed', 'list_models', 'nope']), arguments: args(draw) };
    case 'createCompletion':
      return { model: 'echo', ...args(draw) };
    case 'completion/complete':
      return draw() < 0.5 ? args(draw) : { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } };
    case 'logging/setLevel':
      return { level: oneOf(draw, ['error', 'critical', 'loud']) };
    case 'notifications/cancelled':
      return { requestId: draw() < 0.5 ? n - integer(draw, 50) : `f${n - integer(draw, 50)}` };
    default:
      return draw() < 0.3 ? { cursor: oneOf(draw, ODD) } : {};
  }
}

function args(draw: Draw): Json {
  const built: Json = oneOf<Json>(draw, [
    { prompt: 'hello' },
    { messages: [{ role: 'user', content: 'hello' }] },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }], model: 'words-3' },
    { prompt: 'hello', detail: 'full', temperature: 0.1, stop: 'x', tools: [] },
    { input: ['a', 'b'] },
    {},
  ]);
  if (draw() >= 0.3) return built;
  return { ...built, [oneOf(draw, [...Object.keys(built), 'model', 'extra', 'x'])]: oneOf(draw, ODD) };
}

/** One to three bytes changed, a piece taken out, doubled, or put elsewhere. */
function broken(line: Buffer, draw: Draw): Buffer {
  const [from, to] = [integer(draw, line.length), integer(draw, line.length)].toSorted((a, b) => a - b);
  const [head, piece, tail] = [line.subarray(0, from), line.subarray(from, to), line.subarray(to)];
  switch (integer(draw, 5)) {
    case 0:
      return Buffer.concat([head, tail]);
    case 1:
      return Buffer.concat([head, piece, piece, tail]);
    case 2:
      return Buffer.concat([tail, head, piece]);
    case 3:
      return head;
    default:
      return withoutNewlines(Buffer.from(line.map((byte) => (draw() < 2 / line.length ? integer(draw, 256) : byte))));
  }
}

function noise(draw: Draw): Buffer {
  return withoutNewlines(Buffer.from(Array.from({ length: integer(draw, 80) }, () => integer(draw, 256))));
}

/** A request whose params are nested as deep as nobody writes them. */
function nested(n: number, draw: Draw): Buffer {
  const depth = 1 + integer(draw, draw() < 0.02 ? 20_000 : 200);
  const deep = draw() < 0.5 ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
  const call = `{"name":"chat","arguments":{"prompt":"x","extra":{"x":${deep}}}}`;
  const params = draw() < 0.5 ? call : `{"name":"chat","arguments":{"prompt":${deep}}}`;
  return Buffer.from(`{"jsonrpc":"2.0","id":"f${n}","method":"tools/call","params":${params}}`);
}

function withoutNewlines(bytes: Buffer): Buffer {
  for (const [i, byte] of bytes.entries()) if (byte === 0x0a) bytes[i] = 0x20;
  return bytes;
}
