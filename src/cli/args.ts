// The command line -> what to do, or every problem with it. Pure. Settings are not read here, only told apart:
// flags go on as text, and config/ reads them together with the environment.

import { ROWS } from '../config/settings/shape.ts';
import { nearest } from '../core/nearest.ts';
import { COMMANDS, configProblem, isCommand } from './commands.ts';
import type { CommandName } from './commands.ts';

export interface Invocation {
  readonly command: CommandName;
  /** Flags of settings, with their values as text. */
  readonly flags: ReadonlyMap<string, string>;
  /** The command's own flags that were given. */
  readonly switches: ReadonlySet<string>;
  /** What is left, in order. */
  readonly words: readonly string[];
}

export type Parsed =
  | { readonly run: Invocation }
  | { readonly show: 'help' | 'version' }
  | { readonly problems: readonly string[] };

/** Flag of a setting -> what a value must be, and what it stands for alone, if it takes none. */
const FLAGS: ReadonlyMap<string, { readonly accepts: string; readonly bare: string }> = new Map(
  ROWS.flatMap(({ flags, accepts, bare }) => Object.keys(flags).map((flag) => [flag, { accepts, bare }])),
);

const HELP: ReadonlySet<string> = new Set(['--help', '-h']);
const VERSION: ReadonlySet<string> = new Set(['--version', '-v']);

/** `--flag value`, `--flag=value`, and `--` before words that look like flags. */
export function parseArgs(argv: readonly string[]): Parsed {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  if (before.some((arg) => HELP.has(arg))) return { show: 'help' };
  if (before.some((arg) => VERSION.has(arg))) return { show: 'version' };
  const sorted = sort(before);
  const [first, ...rest] = sorted.words;
  const words = end < 0 ? rest : [...rest, ...argv.slice(end + 1)];
  if (first !== undefined && !isCommand(first)) {
    return { problems: [...sorted.problems, unknown('command', first, Object.keys(COMMANDS))] };
  }
  const command = first ?? 'serve';
  const problems = [...sorted.problems, ...misplaced(command, sorted.switches, words)];
  if (problems.length > 0) return { problems };
  return { run: { command, flags: sorted.flags, switches: new Set(sorted.switches), words } };
}

interface Sorted {
  readonly flags: Map<string, string>;
  readonly switches: string[];
  readonly words: string[];
  readonly problems: string[];
}

function sort(argv: readonly string[]): Sorted {
  const sorted: Sorted = { flags: new Map(), switches: [], words: [], problems: [] };
  const switches = new Set(Object.values(COMMANDS).flatMap((command) => command.switches));
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    // A lone "-" is a word: the usual name of stdin.
    if (!/^-./.test(arg)) {
      sorted.words.push(arg);
      continue;
    }
    const [, flag = arg, inline] = /^([^=]+)=(.*)$/s.exec(arg) ?? [];
    const known = FLAGS.get(flag);
    if (switches.has(arg)) sorted.switches.push(arg);
    else if (known === undefined)
      sorted.problems.push(unknown('flag', flag, [...FLAGS.keys(), ...switches, '--help', '--version']));
    else if (inline !== undefined) sorted.flags.set(flag, inline);
    else if (known.bare !== '') sorted.flags.set(flag, known.bare);
    else takeValue(flag, argv[++i], sorted);
  }
  return sorted;
}

function takeValue(flag: string, value: string | undefined, { flags, problems }: Sorted): void {
  if (value === undefined || value.startsWith('--'))
    problems.push(`${flag} needs a value: ${FLAGS.get(flag)?.accepts ?? ''}.`);
  else flags.set(flag, value);
}

function misplaced(command: CommandName, switches: readonly string[], words: readonly string[]): string[] {
  const problems = switches
    .filter((one) => !COMMANDS[command].switches.includes(one))
    .map((one) => `${one} does not belong to ${command}.`);
  const [word] = words;
  if (!COMMANDS[command].words && word !== undefined) problems.push(`${command} takes no further words.`);
  const { mostWords = Infinity } = COMMANDS[command];
  if (words.length > mostWords) problems.push(`${command} takes one word at most: ${COMMANDS[command].usage}`);
  if (command === 'chat' && words.join('').trim() === '') problems.push('chat needs a question: anymodel-mcp chat "…"');
  const misuse = command === 'config' ? configProblem(words) : undefined;
  return misuse === undefined ? problems : [...problems, misuse];
}

function unknown(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return `There is no ${kind}${shown(name)}.${hint}`;
}

/** A word as the program has them may be repeated; anything else may be a key that came into the wrong place. */
function shown(word: string): string {
  return /^-{0,2}[a-z]+(?:-[a-z]+){0,3}$/.test(word) && word.length <= 24 ? ` ${word}` : ' of that name';
}
