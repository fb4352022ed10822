// A tool of the configuration: a prompt in which `{{argument}}` stands for what the caller gives, asked of one model. With a
// schema for its output, the answer is the JSON that fits it. Product sheet, section 7.

import { Fault } from '../../core/fault.ts';
import { isObject, parseJson, present } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { ObjectSchema, Schema } from '../../core/schema.ts';
import { stringOf } from '../../providers/openai-form/read.ts';
import type { ChatMessage, ChatRequest } from '../../providers/chat.ts';
import { ask } from '../answer/ask.ts';
import { pendingText } from '../answer/pending.ts';
import { copiesOfJson, plainResult, structuredResult } from '../answer/result.ts';
import type { PromptArgument } from '../prompt.ts';
import { filled } from '../prompts/template.ts';
import { widened } from '../request/arguments.ts';
import type { Tool } from '../tool.ts';
import { ASKS, LONG_RESULT } from './terms.ts';
import type { Terms } from './terms.ts';

/** As the configuration has it; checked already. */
export interface VirtualToolSettings {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  readonly system?: string;
  readonly prompt: string;
  /** Absent: the default. */
  readonly model?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** JSON Schema of an object; absent: text. */
  readonly output?: JsonObject;
}

export function virtualTool(settings: VirtualToolSettings, { models, maxOutputChars }: Terms): Tool {
  const { name, title = name, description, output } = settings;
  const schema = inputSchema(settings.arguments);
  return {
    name,
    title,
    description,
    inputSchema: schema,
    annotations: ASKS,
    meta: LONG_RESULT,
    task: 'optional',
    pending: (job, ctx) => pendingText(job, maxOutputChars, ctx),
    widen: (args) => widened(schema, args),
    async run(args, ctx) {
      const request = requestOf(settings, args);
      const copies = output === undefined ? 1 : copiesOfJson(ctx);
      const asking = { model: request.model, silent: false, maxChars: maxOutputChars, copies };
      const reply = await ask((context, hear) => models.chat(request, context, hear), asking, ctx);
      // Of what is too long for one result there is only the beginning here, which is no JSON.
      if (output === undefined || reply.omitted > 0) return plainResult(reply);
      const value = parseJson(String(reply.text));
      if (isJsonObject(value)) return structuredResult(value, reply, ctx.structured);
      throw new Fault('INCOMPLETE', `The answer of ${reply.model} is no JSON object.`, {
        data: { partial: String(reply.text) },
      });
    },
  };
}

function inputSchema(args: readonly PromptArgument[]): ObjectSchema {
  const properties = args.map(({ name, title, description }): [string, Schema] => [
    name,
    { type: 'string', ...present({ title, description }) },
  ]);
  const required = args.filter((one) => one.required === true).map(({ name }) => name);
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length === 0 ? {} : { required }) };
}

function requestOf(settings: VirtualToolSettings, args: JsonObject): ChatRequest {
  const { name, system = '', prompt, model = '', temperature, maxTokens, output } = settings;
  const given = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, stringOf(value) ?? '']));
  const instructions: ChatMessage[] = system === '' ? [] : [{ role: 'system', content: filled(system, given) }];
  return {
    model,
    messages: [...instructions, { role: 'user', content: filled(prompt, given) }],
    ...present({ temperature, maxTokens, responseFormat: output === undefined ? undefined : formatOf(name, output) }),
  };
}

function formatOf(name: string, schema: JsonObject): JsonObject {
  return { type: 'json_schema', json_schema: { name, schema } };
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}
