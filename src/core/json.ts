// JSON as data: the types, the questions checkers ask, and two ways of carrying JSON that is not worth
// building as objects: text that is already encoded, and a string too long to be copied again.

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined members: optional members are absent here, never undefined. */
export function present<T extends object>(members: T): Present<T> {
  // On the path of every call: entries and back again would cost ten times as much.
  const out: Record<string, unknown> = {};
  for (const key in members) if (members[key] !== undefined) out[key] = members[key];
  return out as Present<T>;
}

/** Whether its texts and names have more characters than so many, one added for each value. As deep as it may be. */
export function isLargerThan(value: unknown, most: number): boolean {
  let size = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0 && size <= most) {
    const one = rest.pop();
    size += typeof one === 'string' ? one.length + 1 : 1;
    if (Array.isArray(one)) for (const item of one) rest.push(item);
    else if (isObject(one)) {
      for (const [name, member] of Object.entries(one)) {
        size += name.length;
        rest.push(member);
      }
    }
  }
  return size > most;
}

/** The value, or `undefined` for text that is not JSON. Never throws. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The text, or `undefined` for a value nested deeper than the stack, which `JSON.parse` accepts. Never throws. */
export function encodeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A JSON value that is already encoded; it is written as it is. The text must be one line of valid JSON. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A string held in pieces. Encoded piece by piece straight into the output, so that an answer of 100 MB
 * is never copied into one string. Pieces may be cut anywhere, between surrogates too.
 */
export class LongText {
  readonly pieces: readonly string[];
  readonly length: number;
  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  toString(): string {
    return this.pieces.join('');
  }

  /** Plain `JSON.stringify` of a value that holds one still gives the whole string. */
  toJSON(): string {
    return this.toString();
  }
}

/** Text that is plain when short and in pieces when long. */
export type Text = string | LongText;
