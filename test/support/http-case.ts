// One file of fixtures/http: what clients send byte for byte, and what comes back. fixtures/README.md has the format.
// Knows no server; whoever runs it brings a connection and an upstream.

import { difference } from './placeholders.ts';
import type { Captures } from './placeholders.ts';
import { parseJson } from '../../src/core/json.ts';

/** A marked line and the lines under it. */
export interface Step {
  readonly mark: '>>>' | '<<<' | '===' | '~~~';
  /** What follows the mark. */
  readonly words: readonly string[];
  readonly lines: readonly string[];
  /** In the file, from 1. */
  readonly at: number;
}

export interface HttpCase {
  /** The name of a file of fixtures/conversations/config; absent: the embedded mock, and no key. */
  readonly config: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const MARK = /^(>>>|<<<|===|~~~) (.+)$/;

function markOf(text: string): Step['mark'] | undefined {
  return (['>>>', '<<<', '===', '~~~'] as const).find((mark) => mark === text);
}

export function readCase(text: string): HttpCase {
  const settings: Record<string, string> = {};
  const steps: { mark: Step['mark']; words: string[]; lines: string[]; at: number }[] = [];
  let config: string | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    const [, sign = '', words = ''] = MARK.exec(line) ?? [];
    const mark = markOf(sign);
    const [, name = '', value = ''] = /^set: (\w+)=(.*)$/.exec(line) ?? [];
    if (mark !== undefined) steps.push({ mark, words: words.split(' '), lines: [], at: i + 1 });
    else if (steps.length > 0) steps.at(-1)?.lines.push(line);
    else if (name !== '') settings[name] = value;
    else if (line.startsWith('config: ')) config = line.slice('config: '.length);
    else if (line !== '' && !line.startsWith('#')) throw new Error(`line ${i + 1} is none of this format: ${line}`);
  }
  return { config, settings, steps };
}

/** Names in braces, and what they stood for when they were first met. */
export type Names = Map<string, string>;

