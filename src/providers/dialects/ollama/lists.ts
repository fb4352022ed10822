// Ollama's replies that are no answers of a model: the list of /api/tags, what /api/show knows of one model, and
// embeddings, of /api/embed and in the older form of one vector (WIRE.md 3.3 and 3.4, and the server's api/types.go).

import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson, present } from '../../../core/json.ts';
import type { Embeddings, ModelInfo } from '../../chat.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { malformed } from '../limits.ts';
import { ollamaErrorIn } from './refusal.ts';
import { unixSeconds } from './timestamp.ts';

/** Their words for what a model can do, and ours. */
const CAPABILITIES: ReadonlyMap<unknown, string> = new Map([
  ['tools', 'tools'],
  ['vision', 'vision'],
  ['thinking', 'reasoning'],
  ['embedding', 'embeddings'],
]);

export function decodeTags(body: string, provider: string): ModelInfo[] {
  const reply = readReply(body);
  // Go writes an empty list as null where nobody made it one.
  if (!Array.isArray(reply['models']) && reply['models'] !== null) throw notOllama('the question for its models');
  const models = new Map<string, ModelInfo>();
  for (const row of objectsAt(reply, 'models')) {
    const id = stringAt(row, 'name') ?? stringAt(row, 'model');
    if (id === undefined || models.has(id)) continue;
    const created = unixSeconds(stringAt(row, 'modified_at'));
    const contextLength = positive(numberAt(objectAt(row, 'details') ?? {}, 'context_length'));
    const capabilities = capabilitiesOf(row);
    models.set(id, { id, provider, ...present({ created, contextLength, capabilities }) });
  }
  return [...models.values()];
}

export function decodeShow(body: string, model: ModelInfo): ModelInfo {
  const reply = readReply(body);
  if (!isObject(reply['details']) && !isObject(reply['model_info'])) throw notOllama('the question for a model');
  const info = objectAt(reply, 'model_info') ?? {};
  const family = stringAt(info, 'general.architecture') ?? '';
  const contextLength = positive(numberAt(info, `${family}.context_length`));
  return { ...model, ...present({ contextLength, capabilities: capabilitiesOf(reply) }) };
}

export function decodeEmbed(body: string): Embeddings {
  const reply = readReply(body);
  const { embeddings, embedding } = reply;
  const rows: unknown[] = Array.isArray(embeddings) ? embeddings : embedding === undefined ? [] : [embedding];
  if (rows.length === 0) throw malformed("The upstream's reply holds no embeddings.");
  const inputTokens = numberAt(reply, 'prompt_eval_count');
  return { model: stringAt(reply, 'model') ?? '', vectors: rows.map(vectorOf), usage: present({ inputTokens }) };
}

function vectorOf(row: unknown): readonly number[] {
  if (Array.isArray(row) && row.length > 0 && row.every((n) => typeof n === 'number')) return row;
  throw malformed("The upstream's reply holds an embedding that is not a list of numbers.");
}

function capabilitiesOf({ capabilities }: Fields): Record<string, true> | undefined {
  if (!Array.isArray(capabilities)) return undefined;
  const known: Record<string, true> = {};
  for (const word of capabilities) {
    const name = CAPABILITIES.get(word);
    if (name !== undefined) known[name] = true;
  }
  return known;
}

function positive(length: number | undefined): number | undefined {
  return length !== undefined && length > 0 ? length : undefined;
}

function readReply(body: string): Fields {
  const reply = parseJson(body);
  if (!isObject(reply)) throw malformed("The upstream's reply is not a JSON object.");
  const error = ollamaErrorIn(reply);
  if (error !== undefined) throw error;
  return reply;
}

function notOllama(what: string): Fault {
  return new Fault('UPSTREAM', `The upstream answered ${what} with something else.`, {
    data: { retry: 'never', next: 'Check the base URL: it probably does not lead to an Ollama server.' },
  });
}
