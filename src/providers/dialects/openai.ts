// The OpenAI dialect, which most servers speak in their own way: chat completions, legacy completions,
// embeddings and model lists, as pure functions. The parts are in the files beside this one. WIRE.md 1 to 5.

import { Fault } from '../../core/fault.ts';
import { encodeJson, isObject, parseJson } from '../../core/json.ts';
import type { ChatEvent } from '../chat.ts';
import { SseDecoder } from '../../wire/sse.ts';
import type { Ask, Dialect, Endpoint, Lessons, Sending } from '../dialect.ts';
import { readRefusal } from '../faults/refusal.ts';
import { AnswerStream } from './answer-stream.ts';
import { EventBatch } from './event-batch.ts';
import { OpenAiAnswer } from './openai/answer.ts';
import { chatBody, completionBody, embeddingBody } from './openai/encode.ts';
import { decodeEmbeddingList, decodeModelList } from './openai/lists.ts';
import { malformed } from './limits.ts';
import { notOffered } from './not-offered.ts';
import { mendOpenAi } from './openai/mend.ts';
import { applyKnowledge } from './openai/params.ts';
import type { Body } from './apply-lessons.ts';
import { routeOf } from './openai/request.ts';
import { OpenAiReader } from './openai/reader.ts';

export const openai: Dialect = {
  name: 'openai',
  framing: 'sse',
  encode,
  decoder: () => new AnswerStream(new SseDecoder(), new OpenAiReader()),
  decode: (_sent, body) => decodeReply(body),
  decodeEmbeddings: decodeEmbeddingList,
  decodeModels: (body, provider) => ({ models: decodeModelList(body, provider) }),
  fault: readRefusal,
  mend: mendOpenAi,
};

function encode(ask: Ask, endpoint: Endpoint, lessons: Lessons): Sending {
  if (ask.op === 'describe') throw notOffered('a description of a model', endpoint.provider);
  const { url, headers, host } = routeOf(endpoint);
  if (ask.op === 'models') {
    return { method: 'GET', url: url.models, headers: { accept: 'application/json', ...headers }, changed: [] };
  }
  const body = bodyOf(ask, host);
  const changed = applyKnowledge(body, ask.request.model, lessons);
  const text = encodeJson(body);
  if (text === undefined) throw new Fault('INVALID_INPUT', 'The request is nested too deeply to be sent.');
  const accept = ask.op !== 'embed' && ask.stream ? 'text/event-stream, application/json' : 'application/json';
  return {
    method: 'POST',
    url: url[ask.op],
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: text,
    changed,
  };
}

function bodyOf(ask: Exclude<Ask, { op: 'models' | 'describe' }>, host: string): Body {
  switch (ask.op) {
    case 'chat':
      return chatBody(ask.request, ask.stream, host);
    case 'complete':
      return completionBody(ask.request, ask.stream);
    case 'embed':
      return embeddingBody(ask.request, host);
  }
}

/** A whole reply has the same members as a chunk, with `message` where a chunk has `delta`. */
function decodeReply(body: string): ChatEvent[] {
  const reply = parseJson(body);
  if (reply === undefined) throw new Fault('INCOMPLETE', "The upstream's reply is cut short or not valid JSON.");
  if (!isObject(reply)) throw malformed("The upstream's reply is not a JSON object.");
  const batch = new EventBatch();
  const answer = new OpenAiAnswer();
  answer.accept(reply, batch);
  if (!Array.isArray(reply['choices']))
    throw malformed("The upstream's reply holds no choices, so it is no answer to a chat.");
  answer.finish(batch);
  return batch.take();
}
