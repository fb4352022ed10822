// `chat` and `models` over a scripted gateway: the answer alone on stdout, everything else on stderr.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chat } from '../../../../src/cli/commands/chat.ts';
import { openSession } from '../../../../src/cli/client.ts';
import { models } from '../../../../src/cli/commands/models.ts';
import { scripted, stage, text } from '../stage.ts';
import type { Script } from '../stage.ts';

async function asked(
  script: Script,
  words: readonly string[],
  input = '',
): Promise<{ code: number; out: string; err: string; sent: unknown }> {
  const { host, stdin, out, err } = stage([]);
  stdin.end(input);
  const gateway = scripted(script);
  const { client } = await openSession(gateway, '1.2.3');
  const code = await chat(host, client, words);
  return { code, out: out(), err: err(), sent: gateway.sent.at(-1)?.['params'] };
}

describe('chat', () => {
  test('streams, ends with a newline, and asks with a progress token', async () => {
    const got = await asked({ beats: ['He', 'llo'], result: text('Hello') }, ['say', 'hello']);
    assert.deepEqual(got, {
      code: 0,
      out: 'Hello\n',
      err: '',
      sent: { name: 'chat', arguments: { prompt: 'say hello' }, _meta: { progressToken: 2 } },
    });
  });

  test('reads the question from stdin', async () => {
    const got = await asked({ result: text('ok\n') }, ['-'], 'line one\nline two\n');
    assert.equal(got.out, 'ok\n');
    assert.deepEqual(Object(got.sent).arguments, { prompt: 'line one\nline two\n' });
  });

  test('a healed answer is shown once', async () => {
    const beats = ['one ', { phase: 'retrying', attempt: 2 }, { phase: 'restart', attempt: 2 }, 'one ', 'two'];
    assert.equal((await asked({ beats, result: text('one two') }, ['x'])).out, 'one two\n');
  });

  test('notes about the answer go to stderr', async () => {
    const got = await asked({ result: text('short', 'The answer was cut by max_tokens.') }, ['x']);
    assert.deepEqual([got.out, got.err, got.code], ['short\n', 'The answer was cut by max_tokens.\n', 0]);
  });

  test('an image is said to be there, beside the text or in its place', async () => {
    const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' };
    const link = { type: 'resource_link', uri: 'https://img.example/1', name: 'image 2' };
    const beside = await asked(
      { beats: ['A dot.'], result: { content: [{ type: 'text', text: 'A dot.' }, image, link] } },
      ['x'],
    );
    assert.deepEqual([beside.out, beside.err], ['A dot.\n', '[an image, image/png]\nhttps://img.example/1\n']);
    const alone = await asked({ result: { content: [image] } }, ['x']);
    assert.deepEqual([alone.out, alone.err, alone.code], ['[an image, image/png]\n', '', 0]);
  });

  test('an error is on stderr, exit 1, and what had come ends its line', async () => {
    const got = await asked({ beats: ['par'], result: { ...text('It failed.', 'par'), isError: true } }, ['x']);
    assert.deepEqual([got.out, got.err, got.code], ['par\n', 'It failed.\n', 1]);
  });

  test('a JSON-RPC error is thrown with its sentence', async () => {
    await assert.rejects(asked({ error: { code: -32602, message: 'Unknown tool.' } }, ['x']), {
      message: 'Unknown tool.',
    });
  });

  test('a conversation that ends early is thrown, not waited for', async () => {
    await assert.rejects(asked({ beats: ['par'] }, ['x']), { kind: 'CANCELLED' });
  });
});

test('models prints the list; an error goes to stderr', async () => {
  for (const [isError, code] of [
    [false, 0],
    [true, 1],
  ] as const) {
    const { host, out, err } = stage([]);
    const { client } = await openSession(scripted({ result: { ...text('a\nb'), isError } }), '1');
    assert.equal(await models(host, client), code);
    assert.deepEqual([out(), err()], isError ? ['', 'a\nb\n'] : ['a\nb\n', '']);
  }
});

test('a provider whose models are missing is told on stderr, apart from the list', async () => {
  const { host, out, err } = stage([]);
  const { client } = await openSession(scripted({ result: text('a\nb', '[claude could not be asked.]') }), '1');
  assert.equal(await models(host, client), 0);
  assert.deepEqual([out(), err()], ['a\nb\n', '[claude could not be asked.]\n']);
});
