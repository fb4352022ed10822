// The right answer to a question as the bytes of the OpenAI wire, and its parts, so that a mishap can stop or spoil it
// anywhere. WIRE.md 3.1 and 3.2.

import { chunk, chunkedHead, reply } from '../support/loopback.ts';
import type { Draw } from '../support/property.ts';
import { integer } from '../support/property.ts';
import type { Step } from './play.ts';
import type { Question } from './question.ts';

/** One request as a server of the cluster meets it. */
export interface Scene {
  readonly question: Question;
  readonly model: string;
  /** Names of the members of the request's body. */
  readonly members: ReadonlySet<string>;
  readonly draw: Draw;
}

export const EVENTS = 'content-type: text/event-stream\r\n';
export const HEAD: Buffer = Buffer.from(chunkedHead(EVENTS));
export const LAST_CHUNK: Buffer = Buffer.from('0\r\n\r\n');

/** An event of the stream, not framed by HTTP. */
export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

export function delta({ question, model }: Scene, members: object, reason: string | null = null): string {
  const choices = [{ index: 0, delta: members, finish_reason: reason }];
  return event({ id: `chatcmpl-${question.number}`, object: 'chat.completion.chunk', created: 1, model, choices });
}

/** Opening and the first `count` pieces. */
export function said(scene: Scene, count: number): string {
  const pieces = scene.question.pieces.slice(0, count).map((content) => delta(scene, { content }));
  return delta(scene, { role: 'assistant', content: '' }) + pieces.join('');
}

export function usage({ model }: Scene): string {
  return event({ id: 'x', model, choices: [], usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 } });
}

export function finish(scene: Scene, reason = 'stop'): string {
  return delta(scene, {}, reason) + usage(scene);
}

export const DONE: string = event('[DONE]');

/** All events of the right answer. */
export function events(scene: Scene): string {
  return said(scene, Infinity) + finish(scene) + DONE;
}

/** How many pieces were said before a mishap: at least one, and not all. */
export function some({ question, draw }: Scene): number {
  return 1 + integer(draw, question.pieces.length - 1);
}

/** Head and beginning of a stream, open. */
export function begun(scene: Scene): Buffer {
  return Buffer.concat([HEAD, chunk(said(scene, some(scene)))]);
}

export function completion({ question, model }: Scene, content: string | null = question.answer): object {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  return { id: 'x', object: 'chat.completion', created: 1, model, choices, usage: { prompt_tokens: 9 } };
}

/** A whole stream and its end. */
export function whole(text: string): Buffer {
  return Buffer.concat([HEAD, chunk(text), LAST_CHUNK]);
}

const spaced = (scene: Scene, between: string): string =>
  `${between}${events(scene).replaceAll('\n\n', `\n\n${between}`)}`;

/** The right answer in every form that servers give it; each is complete. */
export const WELL: readonly ((scene: Scene) => readonly Step[])[] = [
  (scene) => [whole(events(scene))],
  (scene) => [whole(events(scene))],
  // One HTTP chunk for each event, and a moment before the first.
  (scene) => [
    HEAD,
    { waitMs: integer(scene.draw, 20) },
    Buffer.concat([...events(scene).split(/(?<=\n\n)/), ''].map((one) => (one === '' ? LAST_CHUNK : chunk(one)))),
  ],
  (scene) => [whole(spaced(scene, ': still here\n\n'))],
  (scene) => [whole(events(scene).replaceAll('\n', '\r\n'))],
  (scene) => [whole(said(scene, Infinity) + finish(scene))],
  // Servers that do not stream, or were told not to.
  (scene) => [Buffer.from(reply(JSON.stringify(completion(scene)), '200 OK', 'content-type: application/json\r\n'))],
  (scene) => [Buffer.from(reply(events(scene), '200 OK', EVENTS))],
  (scene) => [Buffer.from(`HTTP/1.1 200 OK\r\nconnection: close\r\n${EVENTS}\r\n${events(scene)}`), 'close'],
  (scene) => [Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), whole(events(scene))],
  // The answer is complete; what becomes of its connection is nobody's business.
  (scene) => [Buffer.concat([HEAD, chunk(events(scene))]), 'close'],
  (scene) => [Buffer.concat([HEAD, chunk(events(scene))]), 'hang'],
  (scene) => [
    HEAD,
    chunk(said(scene, 2)),
    { waitMs: 120 },
    chunk(': a drop\n\n'),
    { waitMs: 120 },
    chunk(events(scene).slice(said(scene, 2).length)),
    LAST_CHUNK,
  ],
  // An answer that nobody asked for follows: it must not become the next call's.
  (scene) => [HEAD, chunk(events(scene)), { atOnce: Buffer.concat([LAST_CHUNK, forged(scene)]) }],
];

/** A whole answer to nothing. */
export function forged(scene: Scene): Buffer {
  return Buffer.from(
    reply(JSON.stringify(completion(scene, 'forged')), '200 OK', 'content-type: application/json\r\n'),
  );
}
