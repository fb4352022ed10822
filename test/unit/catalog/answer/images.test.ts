// Images in the results of tools: blocks of their own after the text, described wherever there is JSON, and no more of
// them than the client shows.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCatalog } from '../../../../src/catalog/catalog.ts';
import type { ToolContext, ToolResult } from '../../../../src/catalog/tool.ts';
import { virtualTool } from '../../../../src/catalog/tools/virtual.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { Histories } from '../../../../src/jobs/histories.ts';
import type { ChatEvent, Models } from '../../../../src/providers/chat.ts';
import { FakeClock } from '../../../support/clock.ts';
import { answering, scripted, toolContext } from '../../../support/models.ts';
import { GIF, largePng, PNG, PNG_URL } from '../../../support/pictures.ts';
import { nothingOffered } from '../../../support/sources-of.ts';

const image = (url: string): ChatEvent => ({ type: 'image', url });
const stop: ChatEvent = { type: 'finish', reason: 'stop' };
const LINK = 'https://img.example/1.png';

const PICTURE = { type: 'image', data: PNG, mimeType: 'image/png' };
const DESCRIBED = { type: 'image', mime_type: 'image/png', bytes: 70 };

interface Given {
  readonly tool?: string;
  readonly args?: JsonObject;
  readonly ctx?: Partial<ToolContext>;
  readonly models?: Models;
  readonly maxOutputChars?: number;
}

async function run(events: readonly ChatEvent[], given: Given = {}): Promise<ToolResult> {
  const { tool = 'chat', args = { prompt: 'A dot?' }, ctx = {}, maxOutputChars = 1_000_000 } = given;
  const { models = scripted({ batches: [events] }).models } = given;
  const catalog = createCatalog({
    ...nothingOffered(),
    models,
    providers: [],
    maxOutputChars,
    generateTemperature: 0.2,
    tools: ['chat', 'generate', 'complete', 'compare'],
  });
  const found = catalog.find(tool);
  assert.ok(found !== undefined, tool);
  return await found.run(found.widen?.(args) ?? args, toolContext(ctx).ctx);
}

/** The texts of a result, and `<type>` for what is none. */
function outline({ content }: ToolResult): string[] {
  return content.map((block) => (block.type === 'text' ? String(block.text) : `<${block.type}>`));
}

function withoutData(result: ToolResult): void {
  const texts = result.content.filter(({ type }) => type === 'text');
  assert.ok(
    !JSON.stringify([texts, result.structuredContent, result.meta, result.tail?.()]).includes(PNG.slice(0, 20)),
  );
}

describe('a plain result', () => {
  test('has the text, then the images', async () => {
    for (const tool of ['chat', 'complete']) {
      const result = await run([image(PNG_URL), { type: 'text', text: 'A dot.' }, image(LINK), stop], { tool });
      const link = { type: 'resource_link', uri: LINK, name: 'image 2' };
      assert.deepEqual(result.content, [{ type: 'text', text: 'A dot.' }, PICTURE, link], tool);
      assert.equal(result.isError, undefined, tool);
      withoutData(result);
    }
  });

  test('that is only an image has no empty text beside it', async () => {
    assert.deepEqual((await run([image(PNG_URL), stop])).content, [PICTURE]);
  });

  test('has the images after the calls of tools', async () => {
    const call: ChatEvent = { type: 'tool', index: 0, id: 'a', name: 'f', arguments: '{}' };
    const result = await run([image(PNG_URL), call, { type: 'finish', reason: 'tool_calls' }]);
    assert.deepEqual(
      result.content.map(({ type }) => type),
      ['text', 'image'],
    );
  });

  test('says what is left out, and why, to readers of the job too', async () => {
    const result = await run([image('data:image/png;base64,§'), image('nonsense'), image('bosh'), stop]);
    const note =
      '[1 image is left out: the data is not valid base64. 2 images are left out: the address is none on the web.]';
    assert.deepEqual(result.content, [{ type: 'text', text: note }]);
    assert.deepEqual(result.tail?.(), [note]);
  });

  test('of text alone has nothing of images', async () => {
    const result = await run(answering('Hi'));
    assert.deepEqual(Object.keys(result), ['content', 'tail', 'meta']);
    assert.deepEqual(result.content, [{ type: 'text', text: 'Hi' }]);
  });
});

