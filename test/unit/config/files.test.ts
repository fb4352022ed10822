// Secrets in files: read, read again when the file changes, and what is said when that cannot be.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isFolder, openSecretFile } from '../../../src/config/files.ts';
import type { SecretFile } from '../../../src/config/reader.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function opened(path: string): SecretFile {
  const result = openSecretFile(path);
  assert.ok('value' in result, JSON.stringify(result));
  return result.value;
}

test('trailing newlines are no part of a secret, inner ones are', (t) => {
  const path = join(folder(t), 'key');
  writeFileSync(path, 'one\ntwo\r\n\n');
  assert.equal(opened(path).read(), 'one\ntwo');
});

test('a changed file is read again, a missing one is not missed', (t) => {
  const path = join(folder(t), 'key');
  writeFileSync(path, 'first');
  const file = opened(path);
  writeFileSync(path, 'second, and longer');
  assert.equal(file.read(), 'second, and longer');
  writeFileSync(`${path}.new`, 'third');
  renameSync(`${path}.new`, path);
  assert.equal(file.read(), 'third');
  rmSync(path);
  assert.equal(file.read(), 'third');
  assert.equal(file.read(true), 'third');
});

test('a link that is moved to another file is a change', (t) => {
  const path = folder(t);
  for (const name of ['a', 'b']) {
    mkdirSync(join(path, name));
    writeFileSync(join(path, name, 'key'), `key-${name}`);
  }
  symlinkSync(join(path, 'a'), join(path, 'data'));
  symlinkSync(join('data', 'key'), join(path, 'key'));
  const file = opened(join(path, 'key'));
  assert.equal(file.read(), 'key-a');
  symlinkSync(join(path, 'b'), join(path, 'data.new'));
  renameSync(join(path, 'data.new'), join(path, 'data'));
  assert.equal(file.read(), 'key-b');
});

test('what cannot be read is a clause that follows the path', (t) => {
  const path = folder(t);
  writeFileSync(join(path, 'empty'), '\n');
  writeFileSync(join(path, 'huge'), '');
  truncateSync(join(path, 'huge'), 1024 * 1024 + 1);
  assert.deepEqual(openSecretFile(join(path, 'missing')), { problem: 'does not exist' });
  assert.deepEqual(openSecretFile(path), { problem: 'is a directory' });
  assert.deepEqual(openSecretFile(join(path, 'empty')), { problem: 'is empty' });
  assert.deepEqual(openSecretFile(join(path, 'huge')), { problem: 'is too large to be a secret' });
});

test('a folder is there, or something else is, or nothing', (t) => {
  const path = folder(t);
  writeFileSync(join(path, 'file'), 'x');
  assert.deepEqual(
    [path, join(path, 'file'), join(path, 'missing')].map((one) => isFolder(one)),
    [true, false, false],
  );
});
