// Which arguments a tool wants said again in headers, and how the two are held against each other.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headerParamsOf } from '../../../src/protocol/header-params.ts';
import { insufficiency } from '../../../src/protocol/routing-headers.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    place: { type: 'object', properties: { zoom: { type: 'integer', 'x-mcp-header': 'Zoom' } } },
    exact: { type: 'boolean', 'x-mcp-header': 'Exact' },
    ratio: { type: 'number', 'x-mcp-header': 'Ratio' },
    spaced: { type: 'string', 'x-mcp-header': 'no token' },
    list: { type: 'array', items: { type: 'string', 'x-mcp-header': 'Item' } },
  },
};

test('only what a header can hold, and a path of properties leads to, is marked', () => {
  assert.deepEqual(headerParamsOf(SCHEMA), [
    { header: 'Region', path: ['region'] },
    { header: 'Zoom', path: ['place', 'zoom'] },
    { header: 'Exact', path: ['exact'] },
  ]);
  assert.deepEqual(headerParamsOf({ type: 'object' }), []);
});

describe('a header', () => {
  /** Whether these arguments agree with these headers. */
  const agrees = (args: unknown, headers: Record<string, string>): boolean => {
    const all: Record<string, string> = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 't',
      ...headers,
    };
    const said = { method: 'tools/call', version: '2026-07-28', params: { name: 't', arguments: args } };
    return (
      insufficiency(
        (name) => all[name],
        said,
        () => headerParamsOf(SCHEMA),
      ) === undefined
    );
  };

  const CASES: readonly [string, unknown, Record<string, string>, boolean][] = [
    ['is the argument', { region: 'eu' }, { 'mcp-param-region': 'eu' }, true],
    ['is the argument in its case', { region: 'eu' }, { 'mcp-param-region': 'EU' }, false],
    ['is there when the argument is', { region: 'eu' }, {}, false],
    ['is not there when the argument is not', {}, { 'mcp-param-region': 'eu' }, false],
    ['is not expected for null', { region: null }, {}, true],
    ['is not expected for arguments that are none', 'text', {}, true],
    ['is a number by its value', { place: { zoom: 7 } }, { 'mcp-param-zoom': '7.0' }, true],
    ['is no number that only begins like it', { place: { zoom: 7 } }, { 'mcp-param-zoom': '7x' }, false],
    ['is no number in another notation', { place: { zoom: 16 } }, { 'mcp-param-zoom': '0x10' }, false],
    ['is true', { exact: true }, { 'mcp-param-exact': 'true' }, true],
    ['is not true', { exact: true }, { 'mcp-param-exact': '1' }, false],
    ['in base64 is what it stands for', { region: 'Zürich' }, { 'mcp-param-region': '=?base64?WsO8cmljaA==?=' }, true],
    ['without its end is as it stands', { region: '=?base64?ZQ==' }, { 'mcp-param-region': '=?base64?ZQ==' }, true],
    ['in base64 has its padding', { region: 'e' }, { 'mcp-param-region': '=?base64?ZQ?=' }, false],
    ['in base64 has no other characters', { region: 'e' }, { 'mcp-param-region': '=?base64?Z!Q==?=' }, false],
  ];
  for (const [name, args, headers, expected] of CASES) {
    test(name, () => assert.equal(agrees(args, headers), expected));
  }
});
