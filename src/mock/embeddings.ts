// Embeddings that are made up and yet the same every time: a text's vector depends on the text and on nothing
// else, and has length one. Pure; follows the upstream wire sheet, 3.4.

import { sha256Hex } from '../core/digest.ts';
import { countWords } from './ask.ts';
import type { Model } from './models.ts';
import { json, refusal } from './reply.ts';
import type { Reply } from './reply.ts';

const DIMENSIONS = 16;
const MOST_DIMENSIONS = 4096;
const MOST_INPUTS = 2048;

export function answerEmbeddings(body: Record<string, unknown>, model: Model): Reply {
  const inputs = typeof body['input'] === 'string' ? [body['input']] : body['input'];
  if (!isInputs(inputs)) {
    return wrong(`input must be a string or a list of 1 to ${MOST_INPUTS} strings, none of them empty.`, 'input');
  }
  const dimensions = body['dimensions'] ?? DIMENSIONS;
  if (!isDimensions(dimensions)) return wrong(`dimensions must be from 1 to ${MOST_DIMENSIONS}.`, 'dimensions');
  const packed = body['encoding_format'] === 'base64';
  const data = inputs.map((input, index) => {
    const vector = vectorOf(input, dimensions);
    return { object: 'embedding', index, embedding: packed ? toBase64(vector) : [...vector] };
  });
  const tokens = inputs.reduce((sum, input) => sum + countWords(input), 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return json(200, { object: 'list', data, model: model.name, usage });
}

function isInputs(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MOST_INPUTS &&
    value.every((one) => typeof one === 'string' && one !== '')
  );
}

function isDimensions(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_DIMENSIONS;
}

function vectorOf(text: string, dimensions: number): Float32Array {
  const seed = sha256Hex(text);
  const raw = Float64Array.from({ length: dimensions }, (_, i) => {
    // 15 windows of 5 digits in a digest; every further round takes a digest of its own.
    const round = i < 15 ? seed : sha256Hex(`${seed} ${Math.floor(i / 15)}`);
    const at = (i % 15) * 4;
    return Number.parseInt(round.slice(at, at + 5), 16) / 0x80000 - 1;
  });
  const length = Math.hypot(...raw) || 1;
  return Float32Array.from(raw, (x) => x / length);
}

/** Little-endian, whatever this machine is. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [i, x] of vector.entries()) bytes.writeFloatLE(x, i * 4);
  return bytes.toString('base64');
}

function wrong(message: string, param: string): Reply {
  return refusal({ status: 400, message, param });
}
