// Tests of catalog/request/named-files.ts: where files go in what is asked, what is refused, and that what is sent decides
// which answers are alike. How a path is judged is files.test.ts's.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { FileBudget } from '../../../src/catalog/request/file-budget.ts';
import { withFiles } from '../../../src/catalog/request/named-files.ts';
import type { Tool } from '../../../src/catalog/tool.ts';
import { chatTool } from '../../../src/catalog/tools/chat.ts';
import { compareTool } from '../../../src/catalog/tools/compare.ts';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { check } from '../../../src/core/schema.ts';
import type { ChatMessage, ChatRequest } from '../../../src/providers/chat.ts';
import type { FetchImage } from '../../../src/providers/images/fetch-image.ts';
import { cacheKey } from '../../../src/routing/cache/key.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';

/** What a call is given. */
const same = (args: JsonObject): Promise<JsonObject> => Promise.resolve(args);

const home = realpathSync(mkdtempSync(join(tmpdir(), 'anymodel-files-')));
after(() => rmSync(home, { recursive: true }));
const data = join(home, 'data');
mkdirSync(join(data, 'inner'), { recursive: true });

function put(name: string, bytes: Buffer | string): string {
  const path = join(data, name);
  writeFileSync(path, bytes);
  return path;
}

const GIF = Buffer.from('GIF89a..');
const GIF_URL = `data:image/gif;base64,${GIF.toString('base64')}`;
const PDF = Buffer.from('%PDF-1.7\n\0');
const PDF_URL = `data:application/pdf;base64,${PDF.toString('base64')}`;
const note = put('note.md', 'Bring milk.');
const code = put('inner/a.ts', 'const a = 1;\n');
const picture = put('picture.dat', GIF);
const paper = put('paper.pdf', PDF);
const outside = join(home, 'outside.txt');
writeFileSync(outside, 'secret');

const NOTE = '<file name="note.md">\nBring milk.\n</file>';
const CODE = '<file name="inner/a.ts">\nconst a = 1;\n</file>';
const PAPER = { type: 'file', file: { filename: 'paper.pdf', file_data: PDF_URL } };
const PICTURE = { type: 'image_url', image_url: { url: GIF_URL } };
const text = (words: string): JsonObject => ({ type: 'text', text: words });

const placed = (args: JsonObject): Promise<JsonObject> =>
  withFiles(args, { allowedRoots: [data] }, toolContext().ctx, same);

test('texts come before the prompt, which stays one text', async () => {
  const args = { prompt: 'What is to be done?', files: [note, pathToFileURL(code).href], seed: 1 };
  const before = structuredClone(args);
  assert.deepEqual(await placed(args), { prompt: `${NOTE}\n\n${CODE}\n\nWhat is to be done?`, seed: 1 });
  assert.deepEqual(args, before, 'the arguments as given are not changed');
});

test('with an image or a PDF among them, the message is of parts in their order', async () => {
  assert.deepEqual(await placed({ prompt: 'What?', messages: [], files: [paper, note, picture] }), {
    messages: [{ role: 'user', content: [PAPER, text(NOTE), PICTURE, text('What?')] }],
  });
  assert.deepEqual(await placed({ prompt: 'What?', files: [note, code, paper, code, note] }), {
    messages: [{ role: 'user', content: [text(`${NOTE}\n\n${CODE}`), PAPER, text(`${CODE}\n\n${NOTE}\n\nWhat?`)] }],
  });
});

test('of a conversation the last message of the user has them, and parts a caller ordered keep their places', async () => {
  const user = (content: JsonValue): JsonObject => ({ role: 'user', content });
  const others: readonly JsonObject[] = [user('a'), { role: 'assistant', content: 'b' }];
  const last: JsonObject = { role: 'assistant', content: 'Well' };
  const cases: readonly (readonly [JsonValue, readonly string[], JsonValue])[] = [
    ['c', [note], `${NOTE}\n\nc`],
    ['c', [paper], [PAPER, text('c')]],
    ['', [note], NOTE],
    ['', [picture], [PICTURE]],
    [[text('c')], [note, paper], [text('c'), text(NOTE), PAPER]],
    [null, [note], null],
  ];
  for (const [content, files, expected] of cases) {
    const placedIn = await placed({ messages: [...others, user(content), last], files: [...files] });
    assert.deepEqual(placedIn, { messages: [...others, user(expected), last] });
  }
});

