// Everything that can go wrong with one answer of an upstream (product sheet, section 8), at every phase of it, as one
// table: what the server does, and which codes a call may end with because of it when nothing better could be had.

import { chunk, reply } from '../support/loopback.ts';
import { integer, oneOf } from '../support/property.ts';
import { begun, completion, delta, DONE, event, events, EVENTS, finish, HEAD, LAST_CHUNK } from './answer-bytes.ts';
import { said, some, whole } from './answer-bytes.ts';
import type { Scene } from './answer-bytes.ts';
import type { Step } from './play.ts';

export type Phase = 'before the head' | 'status' | 'after the head' | 'in the answer' | 'at the end';

export interface Mishap {
  readonly phase: Phase;
  readonly name: string;
  /** Of an error that is this one's doing. */
  readonly codes: readonly string[];
  /** It is the request's own doing, so no other target is asked. */
  readonly isFinal: boolean;
  /** Only where the request has something to complain about. */
  readonly needs: (scene: Scene) => boolean;
  readonly steps: (scene: Scene) => readonly Step[];
}

interface More {
  readonly isFinal?: boolean;
  readonly needs?: Mishap['needs'];
}

type Row = readonly [name: string, codes: string, steps: Mishap['steps'], more?: More];

const always = (): boolean => true;

function rows(phase: Phase, ...list: readonly Row[]): Mishap[] {
  return list.map(([name, codes, steps, { isFinal = false, needs = always } = {}]) => {
    return { phase, name, codes: codes.split(' '), isFinal, needs, steps };
  });
}

const FINAL: More = { isFinal: true };
const JSON_TYPE = 'content-type: application/json\r\n';
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Your session has ended.</body></html>';
const PAGE_TYPE = 'content-type: text/html\r\n';

const errorBody = (message: string, more: object = {}): string => JSON.stringify({ error: { message, ...more } });

const refusal = (status: string, body: string, headers = ''): (() => readonly Step[]) => {
  return () => [Buffer.from(reply(body, status, JSON_TYPE + headers))];
};

const status = (line: string, codes: string, more: object = {}, headers = ''): Row => [
  headers === '' ? line : `${line}, ${headers.trim()}`,
  codes,
  refusal(line, errorBody('The chaos says no.', more), headers),
];

/** A member of the request that a server may not know. */
const MENDABLE = ['temperature', 'top_p', 'seed', 'presence_penalty'];
const mendable = ({ members }: Scene): string[] => MENDABLE.filter((name) => members.has(name));

const garbage = ({ draw }: Scene): Buffer => Buffer.from(Array.from({ length: 200 }, () => integer(draw, 256)));

/** Cuts the bytes within the last character of several bytes. */
function halfCharacter(scene: Scene): Buffer {
  const bytes = Buffer.from(said(scene, some(scene)) + delta(scene, { content: ' 漢' }));
  return bytes.subarray(0, bytes.lastIndexOf(Buffer.from('漢')) + 2);
}

