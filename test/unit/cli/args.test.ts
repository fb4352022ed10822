// The command line: what it asks for, and what is said of mistakes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgs } from '../../../src/cli/args.ts';

function parsed(line: readonly string[]): unknown {
  const result = parseArgs(line);
  if (!('run' in result)) return result;
  const { command, flags, switches, words } = result.run;
  return { command, flags: Object.fromEntries(flags), switches: [...switches], words };
}

const none = { flags: {}, switches: [], words: [] };

const good: readonly (readonly [readonly string[], unknown])[] = [
  [[], { ...none, command: 'serve' }],
  [['serve'], { ...none, command: 'serve' }],
  [['--timeout', '60s'], { ...none, command: 'serve', flags: { '--timeout': '60s' } }],
  [['--timeout=60s', '--timeout=5s'], { ...none, command: 'serve', flags: { '--timeout': '5s' } }],
  [
    ['--base-url=https://a.example/?x=1'],
    { ...none, command: 'serve', flags: { '--base-url': 'https://a.example/?x=1' } },
  ],
  [['--mock', 'chat', 'hi'], { ...none, command: 'chat', flags: { '--mock': '1' }, words: ['hi'] }],
  [['--no-auth'], { ...none, command: 'serve', flags: { '--no-auth': 'off' } }],
  [['--no-auth=key'], { ...none, command: 'serve', flags: { '--no-auth': 'key' } }],
  [['--mock=0'], { ...none, command: 'serve', flags: { '--mock': '0' } }],
  [['--temperature', '-1'], { ...none, command: 'serve', flags: { '--temperature': '-1' } }],
  [
    ['chat', 'two', 'words', '--model', 'm'],
    { ...none, command: 'chat', flags: { '--model': 'm' }, words: ['two', 'words'] },
  ],
  [['chat', '-'], { ...none, command: 'chat', words: ['-'] }],
  [['chat', '--', '--help', 'me'], { ...none, command: 'chat', words: ['--help', 'me'] }],
  [['demo', '--live'], { ...none, command: 'demo', switches: ['--live'] }],
  [['chat', 'x', '--help'], { show: 'help' }],
  [['-h'], { show: 'help' }],
  [['--version'], { show: 'version' }],
];

const bad: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['--modle', 'x', 'models'],
    ['There is no flag --modle. Did you mean --model?', 'There is no command x.'],
  ],
  [['dmeo'], ['There is no command dmeo. Did you mean demo?']],
  [['constructor'], ['There is no command constructor.']],
  [['--timeout'], ['--timeout needs a value: seconds up to 3600, or a duration such as 500ms, 60s, 5m.']],
  [['--model', '--mock'], ['--model needs a value: the name of a model.']],
  [['--live'], ['--live does not belong to serve.']],
  [['models', 'gpt'], ['models takes no further words.']],
  [
    ['--api-key', 'corpkey-12345-zz'],
    ['There is no flag --api-key.', 'There is no command of that name.'],
  ],
  [['--corpkey-12345-zz'], ['There is no flag of that name.']],
  [['chat'], ['chat needs a question: anymodel-mcp chat "…"']],
  [['chat', ' '], ['chat needs a question: anymodel-mcp chat "…"']],
  [['-x'], ['There is no flag -x.']],
];

describe('accepted', () => {
  for (const [line, expected] of good)
    test(line.join(' ') || 'nothing', () => assert.deepEqual(parsed(line), expected));
});

describe('refused', () => {
  for (const [line, problems] of bad) test(line.join(' '), () => assert.deepEqual(parsed(line), { problems }));
});
