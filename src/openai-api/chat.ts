// POST /v1/chat/completions. Follows the OpenAI chat completion object (WIRE sheet, 2.1, 3.1, 3.2 and 4.2).

import { brief } from '../providers/answer/brief.ts';
import type { Answer } from '../providers/answer/collect.ts';
import { apiMessageObject, usageObject } from '../providers/answer/openai-shape.ts';
import { present } from '../core/json.ts';
import type { ApiCall } from './call.ts';
import { ChatFrames } from './relay/chat-frames.ts';
import { frameOptions, relayed } from './relayed.ts';
import { readChatRequest } from './request/chat-request.ts';
import { whole } from './whole.ts';

export async function chatCompletions(call: ApiCall): Promise<void> {
  const models = call.site.models();
  const { request, stream, includeUsage } = readChatRequest(await call.body());
  const { model } = request;
  const options = frameOptions(call, 'chatcmpl', includeUsage);
  if (stream) {
    const frames = new ChatFrames(options);
    return relayed(call, { model, frames, answer: (ctx, hear) => models.chat(request, ctx, hear) });
  }
  const answer = await whole(call, model, (ctx, hear) => models.chat(request, ctx, hear));
  const { id, created, usage, finishReason: finish_reason } = answer;
  call.reply({
    id: id || options.id,
    object: 'chat.completion',
    created: created ?? options.created,
    model: brief(answer.statedModel ?? call.served.model),
    choices: [{ index: 0, message: messageOf(answer), logprobs: null, finish_reason }],
    ...present({ usage: usage === undefined ? undefined : usageObject(usage) }),
  });
}

/** What it thought stands where DeepSeek and llama.cpp put it, and what must come back where OpenRouter does. */
function messageOf(answer: Answer): object {
  const { reasoning } = answer;
  return {
    ...apiMessageObject(answer),
    refusal: null,
    ...present({ reasoning_content: reasoning === '' ? undefined : reasoning }),
  };
}