const openEnded = (bytes: Buffer | string): Buffer => Buffer.concat([HEAD, chunk(bytes)]);
const sized = (bytes: number, body: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n${EVENTS}\r\n${body}`);

const BEFORE_THE_HEAD = rows(
  'before the head',
  ['reset', 'NETWORK', () => ['reset']],
  ['close', 'NETWORK', () => ['close']],
  ['silence', 'TIMEOUT', () => ['hang']],
  ['half a head, then close', 'NETWORK', () => [Buffer.from('HTTP/1.1 200 OK\r\ncontent-ty'), 'close']],
  ['half a head, then silence', 'TIMEOUT', () => [Buffer.from('HTTP/1.1 200 OK\r\ncontent-ty'), 'hang']],
  ['garbage', 'UPSTREAM NETWORK', (scene) => [garbage(scene), 'close']],
  ['another protocol', 'UPSTREAM NETWORK', () => [Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'hang']],
);

const STATUS = rows(
  'status',
  status('408 Request Timeout', 'TIMEOUT'),
  status('409 Conflict', 'UPSTREAM'),
  status('425 Too Early', 'UPSTREAM'),
  status('429 Too Many Requests', 'RATE_LIMITED'),
  status('429 Too Many Requests', 'RATE_LIMITED', { type: 'rate_limit_error' }, 'retry-after-ms: 60\r\n'),
  status('429 Too Many Requests', 'RATE_LIMITED', {}, 'retry-after: 1\r\n'),
  status('429 Too Many Requests', 'RATE_LIMITED', {}, 'retry-after: 900\r\n'),
  status('429 Quota', 'QUOTA', { code: 'insufficient_quota' }),
  status('402 Payment Required', 'QUOTA'),
  status('500 Internal Server Error', 'UPSTREAM'),
  status('502 Bad Gateway', 'UPSTREAM'),
  status('503 Service Unavailable', 'UPSTREAM', {}, 'retry-after: 0.05\r\n'),
  status('504 Gateway Timeout', 'UPSTREAM'),
  status('529 Overloaded', 'OVERLOADED', { type: 'overloaded_error' }),
  status('401 Unauthorized', 'AUTH', { code: 'invalid_api_key' }),
  status('403 Forbidden', 'AUTH'),
  status('404 Not Found', 'MODEL_NOT_FOUND', { code: 'model_not_found' }),
  ['403 of a moderation', 'CONTENT_FILTER', refusal('403 Forbidden', errorBody('x', { code: 'moderation' })), FINAL],
  [
    '400 of a content filter',
    'CONTENT_FILTER',
    refusal('400 Bad Request', errorBody('x', { code: 'content_filter' })),
    FINAL,
  ],
  ['400 invalid', 'INVALID_INPUT', refusal('400 Bad Request', errorBody('Bad "messages".')), FINAL],
  [
    '400 mendable',
    'INVALID_INPUT',
    (scene) => {
      const param = oneOf(scene.draw, mendable(scene));
      const message = `Unsupported parameter: '${param}' is not supported with this model.`;
      const body = errorBody(message, { type: 'invalid_request_error', param, code: 'unsupported_parameter' });
      return refusal('400 Bad Request', body)();
    },
    { needs: (scene) => mendable(scene).length > 0 },
  ],
  [
    '400 context too long',
    'CONTEXT_TOO_LONG',
    refusal('400 Bad Request', errorBody('x', { code: 'context_length_exceeded' })),
    FINAL,
  ],
  ['413 too large', 'INVALID_INPUT', refusal('413 Content Too Large', errorBody('too large')), FINAL],
  ['422', 'INVALID_INPUT', refusal('422 Unprocessable', errorBody('no')), FINAL],
  ['307 to elsewhere', 'UPSTREAM', refusal('307 Temporary', '', 'location: http://127.0.0.1:9/v1\r\n')],
  ['404 of a path', 'UPSTREAM', refusal('404 Not Found', errorBody('Not found'))],
  ['502 with a page', 'UPSTREAM', () => [Buffer.from(reply(PAGE, '502 Bad Gateway', PAGE_TYPE))]],
  [
    '500 whose body is cut',
    'UPSTREAM',
    () => [Buffer.from('HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\n{"error"'), 'close'],
  ],
  [
    '503 whose body never comes',
    'UPSTREAM TIMEOUT',
    () => [Buffer.from('HTTP/1.1 503 Oops\r\ncontent-length: 100\r\n\r\n{"error"'), 'hang'],
  ],
);

const AFTER_THE_HEAD = rows(
  'after the head',
  ['reset', 'NETWORK INCOMPLETE', () => [HEAD, { waitMs: 5 }, 'reset']],
  ['close', 'INCOMPLETE NETWORK', () => [HEAD, 'close']],
  ['silence', 'TIMEOUT', () => [HEAD, 'hang']],
  ['comments and no token', 'TIMEOUT', () => [HEAD, ...drops(': waiting\n\n', 30, 100), 'hang']],
  ['a page', 'UPSTREAM', () => [Buffer.from(reply(PAGE, '200 OK', PAGE_TYPE))]],
  ['garbage', 'UPSTREAM INCOMPLETE', (scene) => [openEnded(garbage(scene)), LAST_CHUNK]],
  [
    'garbage for chunks',
    'UPSTREAM NETWORK INCOMPLETE',
    (scene) => [HEAD, Buffer.from('zz\r\n'), garbage(scene), 'close'],
  ],
  ['nothing', 'INCOMPLETE EMPTY_ANSWER UPSTREAM', () => [Buffer.from(reply('', '200 OK', EVENTS))]],
  ['only [DONE]', 'INCOMPLETE EMPTY_ANSWER', () => [whole(DONE)]],
  ['an error', 'UPSTREAM', () => [whole(event({ error: { message: 'The engine died.', type: 'server_error' } }))]],
  ['an error, overloaded', 'OVERLOADED', () => [whole(event({ error: { message: 'x', type: 'overloaded_error' } }))]],
  ['an error, rate', 'RATE_LIMITED', () => [whole(event({ error: { message: 'x', code: 429 } }))]],
  [
    'an error, filtered',
    'CONTENT_FILTER',
    () => [whole(event({ error: { message: 'x', code: 'content_filter' } }))],
    FINAL,
  ],
  ['malformed JSON', 'UPSTREAM INCOMPLETE', () => [whole('data: {"choices":[{"delta":{"content":\n\n')]],
  ['an empty answer', 'EMPTY_ANSWER', (scene) => [whole(delta(scene, { content: '' }) + finish(scene) + DONE)]],
  [
    'only reasoning',
    'EMPTY_ANSWER',
    (scene) => [whole(delta(scene, { reasoning_content: 'hm' }) + finish(scene) + DONE)],
  ],
  [
    'an empty reply',
    'EMPTY_ANSWER',
    (scene) => [Buffer.from(reply(JSON.stringify(completion(scene, '')), '200 OK', JSON_TYPE))],
  ],
  [
    'a reply that is cut',
    'INCOMPLETE',
    (scene) => [Buffer.from(reply(cut(JSON.stringify(completion(scene)), scene), '200 OK', JSON_TYPE))],
  ],
  [
    'a reply shorter than its length',
    'INCOMPLETE NETWORK',
    (scene) => {
      const body = JSON.stringify(completion(scene));
      const head = `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${JSON_TYPE}\r\n`;
      return [Buffer.from(head + cut(body, scene)), 'close'];
    },
  ],
);

const IN_THE_ANSWER = rows(
  'in the answer',
  ['reset', 'NETWORK INCOMPLETE', (scene) => [begun(scene), { waitMs: 5 }, 'reset']],
  ['close', 'INCOMPLETE NETWORK', (scene) => [begun(scene), 'close']],
  ['silence', 'TIMEOUT INCOMPLETE', (scene) => [begun(scene), 'hang']],
  ['slow drops, then close', 'INCOMPLETE NETWORK', (scene) => [begun(scene), ...drops(': drop\n\n', 5, 100), 'close']],
  [
    'an error',
    'UPSTREAM',
    (scene) => [begun(scene), chunk(event({ error: { message: 'The engine died.' } })), LAST_CHUNK],
  ],
  [
    'an error and then the rest',
    'UPSTREAM',
    (scene) => [HEAD, chunk(said(scene, 2) + event({ error: { message: 'x' } }) + events(scene)), LAST_CHUNK],
  ],
  ['finish "error"', 'UPSTREAM', (scene) => [begun(scene), chunk(finish(scene, 'error') + DONE), LAST_CHUNK]],
  [
    'malformed JSON',
    'UPSTREAM INCOMPLETE',
    (scene) => [begun(scene), chunk('data: {"choices":[{\n\n'), chunk(finish(scene)), LAST_CHUNK],
  ],
  ['half a character, then close', 'INCOMPLETE NETWORK', (scene) => [openEnded(halfCharacter(scene)), 'close']],
  ['half a character, then the end', 'INCOMPLETE UPSTREAM', (scene) => [openEnded(halfCharacter(scene)), LAST_CHUNK]],
  ['half a character, then silence', 'TIMEOUT INCOMPLETE', (scene) => [openEnded(halfCharacter(scene)), 'hang']],
  [
    'garbage',
    'UPSTREAM INCOMPLETE',
    (scene) => [begun(scene), chunk(Buffer.concat([garbage(scene), Buffer.from('\n\n')])), LAST_CHUNK],
  ],
  [
    'garbage for chunks',
    'UPSTREAM NETWORK INCOMPLETE',
    (scene) => [begun(scene), Buffer.from('-1\r\n'), garbage(scene), 'close'],
  ],
  ['an end without a finish', 'INCOMPLETE', (scene) => [begun(scene), LAST_CHUNK]],
  ['a length too great', 'INCOMPLETE NETWORK', (scene) => [sized(1e6, said(scene, some(scene))), 'close']],
  [
    'a length too small',
    'INCOMPLETE UPSTREAM',
    (scene) => [sized(Buffer.byteLength(said(scene, some(scene))), events(scene))],
  ],
);

const AT_THE_END = rows(
  'at the end',
  ['no finish', 'INCOMPLETE', (scene) => [whole(said(scene, Infinity))]],
  ['no finish, then silence', 'TIMEOUT INCOMPLETE', (scene) => [openEnded(said(scene, Infinity)), 'hang']],
  [
    'filtered',
    'CONTENT_FILTER',
    (scene) => [whole(said(scene, some(scene)) + finish(scene, 'content_filter') + DONE)],
    FINAL,
  ],
  // What is complete may also be taken for that.
  ['reset', 'NETWORK INCOMPLETE', (scene) => [openEnded(events(scene)), { waitMs: 5 }, 'reset']],
  ['reset at once', 'NETWORK INCOMPLETE', (scene) => [whole(events(scene)), 'reset']],
);

export const MISHAPS: readonly Mishap[] = [
  ...BEFORE_THE_HEAD,
  ...STATUS,
  ...AFTER_THE_HEAD,
  ...IN_THE_ANSWER,
  ...AT_THE_END,
];

function drops(text: string, count: number, waitMs: number): Step[] {
  return Array.from({ length: count }, () => [chunk(text), { waitMs }]).flat();
}

/** As far as somewhere in its middle. */
function cut(text: string, { draw }: Scene): string {
  return text.slice(0, 1 + integer(draw, text.length - 2));
}
