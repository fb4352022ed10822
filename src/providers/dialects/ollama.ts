// Ollama's own dialect: chat and completions as lines of JSON, embeddings, the models and what each can do, as pure
// functions. The parts are in the folder beside this file. WIRE.md 1 to 5, 4.5 above all.

import { Fault } from '../../core/fault.ts';
import { encodeJson, isObject, parseJson } from '../../core/json.ts';
import type { ChatEvent } from '../chat.ts';
import type { AnswerAsk, Ask, Dialect, Endpoint, Lessons, Sending, Sent } from '../dialect.ts';
import { AnswerStream } from './answer-stream.ts';
import { applyLessons } from './sending/apply-lessons.ts';
import type { Body } from './sending/apply-lessons.ts';
import { EventBatch } from './event-batch.ts';
import { malformed } from './limits.ts';
import { OllamaAnswer } from './ollama/answer.ts';
import { requestBody } from './ollama/encode.ts';
import { decodeEmbed, decodeShow, decodeTags } from './ollama/lists.ts';
import { mendOllama } from './ollama/mend.ts';
import { OllamaLines, OllamaReader } from './ollama/reader.ts';
import { readOllamaRefusal } from './ollama/refusal.ts';
import { routeOf } from './ollama/route.ts';

export const ollama: Dialect = {
  name: 'ollama',
  framing: 'ndjson',
  encode,
  decoder: (sent) => streamOf(answered(sent)),
  decode: decodeReply,
  decodeEmbeddings: decodeEmbed,
  decodeModels: (body, provider) => ({ models: decodeTags(body, provider) }),
  decodeModel: decodeShow,
  fault: readOllamaRefusal,
  mend: mendOllama,
};

function encode(ask: Ask, endpoint: Endpoint, lessons: Lessons): Sending {
  const { url, headers } = routeOf(endpoint);
  const accept = 'application/json';
  if (ask.op === 'models') return { method: 'GET', url: url.models, headers: { accept, ...headers }, changed: [] };
  const changed = new Set<string>();
  const body: Body = ask.op === 'describe' ? { model: ask.model } : requestBody(ask, lessons, changed);
  // What was learnt of `think` is heeded where it is made of the effort.
  const values = new Map([...lessons.values].filter(([param]) => param !== 'think'));
  for (const line of applyLessons(body, { ...lessons, values })) changed.add(line);
  const text = encodeJson(body);
  if (text === undefined) throw new Fault('INVALID_INPUT', 'The request is nested too deeply to be sent.');
  const isStream = body['stream'] === true;
  return {
    method: 'POST',
    url: url[ask.op],
    headers: {
      'content-type': 'application/json',
      accept: isStream ? `application/x-ndjson, ${accept}` : accept,
      ...headers,
    },
    body: text,
    changed: [...changed],
  };
}

function streamOf(ask: AnswerAsk): AnswerStream<ReturnType<OllamaLines['push']>[number]> {
  return new AnswerStream(new OllamaLines(), new OllamaReader(ask));
}

/** Only questions that a model answers have an answer to decode. */
function answered({ ask }: Sent): AnswerAsk {
  if ('stream' in ask) return ask;
  throw new Fault('internal', 'Internal error.', { cause: `no answer in events is expected to ${ask.op}` });
}

/** A whole reply is like the last line of a stream; a stream under the name of a whole reply is read as one. */
function decodeReply(sent: Sent, body: string): ChatEvent[] {
  const ask = answered(sent);
  const reply = parseJson(body);
  if (reply === undefined) return decodeLines(ask, body);
  if (!isObject(reply)) throw malformed("The upstream's reply is not a JSON object.");
  const batch = new EventBatch();
  const answer = new OllamaAnswer(ask);
  answer.accept(reply, batch);
  if (!answer.isDone) {
    throw new Fault('INCOMPLETE', "The upstream's reply does not say that the answer is complete.");
  }
  answer.finish(batch);
  return batch.take();
}

function decodeLines(ask: AnswerAsk, body: string): ChatEvent[] {
  const stream = streamOf(ask);
  const events = [...stream.push(Buffer.from(body)), ...stream.end()];
  // A fault that followed the events waits for the next question.
  stream.end();
  return events;
}
