// A chat or completion as a stream of events: one attempt, from the request to `finish` or a Fault. The body
// decides how it is read (see body-kind.ts); a whole reply becomes the same events as a stream.

import type { Decoder } from '../../core/decoder.ts';
import { Fault } from '../../core/fault.ts';
import type { ChatEvent, Hear } from '../chat.ts';
import { thinksFirst } from '../model-names.ts';
import { pageFault } from '../faults/refusal.ts';
import { AnswerCheck } from './answer-check.ts';
import { Attempt } from './attempt.ts';
import type { Send, Upstream } from './attempt.ts';
import { bodyKind, firstByteAt } from './body-kind.ts';
import { openAccepted } from './opened.ts';
import { Collected } from './collected.ts';
import { ThinkTags } from './think-tags.ts';

const NOTHING = new Uint8Array(0);

/**
 * Sends, and has one batch of events heard per network read, `finish` in the last one. Settles when the answer is
 * complete; rejects with a Fault that has all its facts.
 */
export async function streamAnswer(upstream: Upstream, send: Send, hear: Hear): Promise<void> {
  const attempt = new Attempt(upstream, send);
  const check = new AnswerCheck(upstream.secrets);
  // What a completion continues may well open with a tag.
  const isSplit = send.ask.op === 'chat' && upstream.dialect.tellsReasoning !== true;
  const tags = isSplit ? new ThinkTags(thinksFirst(send.model)) : undefined;
  try {
    const response = await openAccepted(attempt, upstream);
    let chunk = await firstChunk(attempt);
    const decoder = decoderFor(upstream, send, response.headers.get('content-type'), chunk);
    for (;;) {
      const read = chunk === undefined ? decoder.end() : decoder.push(chunk);
      const events = check.pass(tags === undefined ? read : tags.pass(read));
      if (check.hasBegun) attempt.begun();
      if (check.isFinished) attempt.drain();
      const room = events.length === 0 ? undefined : hear(events);
      if (room !== undefined) await room;
      check.verify();
      if (check.isFinished) return;
      // A fault that followed events in the same read is thrown now, not when the next bytes come.
      decoder.push(NOTHING);
      if (chunk === undefined) throw new Fault('INCOMPLETE', 'The answer ended without a finish.');
      chunk = await attempt.read();
    }
  } catch (thrown) {
    throw attempt.dressed(thrown);
  } finally {
    await attempt.close();
  }
}

/** The first chunk with something in it: servers send blank lines to keep a connection alive. */
async function firstChunk(attempt: Attempt): Promise<Uint8Array | undefined> {
  for (;;) {
    const chunk = await attempt.read();
    if (chunk === undefined || firstByteAt(chunk) !== -1) return chunk;
  }
}

function decoderFor(
  upstream: Upstream,
  send: Send,
  contentType: string | null,
  chunk: Uint8Array | undefined,
): Decoder<Uint8Array, ChatEvent> {
  const { dialect, secrets } = upstream;
  switch (bodyKind(contentType, chunk, dialect.framing)) {
    case 'events':
      return dialect.decoder(send);
    case 'reply':
      return new Collected((body) => dialect.decode(send, body));
    case 'page':
      return new Collected((body) => {
        throw pageFault(secrets.scrubValues(body));
      });
  }
}
