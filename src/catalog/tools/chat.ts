// The tool `chat`: a conversation goes to a model, its answer comes back as text. The hidden aliases of it take an
// OpenAI request instead. Product sheet, section 4.

import type { JsonObject } from '../../core/json.ts';
import { present } from '../../core/json.ts';
import type { ObjectSchema } from '../../core/schema.ts';
import { ask } from '../answer/ask.ts';
import type { Reply } from '../answer/ask.ts';
import { ending, messageObject } from '../../providers/answer/openai-shape.ts';
import { counted } from '../answer/images.ts';
import { copiesOfJson, detailedResult, plainResult } from '../answer/result.ts';
import { pendingText } from '../answer/pending.ts';
import { inSession } from '../conversations/goes-on.ts';
import { widened } from '../request/arguments.ts';
import { toChatRequest } from '../request/chat-request.ts';
import { withFiles } from '../request/named-files.ts';
import { ROLES } from '../../providers/openai-form/messages.ts';
import { fromOpenAi } from '../request/openai-request.ts';
import { stringOf } from '../../providers/openai-form/read.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { ASKS, LONG_RESULT, SHARED } from './terms.ts';
import type { Terms } from './terms.ts';

export const CHAT_SCHEMA: ObjectSchema = {
  type: 'object',
  properties: {
    messages: {
      type: 'array',
      description: 'The conversation so far. Give this or prompt.',
      items: {
        type: 'object',
        properties: {
          role: { type: 'string', enum: ROLES },
          content: {
            description: 'String, or array of {type:"text",text} and {type:"image_url",image_url:{url}} parts.',
          },
          name: { type: 'string' },
          tool_calls: {
            type: 'array',
            items: { type: 'object' },
            description: 'Assistant only: calls it made, OpenAI form.',
          },
          tool_call_id: { type: 'string', description: 'Role tool only: the call this answers.' },
          reasoning_details: {
            type: 'array',
            items: { type: 'object' },
            description: 'Assistant only: as it was answered.',
          },
        },
        required: ['role'],
      },
    },
    prompt: { type: 'string', description: 'One user message, instead of messages.' },
    system: { type: 'string', description: 'Instructions put first.' },
    model: SHARED.model,
    provider: SHARED.provider,
    temperature: SHARED.temperature,
    top_p: SHARED.top_p,
    max_tokens: SHARED.max_tokens,
    stop: SHARED.stop,
    seed: SHARED.seed,
    reasoning_effort: { type: 'string', description: 'For reasoning models: low, medium, high, ...' },
    response_format: {
      type: 'object',
      description: '{type:"json_object"} or {type:"json_schema",json_schema:{name,schema}}.',
    },
    tools: {
      type: 'array',
      items: { type: 'object' },
      description: 'Functions the model may call: {type:"function",function:{name,description,parameters}}.',
    },
    tool_choice: { description: '"auto", "none", "required" or {type:"function",function:{name}}.' },
    images: {
      type: 'array',
      items: { type: 'string' },
      description: 'https: or data: URLs, or paths of files the server may read; added to the last user message.',
    },
    files: {
      type: 'array',
      items: { type: 'string' },
      description: 'Absolute paths of text, PDF or image files the server may read; added likewise.',
    },
    detail: { type: 'string', enum: ['text', 'full'], description: 'full: the answer as OpenAI JSON. Default: text.' },
    stream: { type: 'boolean', description: 'false: no text in progress notices.' },
    cache: { description: 'true: an equal answer of before will do; false: not; "refresh": replace it.' },
    extra: SHARED.extra,
  },
};

/** Where conversations are kept, a call may name one. */
const SESSION_SCHEMA: ObjectSchema = {
  type: 'object',
  properties: {
    ...CHAT_SCHEMA.properties,
    session: {
      type: 'string',
      description: 'A name for the conversation, which is kept here: send only what is new. See conversations.',
    },
  },
};

export function chatTool(terms: Terms): Tool {
  const { conversations } = terms;
  const schema = conversations === undefined ? CHAT_SCHEMA : SESSION_SCHEMA;
  return {
    name: 'chat',
    title: 'Chat with a model',
    description: 'Ask a language model. Send messages, or one prompt; the answer comes back as text.',
    inputSchema: schema,
    annotations: ASKS,
    meta: LONG_RESULT,
    task: 'optional',
    pending: (job, ctx) => pendingText(job, terms.maxOutputChars, ctx),
    widen: (args) => widened(schema, args),
    async run(args, ctx) {
      const answer = (said: JsonObject): Promise<Reply> => answerTo(said, { schema, terms }, ctx);
      const session = stringOf(args['session']) ?? '';
      const reply = await withFiles(args, terms, ctx, (shown) => {
        if (conversations === undefined || session === '') return answer(shown);
        return inSession(session, shown, { conversations, ctx }, async (said) => {
          const answered = await answer(said.args);
          said.answered(remembered(answered));
          return answered;
        });
      });
      if (args['detail'] !== 'full') return plainResult(reply);
      return detailedResult(fullAnswer(reply, ctx.requestId), reply, ctx.structured);
    },
  };
}

interface Answering {
  readonly schema: ObjectSchema;
  readonly terms: Terms;
}

async function answerTo(args: JsonObject, { schema, terms }: Answering, ctx: ToolContext): Promise<Reply> {
  const request = toChatRequest(args, { schema, providers: terms.providers });
  const silent = args['stream'] === false;
  const copies = args['detail'] === 'full' ? 1 + copiesOfJson(ctx) : 1;
  const asking = { model: request.model, silent, maxChars: terms.maxOutputChars, copies };
  return ask((context, hear) => terms.models.chat(request, context, hear), asking, ctx);
}

/** The same tool for callers who send an OpenAI chat request. */
export function chatAlias(chat: Tool): Tool {
  return { ...chat, widen: (args) => widened(CHAT_SCHEMA, fromOpenAi(CHAT_SCHEMA, args)) };
}

/** What a conversation keeps of an answer: no API takes images back as the assistant's, and few that it said nothing. */
function remembered(reply: Reply): JsonObject {
  const { images: _, ...message } = messageObject(reply);
  const shown = reply.images?.shown.length ?? 0;
  return shown > 0 && message['content'] === '' ? { ...message, content: `[${counted(shown)}]` } : message;
}

function fullAnswer(reply: Reply, requestId: string): JsonObject {
  const { id, model, created } = reply;
  return {
    id: id || `chatcmpl-${requestId}`,
    ...present({ created }),
    model,
    message: messageObject(reply),
    ...ending(reply),
  };
}
