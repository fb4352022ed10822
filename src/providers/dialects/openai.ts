// The OpenAI dialect, which most servers speak in their own way: chat completions, responses, legacy completions,
// embeddings and model lists, as pure functions. The parts are in the folders beside this one. WIRE.md 1 to 5.

import { Fault } from '../../core/fault.ts';
import { isObject, parseJson } from '../../core/json.ts';
import type { ChatEvent } from '../chat.ts';
import { SseDecoder } from '../../wire/sse.ts';
import type { Dialect, Sent } from '../dialect.ts';
import { readRefusal } from '../faults/refusal.ts';
import { AnswerStream } from './answer-stream.ts';
import { EventBatch } from './event-batch.ts';
import { LONGEST_NAME } from './openai/adapted.ts';
import { OpenAiAnswer } from './openai/answer.ts';
import type { AnswerManner } from './openai/answer.ts';
import { decodeEmbeddingList, decodeModelList } from './openai/lists.ts';
import { malformed } from './limits.ts';
import { mendOpenAi } from './openai/mend.ts';
import { openAiRoute, routeCache } from './openai/sent/request.ts';
import { OpenAiReader } from './openai/reader.ts';
import { KEEPS, openAiSending, RESPONSES } from './openai/sent/sending.ts';
import { callersToolNames } from './sending/tool-names.ts';
import { decodeResponse, ResponsesReader } from './responses/reader.ts';

/** Room for the largest image that is given on, in base64, which some servers send in one event. */
const MAX_EVENT_BYTES = 24 * 1024 * 1024;

const routeOf = routeCache((endpoint) => openAiRoute(endpoint));

export const openai: Dialect = {
  name: 'openai',
  framing: 'sse',
  encode: (ask, endpoint, lessons) => openAiSending(ask, endpoint, lessons, routeOf(endpoint)),
  decoder: (sent) =>
    sent.sending.wire === RESPONSES
      ? new AnswerStream(new SseDecoder(MAX_EVENT_BYTES), new ResponsesReader(sent.ask))
      : new AnswerStream(new SseDecoder(MAX_EVENT_BYTES), new OpenAiReader(mannerOf(sent))),
  decode: decodeReply,
  decodeEmbeddings: decodeEmbeddingList,
  decodeModels: (body, provider) => ({ models: decodeModelList(body, provider) }),
  fault: readRefusal,
  mend: mendOpenAi,
};

function mannerOf({ ask, sending: { wire } }: Sent): AnswerManner {
  const manner: AnswerManner =
    wire === KEEPS.details ? { keeps: 'details' } : wire === KEEPS.text ? { keeps: 'text' } : {};
  const hasTools = ask.op === 'chat' && ask.request.tools !== undefined;
  return hasTools ? { ...manner, toolNames: callersToolNames(ask, LONGEST_NAME) } : manner;
}

/** A whole reply has the same members as a chunk, with `message` where a chunk has `delta`. */
function decodeReply(sent: Sent, body: string): ChatEvent[] {
  if (sent.sending.wire === RESPONSES) return decodeResponse(sent.ask, body);
  const reply = parseJson(body);
  if (reply === undefined) throw new Fault('INCOMPLETE', "The upstream's reply is cut short or not valid JSON.");
  if (!isObject(reply)) throw malformed("The upstream's reply is not a JSON object.");
  const batch = new EventBatch();
  const answer = new OpenAiAnswer(mannerOf(sent));
  answer.accept(reply, batch);
  if (!Array.isArray(reply['choices']))
    throw malformed("The upstream's reply holds no choices, so it is no answer to a chat.");
  answer.finish(batch);
  return batch.take();
}
