// The text of --help, made of the table of commands and the table of settings.

import { ROWS } from '../config/settings/shape.ts';
import type { Setting } from '../config/settings/shape.ts';
import { COMMANDS } from './commands.ts';
import type { Command } from './commands.ts';

const WIDTH = 88;
const INDENT = 6;

export function helpText(version: string): string {
  return [
    `anymodel-mcp ${version}: any model, from any MCP client.`,
    '',
    'Usage: anymodel-mcp [command] [flags]',
    '',
    'Commands',
    ...Object.entries(COMMANDS).flatMap(commandLines),
    '',
    'Examples',
    '  API_BASE_URL=https://llm.corp.example/v1 API_KEY=… anymodel-mcp models',
    '  anymodel-mcp chat "Say hello in Latin" --model gpt-4o-mini',
    '  anymodel-mcp demo',
    '',
    'Settings: variables, and the flags that win over them. An empty value is as good as none.',
    'A variable marked * may also be given as NAME_FILE, the path of a file that holds it.',
    ...ROWS.flatMap(settingLines),
    '',
    'Also: --help, --version. Exit codes: 0 ended normally, 2 bad usage or configuration, 1 anything else.',
    '',
  ].join('\n');
}

function commandLines([name, { usage, summary }]: readonly [string, Command]): string[] {
  return [`  ${`${name} ${usage}`.trimEnd()}`, ...wrap(summary)];
}

function settingLines({ env, flags, secret, meaning, unset }: Setting<unknown>): string[] {
  const names = [...env.map((name) => (secret ? `${name}*` : name)), ...Object.keys(flags)];
  const fallback = unset === '–' ? '' : `. Default: ${unset}`;
  return [`  ${names.join(', ')}`, ...wrap(`${meaning}${fallback}`.replaceAll('`', ''))];
}

/** Lines no wider than the page, indented. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${' '.repeat(INDENT)}${word}`);
  }
  return lines;
}
