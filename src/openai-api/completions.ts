// POST /v1/completions: the legacy endpoint. Follows WIRE sheet, 3.5.

import { present } from '../core/json.ts';
import { brief } from '../providers/answer/brief.ts';
import { imagePart, usageObject } from '../providers/answer/openai-shape.ts';
import type { ApiCall } from './call.ts';
import { CompletionFrames } from './relay/completion-frames.ts';
import { frameOptions, relayed } from './relayed.ts';
import { readCompletionRequest } from './request/completion-request.ts';
import { whole } from './whole.ts';

export async function completions(call: ApiCall): Promise<void> {
  const models = call.site.models();
  const { request, stream, includeUsage } = readCompletionRequest(await call.body());
  const { model } = request;
  const options = frameOptions(call, 'cmpl', includeUsage);
  if (stream) {
    const frames = new CompletionFrames(options);
    return relayed(call, { model, frames, answer: (ctx, hear) => models.complete(request, ctx, hear) });
  }
  const answer = await whole(call, model, (ctx, hear) => models.complete(request, ctx, hear));
  const { id, created, usage, text, images, statedModel, finishReason: finish_reason } = answer;
  call.reply({
    id: id || options.id,
    object: 'text_completion',
    created: created ?? options.created,
    model: brief(statedModel ?? call.served.model),
    choices: [
      {
        text: String(text),
        index: 0,
        logprobs: null,
        finish_reason,
        ...present({ images: images?.given.map(imagePart) }),
      },
    ],
    ...present({ usage: usage === undefined ? undefined : usageObject(usage) }),
  });
}
