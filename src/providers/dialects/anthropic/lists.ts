// A page of Anthropic's list of models (WIRE.md 3.3). Servers that only imitate the API may answer with a plain
// OpenAI list; it has the same members where it matters, and no pages.

import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson, present } from '../../../core/json.ts';
import type { JsonValue } from '../../../core/json.ts';
import type { ModelInfo } from '../../chat.ts';
import type { ModelPage } from '../../dialect.ts';
import { readInBandError } from '../../faults/refusal.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../fields.ts';
import type { Fields } from '../fields.ts';

export function decodeModelPage(body: string, provider: string): ModelPage {
  const page = parseJson(body);
  if (isObject(page) && isObject(page['error'])) throw readInBandError(page);
  if (!isObject(page) || !Array.isArray(page['data'])) {
    throw new Fault('UPSTREAM', 'The upstream answered the question for its models with something else.', {
      data: { retry: 'never', next: 'Check the base URL of the provider.' },
    });
  }
  const models = objectsAt(page, 'data').flatMap((row) => modelInfo(row, provider) ?? []);
  return { models, ...present({ next: page['has_more'] === true ? stringAt(page, 'last_id') : undefined }) };
}

function modelInfo(row: Fields, provider: string): ModelInfo | undefined {
  const id = stringAt(row, 'id');
  if (id === undefined) return undefined;
  return {
    id,
    provider,
    ...present({
      ownedBy: stringAt(row, 'owned_by') ?? 'anthropic',
      created: numberAt(row, 'created') ?? epochSeconds(stringAt(row, 'created_at')),
      contextLength: numberAt(row, 'max_input_tokens'),
      capabilities: capabilitiesOf(row),
    }),
  };
}

/** An unknown date is given as the epoch itself. */
function epochSeconds(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return ms > 0 ? Math.floor(ms / 1000) : undefined;
}

/** `{vision: {supported: true}, …}` as plain answers, and how much the model may say at once. */
function capabilitiesOf(row: Fields): Record<string, JsonValue> | undefined {
  const known: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(objectAt(row, 'capabilities') ?? {})) {
    const supported = isObject(value) ? value['supported'] : value;
    if (typeof supported === 'boolean') known[name] = supported;
  }
  const most = numberAt(row, 'max_tokens');
  if (most !== undefined) known['max_output_tokens'] = most;
  return Object.keys(known).length > 0 ? known : undefined;
}
