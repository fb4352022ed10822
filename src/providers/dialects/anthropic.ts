// The Anthropic dialect: messages and model lists, as pure functions. Claude's own API speaks it, and so do llama.cpp,
// Ollama, LM Studio and vLLM at `/v1/messages`. The parts are in the folder of its name. WIRE.md 1 to 5.

import { Fault } from '../../core/fault.ts';
import { encodeJson, isObject, parseJson } from '../../core/json.ts';
import { SseDecoder } from '../../wire/sse.ts';
import type { ChatEvent } from '../chat.ts';
import type { Ask, Dialect, Endpoint, Lessons, Sending, Sent } from '../dialect.ts';
import { readRefusal } from '../faults/refusal.ts';
import { AnswerStream } from './answer-stream.ts';
import { AnthropicAnswer } from './anthropic/answer.ts';
import { encodeChat, LONGEST_TOOL_NAME } from './anthropic/encode.ts';
import { decodeModelPage } from './anthropic/lists.ts';
import { mendAnthropic } from './anthropic/mend.ts';
import { AnthropicReader } from './anthropic/reader.ts';
import { routeOf } from './anthropic/request.ts';
import { EventBatch } from './event-batch.ts';
import { malformed } from './limits.ts';
import { notOffered } from './sending/not-offered.ts';
import { callersToolNames } from './sending/tool-names.ts';

export const anthropic: Dialect = {
  name: 'anthropic',
  framing: 'sse',
  makesRoom: true,
  tellsReasoning: true,
  encode,
  decoder: ({ ask }) =>
    new AnswerStream(new SseDecoder(), new AnthropicReader(callersToolNames(ask, LONGEST_TOOL_NAME))),
  decode: decodeReply,
  decodeEmbeddings: () => {
    throw malformed("The upstream's reply holds no embeddings.");
  },
  decodeModels: decodeModelPage,
  fault: readRefusal,
  mend: mendAnthropic,
};

const NOT_OFFERED = { complete: 'legacy completions', embed: 'embeddings', describe: 'a description of a model' };

function encode(ask: Ask, endpoint: Endpoint, lessons: Lessons): Sending {
  const route = routeOf(endpoint);
  const accept = 'application/json';
  if (ask.op === 'models')
    return { method: 'GET', url: route.models(ask.page), headers: { accept, ...route.headers }, changed: [] };
  if (ask.op !== 'chat') throw notOffered(NOT_OFFERED[ask.op], endpoint.provider);
  const stream = ask.stream && !lessons.habits.has('not-streamed');
  const { body, changed } = encodeChat(ask.request, stream, lessons);
  const text = encodeJson(body);
  if (text === undefined) throw new Fault('INVALID_INPUT', 'The request is nested too deeply to be sent.');
  return {
    method: 'POST',
    url: route.messages,
    headers: {
      'content-type': 'application/json',
      accept: stream ? `text/event-stream, ${accept}` : accept,
      ...route.headers,
    },
    body: text,
    changed: stream === ask.stream ? changed : [...changed, 'stream -> whole reply'],
  };
}

function decodeReply({ ask }: Sent, body: string): ChatEvent[] {
  const reply = parseJson(body);
  if (reply === undefined) throw new Fault('INCOMPLETE', "The upstream's reply is cut short or not valid JSON.");
  if (!isObject(reply)) throw malformed("The upstream's reply is not a JSON object.");
  const batch = new EventBatch();
  const answer = new AnthropicAnswer(callersToolNames(ask, LONGEST_TOOL_NAME));
  answer.acceptWhole(reply, batch);
  answer.finish(batch);
  return batch.take();
}
