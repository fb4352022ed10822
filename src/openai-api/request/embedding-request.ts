// A body of POST /v1/embeddings as the neutral request. Follows WIRE sheet, 3.4.

import type { JsonObject } from '../../core/json.ts';
import { present } from '../../core/json.ts';
import { member, notOneOf, show, unknownName } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { EmbedRequest } from '../../providers/chat.ts';
import { numberOf, stringOf } from '../../providers/openai-form/read.ts';
import { oneOrMore, readMembers, refuseRequest } from './members.ts';
import type { Terms } from './members.ts';

/** OpenAI's own limit. */
const MAX_INPUTS = 2048;

const FORMATS: readonly string[] = ['float', 'base64'];

const TERMS: Terms = {
  schema: {
    type: 'object',
    properties: {
      model: { type: 'string' },
      input: {},
      dimensions: { type: 'integer', minimum: 1 },
      encoding_format: { type: 'string' },
      // Names whoever asks, for OpenAI's own statistics: no vector depends on it.
      user: { type: 'string' },
    },
    required: ['input'],
  },
  unserved: {},
};

export interface EmbedAsked {
  readonly request: EmbedRequest;
  /** Vectors as little-endian 32-bit floats in base64: what the official SDKs ask for. */
  readonly isPacked: boolean;
}

/** Throws `INVALID_INPUT` that names the members. */
export function readEmbedRequest(body: JsonObject): EmbedAsked {
  const problems: Problem[] = [];
  const { known, extra = {} } = readMembers(body, TERMS, problems);
  for (const name of Object.keys(extra))
    problems.push({ path: member('', name), message: unknownName(name, Object.keys(TERMS.schema.properties)) });
  const format = stringOf(known['encoding_format']) ?? 'float';
  if (!FORMATS.includes(format)) problems.push({ path: 'encoding_format', message: notOneOf(format, FORMATS) });
  const request: EmbedRequest = {
    model: stringOf(known['model']) ?? '',
    input: readInput(known, problems),
    ...present({ dimensions: numberOf(known['dimensions']) }),
  };
  refuseRequest(problems);
  return { request, isPacked: format === 'base64' };
}

function readInput({ input }: JsonObject, problems: Problem[]): readonly string[] {
  const texts = oneOrMore(input) ?? [];
  const say = (path: string, message: string): readonly string[] => {
    problems.push({ path, message });
    return [];
  };
  if (input === undefined) return [];
  if (texts.length === 0 || texts.length > MAX_INPUTS)
    return say('input', `must be 1 to ${MAX_INPUTS} texts, not ${texts.length}`);
  const given: string[] = [];
  for (const [i, text] of texts.entries()) {
    const path = Array.isArray(input) ? `input[${i}]` : 'input';
    if (text === '') return say(path, 'must not be empty');
    if (typeof text !== 'string') return say(path, `must be a text, not ${show(text)}: tokens are each model's own`);
    given.push(text);
  }
  return given;
}
