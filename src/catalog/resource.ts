// What a resource is: an address, what is listed of it, and a function that reads it; and a template, which is a family
// of them. Knows no revision and no wire.
// Follows MCP server/resources; RFC 6570 for templates, level 1 alone.

import type { Soon } from '../core/store.ts';
import type { ToolContext } from './tool.ts';

/** One document of a resource; `blob` is base64. */
export interface ResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text?: string;
  readonly blob?: string;
}

interface Described {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
}

export interface Resource extends Described {
  readonly uri: string;
  /** In bytes, where it is known beforehand. */
  readonly size?: number;
  read(ctx: ToolContext): Soon<readonly ResourceContents[]>;
}

/** What the variables of a template are in an address. */
export type Variables = Readonly<Record<string, string>>;

export interface ResourceTemplate extends Described {
  readonly uriTemplate: string;
  /** Nothing where there is no such resource. */
  read(uri: string, variables: Variables, ctx: ToolContext): Soon<readonly ResourceContents[] | undefined>;
  /** Values a variable may have that fit what was typed so far, the best first; `given` are other variables. */
  readonly complete?: Complete;
}

/** Suggests values for an argument. */
export type Complete = (
  argument: { readonly name: string; readonly value: string },
  given: Variables,
  ctx: ToolContext,
) => Soon<readonly string[]>;

export interface ResourceOffer {
  readonly listed: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
}

/** Whether there is such a resource, or may be one day. */
export function isOffered(uri: string, { listed, templates }: ResourceOffer): boolean {
  return (
    listed.some((one) => one.uri === uri) ||
    templates.some(({ uriTemplate }) => matchTemplate(uriTemplate, uri) !== undefined)
  );
}

const VARIABLE = /\{([A-Za-z0-9_]+)\}/;

/** What an address has in the places of a template's variables; undefined where it is none of the family. */
export function matchTemplate(template: string, uri: string): Variables | undefined {
  const parts = template.split(VARIABLE);
  const variables: Record<string, string> = {};
  let rest = uri;
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) {
      if (!rest.startsWith(part)) return undefined;
      rest = rest.slice(part.length);
      continue;
    }
    // A variable ends where the text behind it begins, and never reaches past a slash.
    const next = parts[i + 1] ?? '';
    const segment = /^[^/]*/.exec(rest)?.[0] ?? '';
    const end = next === '' || next.startsWith('/') ? segment.length : segment.indexOf(next);
    const value = decoded(rest.slice(0, Math.max(0, end)));
    if (value === undefined || value === '') return undefined;
    variables[part] = value;
    rest = rest.slice(end);
  }
  return rest === '' ? variables : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