test('without files nothing is touched, and where there is no telling what is asked, that is said by others', async () => {
  for (const args of [
    { prompt: 'x' },
    { prompt: 'x', files: [] },
    { files: [note] },
    { prompt: 'x', messages: [{}], files: [note] },
  ])
    assert.equal(await placed(args), args);
  await assert.rejects(placed({ messages: [{ role: 'assistant', content: 'x' }], files: [note] }), {
    kind: 'INVALID_INPUT',
    message: 'Invalid arguments: files need a user message to go with.',
  });
});

const NOT_THERE = "names no file in the folders of ALLOWED_ROOTS or the client's roots";

test('every file that cannot be had is named by its place; what leads out is as good as absent', async () => {
  const zip = put('a.zip', Buffer.from('504b030400', 'hex'));
  const files = [note, outside, join(data, 'gone.txt'), `${data}/../outside.txt`, zip, 'note.md', 'https://x/y.txt'];
  await assert.rejects(placed({ prompt: 'x', files: files.slice(0, 5) }), {
    kind: 'INVALID_INPUT',
    message:
      `Invalid arguments: files[1] ${NOT_THERE}; files[2] ${NOT_THERE}; files[3] ${NOT_THERE}; ` +
      'files[4] names a file that is no text in UTF-8 or UTF-16, no PDF, and no PNG, JPEG, GIF or WebP image.',
  });
  await assert.rejects(placed({ prompt: 'x', files: files.slice(5) }), {
    message:
      'Invalid arguments: files[0] must be an absolute path or a file: URL, not "note.md"; ' +
      'files[1] must be an absolute path or a file: URL, not "https://x/y.txt".',
  });
  await assert.rejects(withFiles({ prompt: 'x', files: [note] }, {}, toolContext().ctx, same), {
    message: 'Invalid arguments: files[0] names a file, and this server may read none: ALLOWED_ROOTS is not set.',
  });
});

test('files and images of a call are bounded together, and in number', async () => {
  const big = put('big.gif', GIF);
  truncateSync(big, 18 * 1024 ** 2);
  await assert.rejects(placed({ prompt: 'x', images: [big], files: [note, big, big] }), {
    message: 'Invalid arguments: files[2] names one file too many: those of one call may have 50 MB together.',
  });
  const many = (count: number): JsonObject => ({ prompt: 'x', files: Array.from({ length: count }, () => note) });
  assert.equal((await placed(many(100)))['prompt'], `${`${NOTE}\n\n`.repeat(100)}x`);
  await assert.rejects(placed(many(101)), {
    message: 'Invalid arguments: files must have at most 100 items, not 101.',
  });
  rmSync(big);
});

test('the files of all calls under way are bounded together, until each has ended', async () => {
  const sources = { allowedRoots: [data], fileBudget: new FileBudget(2 * PDF.length) };
  const under = { started: 0, end: (): void => {} };
  const ended = new Promise<void>((resolve) => (under.end = resolve));
  const call = (use: (shown: JsonObject) => Promise<unknown>): Promise<unknown> =>
    withFiles({ prompt: 'x', files: [paper] }, sources, toolContext().ctx, use);
  const waiting = async (): Promise<void> => {
    under.started++;
    await ended;
  };
  const first = call(waiting);
  await call(() => Promise.reject(new Fault('UPSTREAM', 'No.'))).catch(() => {});
  const second = call(waiting);
  while (under.started < 2) await new Promise(setImmediate);
  await assert.rejects(call(same), {
    kind: 'OVERLOADED',
    message: 'The files of this call and of those that are under way are too large together.',
  });
  const image = { prompt: 'x', images: ['https://a.example/1.png'] };
  const fetchImage: FetchImage = (_url, { take }) => Promise.resolve(take(8) ? { url: GIF_URL } : undefined);
  await assert.rejects(withFiles(image, { ...sources, fetchImage }, toolContext().ctx, same), { kind: 'OVERLOADED' });
  assert.deepEqual(await withFiles({ prompt: 'x' }, sources, toolContext().ctx, same), { prompt: 'x' });
  under.end();
  await Promise.all([first, second]);
  await call(same);
  assert.equal(sources.fileBudget.take(2 * PDF.length), true, 'all of it was given back');
});

