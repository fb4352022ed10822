// An image may be one event of the stream, larger than any other event is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import type { ChatEvent } from '../../../../../src/providers/chat.ts';
import { openai } from '../../../../../src/providers/dialects/openai.ts';
import { largePng } from '../../../../support/pictures.ts';

const ask = { op: 'chat', stream: true, request: { model: 'm', messages: [] } } as const;

function decoded(chars: number): readonly ChatEvent[] {
  const decoder = openai.decoder({
    ask,
    sending: { method: 'POST', url: 'https://a.example', headers: {}, changed: [] },
  });
  const delta = { images: [{ type: 'image_url', image_url: { url: largePng(chars) } }] };
  return decoder.push(Buffer.from(`data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta }] })}\n\n`));
}

test('an event may hold as large an image as is given on, and not a good deal more', () => {
  const [, image] = decoded(16 * 1024 * 1024);
  assert.ok(image?.type === 'image' && image.url.length > 16 * 1024 * 1024);
  assert.throws(
    () => decoded(25 * 1024 * 1024),
    (thrown) => thrown instanceof Fault && thrown.kind === 'UPSTREAM',
  );
});
