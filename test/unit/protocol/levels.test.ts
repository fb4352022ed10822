import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoggingLevel, LEVEL_NAMES, reaches } from '../../../src/protocol/levels.ts';

test('the levels are the eight of syslog', () => {
  assert.equal(LEVEL_NAMES, 'debug, info, notice, warning, error, critical, alert, emergency');
  for (const level of LEVEL_NAMES.split(', ')) assert.ok(isLoggingLevel(level), level);
});

test('nothing else is a level', () => {
  for (const value of ['warn', 'DEBUG', '', 'toString', '__proto__', 3, null, undefined, ['debug']]) {
    assert.equal(isLoggingLevel(value), false, String(value));
  }
});

test('a message reaches who wants its level or a less severe one', () => {
  assert.equal(reaches('warning', 'warning'), true);
  assert.equal(reaches('error', 'warning'), true);
  assert.equal(reaches('info', 'warning'), false);
  assert.equal(reaches('debug', 'debug'), true);
  assert.equal(reaches('error', 'emergency'), false);
});
