// The headers that say again what the body says, so that what stands between can route without reading it: whether the
// two agree. Pure. Values are compared as they are, names of headers in lower case.
// Follows MCP 2026-07-28 basic/transports (standard headers, value encoding, custom headers); MCP.md 2.3 and 4.3.

import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import type { HeaderParam } from './header-params.ts';

export const VERSION_HEADER = 'mcp-protocol-version';
const METHOD_HEADER = 'mcp-method';
const NAME_HEADER = 'mcp-name';

/** A header's value, without the white space around it. */
export type ReadHeader = (name: string) => string | undefined;

/** The member of the params that names what a method is about. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** What the headers are held against. */
export interface Said {
  readonly method: string;
  /** The claim of the body. */
  readonly version: unknown;
  readonly params: unknown;
}

/** Why a header that is there is not what the body says, where version or method are not. Comes before all else. */
export function contradiction(header: ReadHeader, { method, version }: Said): Fault | undefined {
  const headerVersion = header(VERSION_HEADER);
  if (headerVersion !== undefined && headerVersion !== version) {
    return mismatch(`MCP-Protocol-Version does not say what the body says`);
  }
  const headerMethod = header(METHOD_HEADER);
  if (headerMethod !== undefined && headerMethod !== method)
    return mismatch('Mcp-Method is not the method of the body');
  return undefined;
}

/** Why the headers that a request must have are not enough, or name something else than its body. */
export function insufficiency(
  header: ReadHeader,
  { method, params }: Said,
  headerParams: (tool: string) => readonly HeaderParam[],
): Fault | undefined {
  if (header(VERSION_HEADER) === undefined) return mismatch('MCP-Protocol-Version is missing');
  if (header(METHOD_HEADER) === undefined) return mismatch('Mcp-Method is missing');
  const member = NAMED_BY.get(method);
  if (member === undefined) return undefined;
  const given = isObject(params) ? params[member] : undefined;
  // What has no name to say again is the method's own to complain of.
  if (typeof given !== 'string') return undefined;
  const name = header(NAME_HEADER);
  if (name === undefined) return mismatch('Mcp-Name is missing');
  if (decoded(name) !== given) return mismatch(`Mcp-Name is not the ${member} of the body`);
  if (method !== 'tools/call') return undefined;
  return paramsProblem(header, isObject(params) ? params['arguments'] : undefined, headerParams(given));
}

function paramsProblem(header: ReadHeader, args: unknown, wanted: readonly HeaderParam[]): Fault | undefined {
  for (const { header: name, path } of wanted) {
    const value =
      path.reduce<unknown>((inner, member) => (isObject(inner) ? inner[member] : undefined), args) ?? undefined;
    const sent = header(`mcp-param-${name.toLowerCase()}`);
    if (sent === undefined && value === undefined) continue;
    if (sent === undefined) return mismatch(`Mcp-Param-${name} is missing`);
    if (!says(decoded(sent), value)) return mismatch(`Mcp-Param-${name} is not the argument ${path.join('.')}`);
  }
  return undefined;
}

/** Whether the text stands for the value; `1.0` is the integer 1. */
function says(text: string | undefined, value: unknown): boolean {
  if (typeof value === 'number') return text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) && Number(text) === value;
  return text === (typeof value === 'boolean' ? String(value) : value) && text !== undefined;
}

/** A value as it was before it was made fit for a header; nothing where it cannot have been made so. */
function decoded(value: string): string | undefined {
  const [, base64] = /^=\?base64\?(.*)\?=$/.exec(value) ?? [];
  if (base64 === undefined) return value;
  const bytes = Buffer.from(base64, 'base64');
  // Whatever is not its own encoding has odd padding or characters that Buffer passes over.
  return bytes.toString('base64') === base64 ? bytes.toString('utf8') : undefined;
}

function mismatch(what: string): Fault {
  return new Fault('header-mismatch', `Header mismatch: ${what}.`);
}
