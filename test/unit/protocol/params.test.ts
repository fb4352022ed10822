import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  paramsObject,
  readCall,
  readInitialize,
  readList,
  readOwn,
  readOwnList,
  readSetLevel,
} from '../../../src/protocol/params.ts';

const invalid = { kind: 'invalid-params' };

test('absent params are empty; an array or a scalar is refused', () => {
  assert.deepEqual(paramsObject(undefined), {});
  assert.deepEqual(paramsObject({ a: 1 }), { a: 1 });
  for (const params of [[], 'x', 3, true]) assert.throws(() => paramsObject(params), invalid);
});

test('initialize needs a version; a missing or odd clientInfo counts as none', () => {
  assert.deepEqual(readInitialize({ protocolVersion: 'x' }), {
    protocolVersion: 'x',
    client: undefined,
    capabilities: {},
  });
  assert.deepEqual(readInitialize({ protocolVersion: 'x', clientInfo: { name: 5 }, capabilities: 7 }), {
    protocolVersion: 'x',
    client: undefined,
    capabilities: {},
  });
  assert.deepEqual(readInitialize({ protocolVersion: 'x', clientInfo: { name: 'n', version: 'v' } }).client, {
    name: 'n',
    version: 'v',
  });
  for (const params of [{}, { protocolVersion: 1 }, { protocolVersion: null }]) {
    assert.throws(() => readInitialize(params), invalid);
  }
  const said = { clientInfo: { name: 'n', version: 'v' }, capabilities: { roots: {} } };
  const long = 'x'.repeat(65_536);
  for (const more of [{ clientInfo: { name: long, version: 'v' } }, { capabilities: { experimental: { long } } }]) {
    const read = readInitialize({ protocolVersion: 'x', ...said, ...more });
    assert.deepEqual(
      read,
      { protocolVersion: 'x', client: undefined, capabilities: {} },
      'more than is kept of anybody',
    );
  }
  // Of what is not kept, pictures among it, there may be more.
  const pictured = { ...said.clientInfo, icons: [{ src: long }] };
  assert.deepEqual(readInitialize({ protocolVersion: 'x', ...said, clientInfo: pictured }).capabilities, { roots: {} });
});

test('R-34: a cursor that is null or absent is none; one that is no string is refused', () => {
  assert.deepEqual(readList({}), { cursor: undefined });
  assert.deepEqual(readList({ cursor: null }), { cursor: undefined });
  assert.deepEqual(readList({ cursor: '' }), { cursor: '' });
  assert.throws(() => readList({ cursor: 1 }), invalid);
});

test('R-41: absent and null arguments are {}', () => {
  assert.deepEqual(readCall({ name: 'a' }), { name: 'a', arguments: {}, answers: {}, asTask: false, ttlMs: undefined });
  assert.deepEqual(readCall({ name: 'a', arguments: null }), {
    name: 'a',
    arguments: {},
    answers: {},
    asTask: false,
    ttlMs: undefined,
  });
  assert.deepEqual(readCall({ name: 'a', arguments: { b: 1 } }), {
    name: 'a',
    arguments: { b: 1 },
    answers: {},
    asTask: false,
    ttlMs: undefined,
  });
});

test('a call without a name, or with arguments that are no object, is refused', () => {
  for (const params of [{}, { name: 1 }, { name: null }, { name: 'a', arguments: [] }, { name: 'a', arguments: 'x' }]) {
    assert.throws(() => readCall(params), invalid);
  }
});

test('R-56: a level that is none is refused', () => {
  assert.deepEqual(readSetLevel({ level: 'notice' }), { level: 'notice' });
  for (const params of [{}, { level: 'warn' }, { level: 1 }]) assert.throws(() => readSetLevel(params), invalid);
});

test('our own methods never see the envelope', () => {
  assert.deepEqual(readOwn({ model: 'm', _meta: { progressToken: 1 } }), { model: 'm' });
  assert.deepEqual(readOwn({ model: 'm' }), { model: 'm' });
});

test('a list of ours takes cursor null as absent and refuses one that is no string', () => {
  assert.deepEqual(readOwnList({ provider: 'p', cursor: null, _meta: {} }), { provider: 'p' });
  assert.deepEqual(readOwnList({ provider: 'p', cursor: 'c' }), { provider: 'p', cursor: 'c' });
  assert.throws(() => readOwnList({ cursor: 2 }), invalid);
});
