// Secrets in files: read, read again when the file changes, and what is said when that cannot be.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isFolder, openSecretFile, readTextFile } from '../../../src/config/files.ts';
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
  assert.deepEqual(readTextFile(path), { problem: 'is a directory' });
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

test('a pipe or a device is not waited for: it is said to be no file', { skip: process.platform === 'win32' }, (t) => {
  const pipe = join(folder(t), 'pipe');
  execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', pipe]);
  // A child, which can be ended when it does wait: reading a pipe holds up the whole process.
  const read = (path: string): string => {
    const module = new URL('../../../src/config/files.ts', import.meta.url).href;
    const script = `const files = await import(${JSON.stringify(module)}); const path = ${JSON.stringify(path)};
      console.log(JSON.stringify([files.openSecretFile(path), files.readTextFile(path)]));`;
    const flags = ['--import', 'tsx', '--input-type=module', '-e', script];
    return execFileSync(process.execPath, flags, { timeout: 20_000, encoding: 'utf8' }).trim();
  };
  const refused = '{"problem":"is a pipe or a device, and no plain file"}';
  assert.equal(read(pipe), `[${refused},${refused}]`);
  assert.equal(read('/dev/zero'), `[${refused},${refused}]`);
});

test('a file that a pipe has taken the place of is as it was', { skip: process.platform === 'win32' }, (t) => {
  const path = join(folder(t), 'key');
  writeFileSync(path, 'first');
  const file = opened(path);
  rmSync(path);
  execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', path]);
  assert.equal(file.read(true), 'first');
});
