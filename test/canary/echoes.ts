// Everywhere in an answer that an upstream may repeat what it was sent: each a way of putting a text into the bytes of
// an answer, well-formed or not.

import { chunk, chunkedHead, reply } from '../support/loopback.ts';

const EVENTS = 'content-type: text/event-stream\r\n';
const JSON_TYPE = 'content-type: application/json\r\n';

const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const delta = (said: object, finish: string | null = null, more: object = {}): string =>
  event({ id: 'x', model: 'm', choices: [{ index: 0, delta: said, finish_reason: finish }], ...more });
const stream = (...events: readonly string[]): string => events.join('');
const answered = (text: string): Buffer => Buffer.concat([head(), chunk(text), Buffer.from('0\r\n\r\n')]);
const refused = (status: string, body: string, headers = JSON_TYPE): Buffer => latin1(reply(body, status, headers));
const head = (): Buffer => Buffer.from(chunkedHead(EVENTS));
const latin1 = (text: string): Buffer => Buffer.from(text);
const END = delta({}, 'stop') + event('[DONE]');

/** Cut within the text, again and again. */
function inPieces(text: string, characters: number, piece: (part: string) => string): string {
  let out = '';
  for (let from = 0; from < text.length; from += characters) out += piece(text.slice(from, from + characters));
  return out;
}

/** What is said of an answer to a chat. An answer whose end is missing is closed after it. */
export const CHAT_ECHOES: Readonly<Record<string, (text: string) => Buffer>> = {
  'the message of a 400': (text) => refused('400 Bad Request', JSON.stringify({ error: { message: `No ${text}.` } })),
  'the message of a 401': (text) =>
    refused('401 Unauthorized', JSON.stringify({ error: { message: `Incorrect API key provided: ${text}` } })),
  'the words of a 403': (text) =>
    refused('403 Forbidden', JSON.stringify({ error: { message: 'x', code: text, type: text, param: text } })),
  'the parameter of a 422': (text) =>
    refused('422 No', JSON.stringify({ detail: [{ loc: ['body', text], msg: text }] })),
  'the text of a 500': (text) => refused('500 Oops', `cannot use ${text} here`, 'content-type: text/plain\r\n'),
  'the page of a 502': (text) =>
    refused('502 Bad Gateway', `<html><title>${text}</title><p>${text}</html>`, 'content-type: text/html\r\n'),
  'a page': (text) => refused('200 OK', `<html><title>${text}</title></html>`, 'content-type: text/html\r\n'),
  'the id of a request': (text) => refused('500 Oops', '{}', `${JSON_TYPE}x-request-id: ${text}\r\n`),
  'retry-after': (text) => refused('429 Slow', '{}', `${JSON_TYPE}retry-after: ${text}\r\n`),
  'a redirect': (text) => refused('307 Elsewhere', '', `location: https://${text}:x@h.test/${text}?k=${text}\r\n`),
  'the reason of a status': (text) => refused(`500 ${text}`, ''),
  'no HTTP at all': (text) => latin1(`${text}\r\n\r\n`),
  'a header that is none': (text) => latin1(`HTTP/1.1 200 OK\r\n${text}\r\n\r\n`),
  'the length of a body': (text) => latin1(`HTTP/1.1 200 OK\r\ncontent-length: ${text}\r\n\r\n`),
  'the length of a chunk': (text) => Buffer.concat([head(), latin1(`${text}\r\n`)]),
  'an error in the answer': (text) => answered(event({ error: { message: text, code: text, type: 'server_error' } })),
  'an answer': (text) => answered(stream(delta({ content: `It is ${text}!` }), END)),
  'an answer in pieces': (text) =>
    answered(
      stream(
        inPieces(text, 3, (content) => delta({ content })),
        END,
      ),
    ),
  'an answer by characters': (text) =>
    answered(
      stream(
        inPieces(text, 1, (content) => delta({ content })),
        END,
      ),
    ),
  'an answer that is cut': (text) => Buffer.concat([head(), chunk(delta({ content: `${text} and so ` }))]),
  'an answer that is cut in it': (text) =>
    Buffer.concat([head(), chunk(inPieces(text.slice(0, -1), 5, (content) => delta({ content })))]),
  reasoning: (text) =>
    answered(
      stream(
        inPieces(text, 4, (part) => delta({ reasoning_content: part })),
        delta({ content: 'So.' }),
        END,
      ),
    ),
  'a tool call': (text) => {
    const calls = (part: string): object => ({
      tool_calls: [{ index: 0, id: text, type: 'function', function: { name: 'look', arguments: part } }],
    });
    const args = JSON.stringify({ q: text });
    return answered(
      stream(
        inPieces(args, 7, (part) => delta(calls(part))),
        delta({}, 'tool_calls'),
      ),
    );
  },
  'the id and the model': (text) =>
    answered(stream(event({ id: text, model: text, choices: [] }), delta({ content: 'a' }), END)),
  'the reason of the finish': (text) => answered(stream(delta({ content: 'a' }), delta({}, text))),
  'a filter': (text) =>
    answered(
      event({
        choices: [
          {
            index: 0,
            delta: {},
            finish_reason: 'content_filter',
            content_filter_results: { [text]: { filtered: true } },
          },
        ],
      }),
    ),
  'a whole reply': (text) =>
    refused(
      '200 OK',
      JSON.stringify({ id: text, model: text, choices: [{ message: { content: text }, finish_reason: 'stop' }] }),
    ),
  'a reply that is no answer': (text) => refused('200 OK', JSON.stringify({ [text]: text })),
  'malformed JSON': (text) => answered(`data: {"a": ${text}\n\n`),
};

/** The same for a list of models. */
export const LIST_ECHOES: Readonly<Record<string, (text: string) => Buffer>> = {
  'a list of models': (text) =>
    refused('200 OK', JSON.stringify({ data: [{ id: text, owned_by: text }, { id: `m-${text}` }] })),
  'the refusal of a list': (text) => refused('400 No', JSON.stringify({ error: { message: text } })),
  'a list that is none': (text) => refused('200 OK', text),
};

/** The same for embeddings. */
export const EMBED_ECHOES: Readonly<Record<string, (text: string) => Buffer>> = {
  embeddings: (text) => refused('200 OK', JSON.stringify({ model: text, data: [{ index: 0, embedding: [1, 2] }] })),
  'the refusal of embeddings': (text) => refused('400 No', JSON.stringify({ error: { message: text } })),
};
