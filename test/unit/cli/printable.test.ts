// What a model may do to a terminal: nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../../src/cli/printable.ts';
import { stage } from './stage.ts';

const HOSTILE = 'a\u001b[2Jb\u0007c\r\n\td\u009b31me\u0000é🙂';

test('a terminal gets no control characters but tab and newline', () => {
  assert.equal(printable(stage([], {}, true).host.stdout, HOSTILE), 'a[2Jbc\n\td31meé🙂');
});

test('a file gets the text as it is', () => {
  assert.equal(printable(stage([]).host.stdout, HOSTILE), HOSTILE);
});