describe('JSON', () => {
  test('of a full answer describes its images, as structured content and as text', async () => {
    const args = { prompt: 'A dot?', detail: 'full' };
    const result = await run([{ type: 'text', text: 'A dot.' }, image(PNG_URL), image(LINK), stop], { args });
    const [text, json, ...images] = result.content;
    assert.deepEqual(text, { type: 'text', text: 'A dot.' });
    assert.deepEqual(
      images.map(({ type }) => type),
      ['image', 'resource_link'],
    );
    assert.deepEqual(result.structuredContent?.['message'], {
      role: 'assistant',
      content: 'A dot.',
      images: [DESCRIBED, { type: 'image', url: LINK }],
    });
    assert.ok(json?.type === 'text');
    assert.deepEqual(JSON.parse(String(json.text)), result.structuredContent);
    withoutData(result);
  });

  test('of generate describes them, and says what is left out where nothing else is shown', async () => {
    const args = { prompt: 'A dot?' };
    const result = await run([image(PNG_URL), image('nonsense'), stop], { tool: 'generate', args });
    assert.deepEqual(result.structuredContent, {
      text: '',
      model: 'gpt-4o-mini',
      images: [DESCRIBED],
      finish_reason: 'stop',
      note: '[1 image is left out: the address is none on the web.]',
    });
    assert.deepEqual(
      result.content.map(({ type }) => type),
      ['text', 'image', 'text'],
    );
    withoutData(result);
  });

  test('of a tool with a schema of its own stays as the schema wants it', async () => {
    const { models } = scripted({ batches: [[{ type: 'text', text: '{"n":1}' }, image(PNG_URL), stop]] });
    const settings = { name: 'n', description: '', arguments: [], prompt: 'N?', output: { type: 'object' } };
    const terms = { models, providers: [], maxOutputChars: 1000, generateTemperature: 0.2 };
    const result = await virtualTool(settings, terms).run({}, toolContext().ctx);
    assert.deepEqual(result.structuredContent, { n: 1 });
    assert.deepEqual(outline(result), ['{"n":1}', '<image>']);
  });
});

test('a comparison says whose the images are', async () => {
  const says: Record<string, readonly ChatEvent[]> = {
    a: [{ type: 'text', text: 'One.' }, image(PNG_URL), stop],
    b: [{ type: 'text', text: 'None.' }, stop],
    c: [image(`data:image/png;base64,${GIF}`), image(LINK), image('nonsense'), stop],
  };
  const models: Models = {
    ...scripted({}).models,
    chat: async (request, _, hear) => hear(says[request.model] ?? []),
  };
  const args = { prompt: 'hi', models: ['a', 'b', 'c'], detail: 'full' };
  const result = await run([], { tool: 'compare', args, models });
  const [text, json, ...images] = result.content;
  assert.deepEqual(text, {
    type: 'text',
    text:
      '## a\n\nOne.\n\n[Image 1 is below.]\n\n## b\n\nNone.\n\n' +
      '## c\n\n[Images 2 to 3 are below.] [1 image is left out: the address is none on the web.]',
  });
  assert.deepEqual(images, [
    PICTURE,
    { type: 'image', data: GIF, mimeType: 'image/gif' },
    { type: 'resource_link', uri: LINK, name: 'image 3' },
  ]);
  assert.ok(json?.type === 'text');
  const { answers } = JSON.parse(String(json.text));
  assert.deepEqual(
    answers.map(({ images: described }: { images?: unknown }) => described),
    [
      [DESCRIBED],
      undefined,
      [
        { type: 'image', mime_type: 'image/gif', bytes: 42 },
        { type: 'image', url: LINK },
      ],
    ],
  );
  withoutData(result);
});

