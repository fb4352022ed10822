// Tests of catalog/request/client-roots.ts, and of images read from the folders a client says.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, test } from 'node:test';
import type { AskClient } from '../../../src/catalog/asking.ts';
import { clientRoots } from '../../../src/catalog/request/client-roots.ts';
import type { Asking } from '../../../src/catalog/request/client-roots.ts';
import { withFiles } from '../../../src/catalog/request/named-files.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { toolContext } from '../../support/models.ts';

/** What a call is given. */
const same = (args: JsonObject): Promise<JsonObject> => Promise.resolve(args);

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const folder = mkdtempSync(join(tmpdir(), 'anymodel-roots-'));
const outside = mkdtempSync(join(tmpdir(), 'anymodel-outside-'));
writeFileSync(join(folder, 'a.png'), PNG);
writeFileSync(join(outside, 'b.png'), PNG);
symlinkSync(join(outside, 'b.png'), join(folder, 'link.png'));
after(() => [folder, outside].forEach((one) => rmSync(one, { recursive: true })));

function saying(answer: () => Promise<Readonly<Record<string, JsonObject>>>, can = true): AskClient {
  return { can: (method) => can && method === 'roots/list', ask: answer };
}

function client(...uris: readonly string[]): Asking & ReturnType<typeof toolContext>['ctx'] {
  const asking = saying(async () => ({ roots: { roots: uris.map((uri) => ({ uri })) } }));
  return toolContext({ asking, isLocal: true }).ctx;
}

test('folders are taken as they are said, and what is none is left out', async () => {
  const said = client(
    'file:///srv/a%20b',
    'FILE:///srv/c',
    'file:///',
    'https://x/y',
    'file://host/z',
    '/srv/d',
    'file:///a%00b',
    'file:///%',
  );
  assert.deepEqual(await clientRoots(said), { folders: ['/srv/a b', '/srv/c'] });
});

test('a client that is not on this machine is not asked, nor one that cannot be', async () => {
  const never = (): Promise<never> => assert.fail('it was asked');
  assert.deepEqual(await clientRoots(toolContext({ asking: saying(never) }).ctx), { folders: [] });
  assert.deepEqual(await clientRoots(toolContext({ asking: saying(never), isLocal: false }).ctx), { folders: [] });
  assert.deepEqual(await clientRoots(toolContext({ asking: saying(never, false), isLocal: true }).ctx), {
    folders: [],
  });
  assert.deepEqual(await clientRoots(toolContext({ isLocal: true }).ctx), { folders: [] });
});

test('a client that refuses or answers nonsense has none; a question that travels otherwise does', async () => {
  const answering = (thrown: Error): Asking =>
    toolContext({ asking: saying(() => Promise.reject(thrown)), isLocal: true }).ctx;
  assert.deepEqual((await clientRoots(answering(new Fault('INVALID_INPUT', 'No.')))).folders, []);
  await assert.rejects(clientRoots(answering(new Fault('cancelled', 'Off.'))), { kind: 'cancelled' });
  await assert.rejects(clientRoots(answering(new Error('needs input'))), { message: 'needs input' });
  for (const odd of [{}, { roots: 'x' }, { roots: [null, 1, {}] }] as const) {
    const asking = saying(async () => ({ roots: structuredClone(odd) as unknown as JsonObject }));
    assert.deepEqual((await clientRoots(toolContext({ asking, isLocal: true }).ctx)).folders, []);
  }
});

test('where there are no folders the refusal says what the client did, and what to do', async () => {
  const unset = 'names a file, and this server may read none: ALLOWED_ROOTS is not set, and';
  const elsewhere = "names no file in the folders of ALLOWED_ROOTS or the client's roots";
  const failing = (kind: 'TIMEOUT' | 'INVALID_INPUT') => (): Promise<never> => Promise.reject(new Fault(kind, 'No.'));
  const late = 'the client did not answer in time when it was asked for its roots';
  const callAgain =
    'Call again when the client has answered roots/list, or add the folder of the file to ALLOWED_ROOTS.';
  const none = async (): Promise<{ roots: JsonObject }> => ({ roots: { roots: [] } });
  const cases = [
    [failing('TIMEOUT'), [], `${unset} ${late}`, callAgain],
    [failing('TIMEOUT'), [folder], `${elsewhere}, and ${late}`, callAgain],
    [
      failing('INVALID_INPUT'),
      [],
      `${unset} the client did not say its roots when it was asked`,
      'See why the client fails roots/list, or add the folder of the file to ALLOWED_ROOTS.',
    ],
    [
      none,
      [],
      `${unset} none of the client's roots is a folder`,
      "Add the folder of the file to the client's roots, or to ALLOWED_ROOTS.",
    ],
    [none, [folder], elsewhere, undefined],
  ] as const;
  const path = join(outside, 'b.png');
  for (const [ask, allowedRoots, why, next] of cases) {
    const { ctx } = toolContext({ asking: saying(ask), isLocal: true });
    for (const member of ['images', 'files']) {
      const call = withFiles({ prompt: 'x', [member]: [path] }, { allowedRoots }, ctx, same);
      const refused = await call.catch((thrown: unknown) => Fault.from(thrown));
      assert.ok(refused instanceof Fault);
      assert.equal(refused.message, `Invalid arguments: ${member}[0] ${why}.`);
      assert.equal(refused.data.next, next);
    }
  }
});

test('an image in a folder of the client is read, and nothing that only seems to be in it', async () => {
  const ctx = client(String(pathToFileURL(folder)));
  const { images } = await withFiles({ images: [join(folder, 'a.png')] }, {}, ctx, same);
  assert.deepEqual(images, [`data:image/png;base64,${PNG.toString('base64')}`]);
  for (const path of [join(folder, 'link.png'), join(outside, 'b.png'), `${folder}/../x.png`, '/etc/hostname']) {
    await assert.rejects(withFiles({ images: [path] }, {}, ctx, same), { kind: 'INVALID_INPUT' }, path);
  }
});

test('a call without files asks nobody', async () => {
  const asking = saying(() => assert.fail('it was asked'));
  const { ctx } = toolContext({ asking, isLocal: true });
  await withFiles({ images: ['https://a.example/1.png'] }, {}, ctx, same);
});