test('files that go into several questions count for more, and all files for no more than a part of the memory', async () => {
  const sources = { allowedRoots: [data], fileBudget: new FileBudget((43 * PDF.length) / 8) };
  const call = (questions: number): Promise<unknown> =>
    withFiles({ prompt: 'x', files: [paper] }, { ...sources, questions }, toolContext().ctx, same);
  await call(8);
  await assert.rejects(call(9), { kind: 'OVERLOADED' });
  assert.equal(sources.fileBudget.take((43 * PDF.length) / 8), true, 'all of it was given back');
  const usual = new FileBudget();
  const most = Math.min(268_435_456, getHeapStatistics().heap_size_limit / 8);
  assert.deepEqual([usual.take(most + 1), usual.take(most), usual.take(1)], [false, true, false]);
});

test('a call that was called off reads no further', async () => {
  const cancel = new CancelSource();
  cancel.cancel(new Fault('cancelled', 'Off.'));
  const { ctx } = toolContext({ cancel });
  await assert.rejects(withFiles({ prompt: 'x', files: [note] }, { allowedRoots: [data] }, ctx, same), {
    kind: 'cancelled',
  });
});

const terms = { providers: [], maxOutputChars: 1000, generateTemperature: 0.2, allowedRoots: [data] };

/** What the models are asked by a tool, its arguments widened and checked as the server does. */
async function asked(make: typeof chatTool, args: JsonObject): Promise<readonly ChatRequest[]> {
  const { models, asked: said } = scripted({ batches: [answering('Hello!')] });
  const tool: Tool = make({ models, ...terms });
  const widened = tool.widen?.(args) ?? args;
  assert.deepEqual(check(tool.inputSchema, widened), []);
  await tool.run(widened, toolContext().ctx);
  return said.chat;
}

const contents = (requests: readonly ChatRequest[]): readonly ChatMessage['content'][] =>
  requests.flatMap(({ messages }) => messages.map(({ content }) => content));

test('chat and compare send them, and images go last', async () => {
  const [content] = contents(await asked(chatTool, { prompt: 'x', files: [note, paper], images: picture }));
  assert.deepEqual(content, [
    text(NOTE),
    { type: 'attachment', kind: 'file', body: PAPER.file },
    text('x'),
    { type: 'image', url: GIF_URL },
  ]);
  const each = contents(await asked(compareTool, { models: ['a', 'b'], prompt: 'x', files: note }));
  assert.deepEqual(each, [`${NOTE}\n\nx`, `${NOTE}\n\nx`]);
});

test('another content is another question, for the cache and for calls under way; the same elsewhere is not', async () => {
  const keyOf = async (path: string): Promise<string> => {
    const [request] = await asked(chatTool, { prompt: 'x', files: [path], temperature: 0 });
    assert.ok(request !== undefined);
    return cacheKey(request, [], '');
  };
  const before = await keyOf(note);
  assert.equal(await keyOf(note), before);
  assert.equal(await keyOf(pathToFileURL(note).href), before);
  put('note.md', 'Bring salt.');
  assert.notEqual(await keyOf(note), before);
  put('note.md', 'Bring milk.');
  assert.equal(await keyOf(note), before);
  const first = await keyOf(paper);
  put('paper.pdf', Buffer.from('%PDF-1.7\n\u0001'));
  assert.notEqual(await keyOf(paper), first);
});
