// Lists of paths: how they are cut, what is absolute, and that a key in the wrong place is not repeated.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folders, isAbsolute, modulePaths } from '../../../../src/config/settings/paths.ts';

const FOLDERS: readonly (readonly [string, readonly string[]])[] = [
  ['/srv/scans', ['/srv/scans']],
  ['/srv/scans:/home/ada', ['/srv/scans', '/home/ada']],
  ['/srv/a,/srv/b, /srv/c ,', ['/srv/a', '/srv/b', '/srv/c']],
  ['/a:/b:/c', ['/a', '/b', '/c']],
  ['C:\\pictures', ['C:\\pictures']],
  ['C:\\pictures;d:/scans', ['C:\\pictures', 'd:/scans']],
  ['\\\\server\\share, C:\\a', ['\\\\server\\share', 'C:\\a']],
  ['/a:/a', ['/a']],
];

for (const [text, value] of FOLDERS) {
  test(`folders: ${text}`, () => assert.deepEqual(folders(text), { value }));
}

for (const text of [',', 'pictures', './pictures', '~/pictures', '/srv:pictures', 'C:pictures', 'file:///srv/scans']) {
  test(`no folders: ${text}`, () => assert.ok('problem' in folders(text)));
}

test('modules are absolute paths of files that Node can load', () => {
  assert.deepEqual(modulePaths('/opt/a.mjs, /opt/b.cjs,C:\\c.JS'), { value: ['/opt/a.mjs', '/opt/b.cjs', 'C:\\c.JS'] });
  for (const bad of ['/opt/a', '/opt/a.ts', '/opt/a.json', ',', '/opt/a.mjs:/opt/b.mjs.txt']) {
    assert.ok('problem' in modulePaths(bad), bad);
  }
});

test('a relative module is told how it is to be written, and a key in its place is not repeated', () => {
  const told = modulePaths('./plugins/corp.mjs');
  assert.match('problem' in told ? told.problem : '', /write it whole, as \/full\/path\/to\/corp\.mjs$/);
  for (const parse of [modulePaths, folders]) {
    const refused = parse('Xk-7291-zzQQ');
    assert.ok('problem' in refused && !refused.problem.includes('Xk-7291'));
  }
});

test('absolute is what looks so on any system', () => {
  for (const path of ['/a', 'C:\\a', 'c:/a', '\\\\server\\a']) assert.ok(isAbsolute(path), path);
  for (const path of ['a', './a', '~/a', 'C:a', '\\a', 'file:///a']) assert.ok(!isAbsolute(path), path);
});
