// The text of a configuration file -> a tree that knows where each part of it stands. JSON (RFC 8259) with comments,
// // and /* */, and a comma after the last member or item. Members stay a list, as they are written: a key that is
// given twice can be told, and a key such as __proto__ is a key like any other. Nesting has a bound; text is bounded
// by whoever reads it.

import { parseJson } from '../../core/json.ts';

export type Scalar = string | number | boolean | null;

export type Node =
  | { readonly kind: 'scalar'; readonly at: number; readonly value: Scalar }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly at: number; readonly members: readonly Member[] };

export interface Member {
  readonly key: string;
  /** Where the key stands. */
  readonly at: number;
  readonly node: Node;
}

/** What is wrong, as a sentence without its end, and where in the text. */
export interface SyntaxProblem {
  readonly at: number;
  readonly problem: string;
}

/** No setting is nested half as deep, and each level costs a frame of the stack. */
const MOST_DEPTH = 50;

/** One at a time: a star around them would keep its way back through a file of a million comments. */
const SPACE = /[ \t\r\n\uFEFF]+|\/\/[^\n]*|\/\*[^]*?\*\//y;
const WORD = /[^\s,:[\]{}"/]+/y;
const LITERALS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The tree, or the first thing that is no JSON: what follows it could mean anything. Never throws. */
export function parseJsonc(text: string): Node | SyntaxProblem {
  const parser = new Parser(text);
  try {
    return parser.document();
  } catch (thrown) {
    if (thrown instanceof Unfit) return thrown;
    throw thrown;
  }
}

/** Line and column of a place, both from 1; a column is a UTF-16 unit, as editors count. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  // Cut off first: the next line break may be megabytes behind the place.
  const before = text.slice(0, at);
  let line = 1;
  let start = 0;
  for (let next = before.indexOf('\n'); next >= 0; next = before.indexOf('\n', start)) {
    line += 1;
    start = next + 1;
  }
  return { line, column: at - start + 1 };
}

class Unfit extends Error implements SyntaxProblem {
  readonly at: number;
  readonly problem: string;
  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
    this.problem = problem;
  }
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Node {
    this.#skip();
    if (this.#at === this.#text.length) throw new Unfit(0, 'the file is empty; write at least {}');
    const root = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) throw new Unfit(this.#at, 'there is more after the end of the object');
    return root;
  }

  #value(): Node {
    const at = this.#at;
    const first = this.#text[at];
    if (first === '{') return { kind: 'object', at, members: this.#list('}', () => this.#member()) };
    if (first === '[') return { kind: 'array', at, items: this.#list(']', () => this.#value()) };
    if (first === '"') return { kind: 'scalar', at, value: this.#string() };
    return { kind: 'scalar', at, value: this.#literal() };
  }

  /** From the opening bracket to behind the closing one. */
  #list<T>(end: string, one: () => T): T[] {
    const opened = this.#at;
    if (++this.#depth > MOST_DEPTH) throw new Unfit(opened, `this is nested deeper than ${MOST_DEPTH} levels`);
    const found: T[] = [];
    this.#at += 1;
    for (this.#skip(); this.#text[this.#at] !== end; this.#skip()) {
      if (this.#at === this.#text.length) throw new Unfit(this.#at, this.#missing(end, opened));
      found.push(one());
      this.#skip();
      if (this.#text[this.#at] === ',') this.#at += 1;
      else if (this.#text[this.#at] !== end) throw new Unfit(this.#at, this.#missing(end, opened));
    }
    this.#at += 1;
    this.#depth -= 1;
    return found;
  }

  #missing(end: string, opened: number): string {
    if (this.#at < this.#text.length) return `a comma or ${end} is expected here`;
    const { line, column } = placeOf(this.#text, opened);
    return `the file ends before the ${end} of what begins at ${line}:${column}`;
  }

  #member(): Member {
    const at = this.#at;
    if (this.#text[at] !== '"') throw new Unfit(at, 'a key in double quotes is expected here');
    const key = this.#string();
    this.#skip();
    if (this.#text[this.#at] !== ':') throw new Unfit(this.#at, 'a colon is expected here');
    this.#at += 1;
    this.#skip();
    return { key, at, node: this.#value() };
  }

  #string(): string {
    const at = this.#at;
    let end = at + 1;
    for (let char = this.#text[end]; char !== '"'; char = this.#text[end]) {
      if (char === undefined || char === '\n')
        throw new Unfit(at, 'the string that begins here does not end on its line');
      end += char === '\\' ? 2 : 1;
    }
    this.#at = end + 1;
    const value = parseJson(this.#text.slice(at, this.#at));
    if (typeof value !== 'string') {
      throw new Unfit(
        at,
        'this string holds a control character or an escape that JSON does not have (write \\ as \\\\)',
      );
    }
    return value;
  }

  #literal(): Scalar {
    const at = this.#at;
    WORD.lastIndex = at;
    const [word = ''] = WORD.exec(this.#text) ?? [];
    this.#at += word.length;
    const value = LITERALS.get(word);
    if (value !== undefined) return value;
    if (NUMBER.test(word) && Number.isFinite(Number(word))) return Number(word);
    throw new Unfit(at, 'a value is expected here: text in double quotes, a number, true, false, {…} or […]');
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    while (SPACE.test(this.#text)) this.#at = SPACE.lastIndex;
    if (this.#text.startsWith('/*', this.#at)) throw new Unfit(this.#at, 'the comment that begins here does not end');
  }
}
