// The two OpenAI replies that are lists: models and embeddings (WIRE.md 3.3 and 3.4). Servers wrap the first
// in three ways and disagree on names; the second comes as numbers or as base64, whatever was asked for.

import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson, present } from '../../../core/json.ts';
import type { JsonValue } from '../../../core/json.ts';
import type { Embeddings, ModelInfo } from '../../chat.ts';
import { readInBandError } from '../../faults/refusal.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { malformed } from '../limits.ts';
import { readUsage } from './usage.ts';

export function decodeModelList(body: string, provider: string): ModelInfo[] {
  const value = parseJson(body);
  const fields: Fields = isObject(value) ? checked(value) : { data: value };
  const name = ['data', 'models'].find((member) => Array.isArray(fields[member]));
  if (name === undefined) {
    throw new Fault('UPSTREAM', 'The upstream answered the question for its models with something else.', {
      data: { retry: 'never', next: 'Check API_BASE_URL.' },
    });
  }
  const models = new Map<string, ModelInfo>();
  for (const row of objectsAt(fields, name)) {
    const id = stringAt(row, 'id') ?? stringAt(row, 'name') ?? stringAt(row, 'model');
    if (id !== undefined && !models.has(id)) models.set(id, modelInfo(id, provider, row));
  }
  return [...models.values()];
}

function modelInfo(id: string, provider: string, row: Fields): ModelInfo {
  return {
    id,
    provider,
    ...present({
      ownedBy: stringAt(row, 'owned_by'),
      created: numberAt(row, 'created'),
      contextLength: contextLengthOf(row),
      capabilities: capabilitiesOf(row),
    }),
  };
}

function contextLengthOf(row: Fields): number | undefined {
  for (const name of ['context_length', 'max_model_len', 'context_window', 'max_context_length']) {
    const length = numberAt(row, name);
    if (length !== undefined) return length;
  }
  return numberAt(objectAt(row, 'meta') ?? {}, 'n_ctx_train');
}

/** An object of answers as it is; a list of words, and OpenRouter's parameters that tell one, as true. */
function capabilitiesOf(row: Fields): Record<string, JsonValue> | undefined {
  const own = row['capabilities'];
  const known: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(isObject(own) ? own : {})) {
    if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') known[name] = value;
  }
  for (const word of stringsOf(own)) known[word] = true;
  const parameters = stringsOf(row['supported_parameters']);
  for (const word of ['tools', 'reasoning']) if (parameters.includes(word)) known[word] = true;
  return Object.keys(known).length > 0 ? known : undefined;
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

export function decodeEmbeddingList(body: string): Embeddings {
  const value = parseJson(body);
  const fields = isObject(value) ? checked(value) : {};
  const rows = objectsAt(fields, 'data');
  if (rows.length === 0) throw malformed("The upstream's reply holds no embeddings.");
  const ordered = rows.toSorted((a, b) => (numberAt(a, 'index') ?? 0) - (numberAt(b, 'index') ?? 0));
  return {
    model: stringAt(fields, 'model') ?? '',
    vectors: ordered.map((row) => vectorOf(row['embedding'])),
    usage: readUsage(objectAt(fields, 'usage') ?? {}),
  };
}

function vectorOf(embedding: unknown): readonly number[] {
  if (typeof embedding === 'string') return packedFloats(embedding);
  if (Array.isArray(embedding) && embedding.length > 0 && embedding.every((n) => typeof n === 'number'))
    return embedding;
  throw malformed("The upstream's reply holds an embedding that is not a list of numbers.");
}

/** Little-endian 32-bit floats in base64. */
function packedFloats(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) {
    throw malformed(
      `The upstream's reply holds a packed embedding of ${bytes.length} bytes, which is no list of floats.`,
    );
  }
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
}

function checked(body: Fields): Fields {
  const error = body['error'];
  if (body['object'] === 'error' || isObject(error) || (typeof error === 'string' && error !== ''))
    throw readInBandError(body);
  return body;
}