/** The bytes of a request: lines end as HTTP's do, names stand for what they stood for, `*` for the length. */
export function requestBytes(lines: readonly string[], names: Names): string {
  const text = lines.join('\n').replace(/\n+$/, '');
  const filled = text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => names.get(name) ?? whole);
  const [head = '', ...rest] = filled.split('\n\n');
  const body = Buffer.from(rest.join('\n\n')).toString('latin1');
  const fields = head.replace('content-length: *', `content-length: ${body.length}`).replaceAll('\n', '\r\n');
  return `${fields}\r\n\r\n${body}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** As far as it has come, without chunks. */
  readonly body: string;
  readonly isWhole: boolean;
}

/** The answers on a connection, in order; the last may have begun only. */
export function answersIn(text: string): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
    const [start = '', ...fields] = rest.slice(0, end).split('\r\n');
    const headers = new Map(fields.map((field) => fieldOf(field)));
    const status = Number(start.split(' ')[1]);
    const cut = headers.get('transfer-encoding') === 'chunked' ? unchunked : counted(headers, status);
    const { body, isWhole, after } = cut(rest.slice(end + 4));
    answers.push({ status, headers, body: Buffer.from(body, 'latin1').toString('utf8'), isWhole });
    rest = after;
  }
  return answers;
}

function fieldOf(field: string): [string, string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

interface Cut {
  readonly body: string;
  readonly isWhole: boolean;
  readonly after: string;
}

function counted(headers: ReadonlyMap<string, string>, status: number): (text: string) => Cut {
  const length = status === 204 ? 0 : Number(headers.get('content-length') ?? 0);
  return (text) => ({ body: text.slice(0, length), isWhole: text.length >= length, after: text.slice(length) });
}

function unchunked(text: string): Cut {
  let body = '';
  let at = 0;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (line < 0 || text.length < line + 4 + size) return { body, isWhole: false, after: '' };
    at = line + 4 + size;
    if (size === 0) return { body, isWhole: true, after: text.slice(at) };
    body += text.slice(line + 2, line + 2 + size);
  }
}

/** Whether so much has come that the expectation can be judged. */
export function isEnough(expected: Step, answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  const { body } = split(expected.lines);
  return (
    answer.isWhole ||
    (isStream(answer) && eventsOf(answer.body).length >= eventsOf(body).length && !body.includes('{end}'))
  );
}

const isStream = ({ headers }: Answer): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') === true;

function split(lines: readonly string[]): { fields: readonly string[]; body: string } {
  const gap = lines.indexOf('');
  const fields = gap < 0 ? lines : lines.slice(0, gap);
  return {
    fields,
    body:
      gap < 0
        ? ''
        : lines
            .slice(gap + 1)
            .join('\n')
            .trim(),
  };
}

/** Where the answer differs from what is expected, as one line; nothing when it does not. */
export function problemWith(expected: Step, answer: Answer, names: Names): string | undefined {
  const { fields, body } = split(expected.lines);
  const status = Number(expected.words[1]);
  if (answer.status !== status) return `the status is ${answer.status}, not ${status}: ${answer.body.slice(0, 300)}`;
  for (const field of fields) {
    const [name, value] = fieldOf(field);
    const found = answer.headers.get(name);
    if (field.startsWith('!')) {
      if (answer.headers.has(field.slice(1))) return `there is a header ${field.slice(1)}`;
    } else if (found === undefined || !fits(value, found, names)) return `${name} is ${found}, not ${value}`;
  }
  if (isStream(answer)) return eventsProblem(body, answer, names);
  return body === '' ? undefined : jsonProblem(body, answer.body, names);
}

const eventsOf = (text: string): readonly string[] =>
  text
    .split('\n\n')
    .map((block) => block.trim())
    .filter((block) => block !== '' && block !== '{end}' && !block.startsWith(':'));

function eventsProblem(expected: string, answer: Answer, names: Names): string | undefined {
  const wanted = eventsOf(expected);
  const found = eventsOf(answer.body);
  if (expected.includes('{end}') && found.length > wanted.length) return `there are more events: ${answer.body}`;
  for (const [i, block] of wanted.entries()) {
    const lines = (found[i] ?? '').split('\n');
    for (const [n, line] of block.split('\n').entries()) {
      const said = lines[n] ?? '';
      const isJson = line.startsWith('data: {"');
      if (isJson ? jsonProblem(line.slice(6), said.slice(6), names) : !fits(line, said, names)) {
        return `event ${i + 1} has ${said}, not ${line}`;
      }
    }
  }
  return undefined;
}

/** An `"<id:a>"` that is met first is the name `a` from now on. */
function jsonProblem(expected: string, actual: string, names: Names): string | undefined {
  const [wanted, found] = [parseJson(expected), parseJson(actual)];
  if (wanted === undefined || found === undefined) return `no JSON: ${wanted === undefined ? expected : actual}`;
  const captures: Captures = new Map(names);
  const problem = difference(wanted, found, captures);
  for (const [name, value] of captures) if (typeof value === 'string' && problem === undefined) names.set(name, value);
  return problem;
}

/** Text with names in braces; a name that is met first stands for what is there from now on. */
function fits(expected: string, actual: string, names: Names): boolean {
  const met: string[] = [];
  const pattern = expected.replaceAll(/\{(\w+)\}|[.*+?^$()|[\]\\{}]/g, (whole, name: string | undefined) => {
    if (name === undefined) return `\\${whole}`;
    const known = names.get(name);
    if (known !== undefined) return known.replaceAll(/[.*+?^$()|[\]\\{}]/g, String.raw`\$&`);
    met.push(name);
    return '(\\S+)';
  });
  const found = new RegExp(`^${pattern}$`).exec(actual);
  if (found === null) return false;
  for (const [i, name] of met.entries()) names.set(name, found[i + 1] ?? '');
  return true;
}