describe('where a client shows so much of a result', () => {
  const NO_ROOM = 'a result for this client has no room for more';

  test('an image takes what its base64 does, and what does not fit is left out', async () => {
    const events = [image(largePng(600)), image(largePng(500)), image(PNG_URL), stop];
    const result = await run(events, { ctx: { resultChars: 1000 } });
    assert.deepEqual(outline(result), ['<image>', '<image>', `[1 image is left out: ${NO_ROOM}.]`]);
  });

  test('an image that counts for so many characters takes those', async () => {
    const events = [image(largePng(90_000)), image(largePng(90_000)), image(largePng(90_000)), stop];
    const result = await run(events, { ctx: { resultChars: 1000, imageChars: 400 } });
    assert.deepEqual(outline(result), ['<image>', '<image>', `[1 image is left out: ${NO_ROOM}.]`]);
  });

  test('the text has what the images leave, and half at least', async () => {
    const text = 'x'.repeat(1200);
    const cut = async (chars: number, copies: 1 | 2): Promise<number> => {
      const args = { prompt: 'hi', ...(copies === 2 ? { detail: 'full' } : {}) };
      const result = await run([{ type: 'text', text }, image(largePng(chars)), stop], {
        args,
        ctx: { resultChars: 1000 },
      });
      const [first] = result.content;
      return first?.type === 'text' ? first.text.length : 0;
    };
    assert.equal(await cut(400, 1), 600);
    // It is in the JSON too, and that is there twice.
    assert.equal(await cut(400, 2), 200);
    // No image, so all of it is the text's.
    assert.equal(await cut(600, 1), 1000);
  });

  test('the rest of the text is kept where it can be', async () => {
    const kept: number[] = [];
    const keep = { most: 10_000, text: ({ length }: { length: number }) => (kept.push(length), 'job-1') };
    const events: readonly ChatEvent[] = [{ type: 'text', text: 'x'.repeat(900) }, image(largePng(400)), stop];
    const result = await run(events, { ctx: { resultChars: 1000, keep } });
    assert.deepEqual(kept, [900]);
    assert.match(outline(result).at(-1) ?? '', /^\[The answer is longer than one result may be: 600 of 900 characters/);
    assert.deepEqual(result.meta?.['anymodel/job'], {
      id: 'job-1',
      state: 'completed',
      offset: 0,
      next_offset: 600,
      total: 900,
    });
  });

  test('a text that was gathered whole is cut, however little is kept', async () => {
    const keep = { most: 500, text: () => undefined };
    const events: readonly ChatEvent[] = [{ type: 'text', text: 'x'.repeat(900) }, image(largePng(400)), stop];
    const result = await run(events, { ctx: { resultChars: 1000, keep } });
    assert.equal(outline(result)[0]?.length, 600);
  });

  test('all answers of a comparison have it together', async () => {
    const models: Models = {
      ...scripted({}).models,
      chat: async (request, _, hear) => hear([image(largePng(300)), { type: 'text', text: request.model }, stop]),
    };
    const args = { prompt: 'hi', models: ['a', 'b'] };
    const result = await run([], { tool: 'compare', args, models, ctx: { resultChars: 1000 } });
    const [text, ...images] = result.content;
    assert.deepEqual(text, {
      type: 'text',
      text: `## a\n\na\n\n[Image 1 is below.]\n\n## b\n\nb\n\n[1 image is left out: ${NO_ROOM}.]`,
    });
    assert.equal(images.length, 1);
  });
});

test('a comparison leaves room for its images, beside the sections and the JSON', async () => {
  const models: Models = {
    ...scripted({}).models,
    chat: async (_, __, hear) => hear([image(largePng(300)), { type: 'text', text: 'x'.repeat(450) }, stop]),
  };
  const args = { prompt: 'hi', models: ['a', 'b'] };
  const ctx = { resultChars: 1000 };
  const plain = await run([], { tool: 'compare', args, models, ctx });
  assert.equal(outline(plain)[0]?.length, 700);
  assert.match(outline(plain).at(-1) ?? '', /^\[The answer is longer than one result may be/);
  const full = await run([], { tool: 'compare', args: { ...args, detail: 'full' }, models, ctx });
  const texts = Object(full.structuredContent).answers.map(({ text }: { text: string }) => text.length);
  // A third of what the one image that is shown leaves, shared by two.
  assert.deepEqual(texts, [117, 117]);
});

test('the images of a comparison have one bound together', async () => {
  const url = largePng(7 * 1024 * 1024);
  const models: Models = {
    ...scripted({}).models,
    chat: async (_, __, hear) => hear([image(url), stop]),
  };
  const result = await run([], { tool: 'compare', args: { prompt: 'hi', models: ['a', 'b', 'c', 'd'] }, models });
  assert.equal(result.content.filter(({ type }) => type === 'image').length, 2);
  assert.match(
    outline(result)[0] ?? '',
    /## d\n\n\[1 image is left out: a result for this client has no room for more\.\]$/,
  );
});

test('a conversation keeps that there was an image, and not the image', async () => {
  const batches = [[image(PNG_URL), stop]];
  const { models, asked } = scripted({ batches });
  const catalog = createCatalog({
    ...nothingOffered(),
    models,
    providers: [],
    maxOutputChars: 1000,
    generateTemperature: 0.2,
    tools: ['chat'],
    conversations: new Histories<JsonObject>(new FakeClock(), {}),
  });
  for (const prompt of ['A dot?', 'Another?']) {
    await catalog.find('chat')?.run({ prompt, session: 's' }, toolContext({ owner: 'me' }).ctx);
  }
  assert.deepEqual(asked.chat[1]?.messages, [
    { role: 'user', content: 'A dot?' },
    { role: 'assistant', content: '[1 image]' },
    { role: 'user', content: 'Another?' },
  ]);
});

test('what a full answer says of its images may be handed back with it', async () => {
  const args = { prompt: 'A dot?', detail: 'full' };
  const { structuredContent } = await run([{ type: 'text', text: 'A dot.' }, image(PNG_URL), stop], { args });
  const { models, asked } = scripted({ batches: [answering('Hi')] });
  const messages = [structuredContent?.['message'] ?? null, { role: 'user', content: 'And?' }];
  await run([], { models, args: { messages } });
  assert.deepEqual(asked.chat[0]?.messages[0], { role: 'assistant', content: 'A dot.' });
});
