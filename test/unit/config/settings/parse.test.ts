// How the text of one setting is read: every accepted form, and every refusal in words.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  choice,
  decimal,
  duration,
  httpUrl,
  integer,
  onOff,
  publicUrl,
  size,
} from '../../../../src/config/settings/parse.ts';
import type { Parse } from '../../../../src/config/settings/parse.ts';

function cases<T>(
  name: string,
  parse: Parse<T>,
  good: readonly (readonly [string, T])[],
  bad: readonly (readonly [string, RegExp])[],
): void {
  describe(name, () => {
    for (const [text, value] of good) {
      test(`accepts ${JSON.stringify(text)}`, () => assert.deepEqual(parse(text), { value }));
    }
    for (const [text, problem] of bad) {
      test(`refuses ${JSON.stringify(text)}`, () => {
        const parsed = parse(text);
        assert.ok('problem' in parsed, `it was accepted: ${JSON.stringify(parsed)}`);
        assert.match(parsed.problem, problem);
      });
    }
  });
}

cases(
  'publicUrl',
  publicUrl,
  [
    ['https://mcp.corp.example', 'https://mcp.corp.example'],
    ['HTTPS://MCP.corp.example:443/', 'https://mcp.corp.example'],
    ['http://127.0.0.1:8000/llm//', 'http://127.0.0.1:8000/llm'],
  ],
  [
    ['mcp.corp.example', /is not a URL/],
    ['ftp://mcp.corp.example', /neither/],
    ['https://user@mcp.corp.example', /a user/],
    ['https://:word@mcp.corp.example', /a user/],
    ['https://mcp.corp.example?', /after \?/],
    ['https://mcp.corp.example/?a=1', /after \?/],
    ['https://mcp.corp.example/#a', /after #/],
  ],
);

cases(
  'duration',
  duration,
  [
    ['30', 30_000],
    ['0.5', 500],
    ['500ms', 500],
    ['60s', 60_000],
    ['5m', 300_000],
    ['2 h', 7_200_000],
    ['3600', 3_600_000],
    ['3601s', 3_601_000],
  ],
  [
    ['3601', /probably in milliseconds: write 3601ms or 3601s/],
    ['0', /not more than zero/],
    ['0ms', /not more than zero/],
    ['25h', /more than a day/],
    ['-1', /not a duration/],
    ['5 minutes', /not a duration/],
    ['1e3', /not a duration/],
    ['٣', /not a duration/],
  ],
);

cases(
  'size',
  size(1024, 64 * 1024 * 1024),
  [
    ['65536', 65_536],
    ['64MB', 67_108_864],
    ['64 MiB', 67_108_864],
    ['1k', 1024],
    ['0.5M', 524_288],
  ],
  [
    ['1023', /less than 1024/],
    ['1GB', /more than 67108864/],
    ['big', /not a size/],
    ['', /not a size/],
    ['-5MB', /not a size/],
  ],
);

cases(
  'integer',
  integer(0, 20),
  [
    ['0', 0],
    ['20', 20],
  ],
  [
    ['21', /more than 20/],
    ['1.5', /whole/],
    ['-1', /whole/],
    ['0x1', /whole/],
  ],
);
cases(
  'decimal',
  decimal(0, 2),
  [
    ['0.7', 0.7],
    ['2', 2],
  ],
  [
    ['2.1', /more than 2/],
    ['hot', /not a number/],
    ['NaN', /not a number/],
  ],
);
cases(
  'choice',
  choice('pooled', 'fetch'),
  [
    ['fetch', 'fetch'],
    ['POOLED', 'pooled'],
  ],
  [['axios', /not known/]],
);
cases(
  'onOff',
  onOff,
  [
    ['1', true],
    ['True', true],
    ['off', false],
    ['0', false],
  ],
  [['2', /neither/]],
);
cases(
  'httpUrl',
  httpUrl,
  [
    [' https://llm.corp.example/v1 ', 'https://llm.corp.example/v1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ],
  [
    ['llm.corp.example', /not a URL/],
    ['file:///etc/passwd', /neither http/],
    ['https://a.example/#x', /after #/],
  ],
);
