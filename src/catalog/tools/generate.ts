// The tool `generate`: a prompt in, text out, as one object that a program can rely on: the only tool here with an
// output schema. Product sheet, section 4.

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ObjectSchema } from '../../core/schema.ts';
import type { Job } from '../../jobs/job.ts';
import { isOpenAiReasoning } from '../../providers/model-names.ts';
import { ask } from '../answer/ask.ts';
import type { Reply } from '../answer/ask.ts';
import { ending, imagesDescribed } from '../../providers/answer/openai-shape.ts';
import { soFarOf } from '../answer/pending.ts';
import { copiesOfJson, json, remark, structuredResult } from '../answer/result.ts';
import { widened } from '../request/arguments.ts';
import { toChatRequest } from '../request/chat-request.ts';
import { stringOf } from '../../providers/openai-form/read.ts';
import type { Tool, ToolContext, ToolResult } from '../tool.ts';
import { ASKS, LONG_RESULT, SHARED } from './terms.ts';
import type { Terms } from './terms.ts';

const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    prompt: { type: 'string', minLength: 1 },
    model: SHARED.model,
    temperature: SHARED.temperature,
    max_tokens: SHARED.max_tokens,
    extra: SHARED.extra,
  },
  required: ['prompt'],
};

const OUTPUT: ObjectSchema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    model: { type: 'string' },
    finish_reason: { type: 'string' },
    usage: { type: 'object' },
    job_id: { type: 'string' },
  },
  required: ['text', 'model', 'finish_reason'],
};

export function generateTool(terms: Terms): Tool {
  return {
    name: 'generate',
    title: 'Generate text',
    description: 'Complete one prompt and get {text, model, finish_reason, usage}.',
    inputSchema: INPUT,
    outputSchema: OUTPUT,
    annotations: ASKS,
    meta: LONG_RESULT,
    task: 'optional',
    pending: (job, ctx) => pending(job, terms.maxOutputChars, ctx),
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const request = toChatRequest(withTemperature(args, terms.generateTemperature), {
        schema: INPUT,
        providers: terms.providers,
      });
      const copies = copiesOfJson(ctx);
      const asking = { model: request.model, silent: false, maxChars: terms.maxOutputChars, copies };
      const reply = await ask((context, hear) => terms.models.chat(request, context, hear), asking, ctx);
      const structured = {
        text: String(reply.text),
        model: reply.model,
        ...present({ images: imagesDescribed(reply.images) }),
        ...ending(reply),
        ...missing(reply),
      };
      return structuredResult(structured, reply, ctx.structured);
    },
  };
}

/** There are clients that show structured content and nothing beside it: what the text lacks is said in it too. */
function missing(reply: Reply): JsonObject {
  const { rest, images } = reply;
  if (rest === undefined && (images === undefined || images.leftOut.size === 0)) return {};
  return { ...present({ job_id: rest?.job }), note: remark(reply) };
}

function pending(job: Job, maxChars: number, ctx: ToolContext): ToolResult {
  const { text, line, meta } = soFarOf(job, { maxChars, copies: copiesOfJson(ctx) }, ctx);
  const model = job.draft?.model ?? '';
  const structured = { text, model, finish_reason: 'pending', job_id: job.id, note: line };
  return { content: [json(structured)], ...(ctx.structured ? { structuredContent: structured } : {}), meta };
}

/** Reasoning models refuse any temperature but their own. */
function withTemperature(args: JsonObject, temperature: number): JsonObject {
  return isOpenAiReasoning(stringOf(args['model']) ?? '') ? args : { temperature, ...args };
}
