// The pages of tools/list, encoded once for each catalog and revision: the list is the longest thing most
// clients ever ask of us, and several ask for it more than once.
// Follows MCP server/utilities/pagination: cursors are opaque, an unknown one is invalid params.

import type { Catalog } from '../catalog/tool.ts';
import { RawJson } from '../core/json.ts';
import type { Revision } from '../protocol/revisions.ts';
import { listedTool } from '../protocol/shape.ts';
import type { Body } from '../protocol/shape.ts';

/** A page by the cursor that leads to it; the first one has none. */
type Book = ReadonlyMap<string | undefined, RawJson>;

export class ToolPages {
  readonly #pageSize: number;
  readonly #books = new WeakMap<Catalog, Map<Revision, Book>>();

  constructor(pageSize: number) {
    this.#pageSize = Math.max(1, pageSize);
  }

  /** The page a cursor leads to; `undefined` for a cursor we never gave. `finish` completes a page not yet encoded. */
  page(
    catalog: Catalog,
    revision: Revision,
    { cursor, finish }: { cursor: string | undefined; finish: (page: Body) => Body },
  ): RawJson | undefined {
    let books = this.#books.get(catalog);
    if (books === undefined) this.#books.set(catalog, (books = new Map()));
    let book = books.get(revision);
    if (book === undefined) books.set(revision, (book = this.#write(catalog, revision, finish)));
    return book.get(cursor);
  }

  #write({ tools }: Catalog, revision: Revision, finish: (page: Body) => Body): Book {
    const book = new Map<string | undefined, RawJson>();
    let cursor: string | undefined;
    for (let start = 0; start < tools.length || start === 0; start += this.#pageSize) {
      const end = start + this.#pageSize;
      const listed = tools.slice(start, end).map((tool) => listedTool(tool, revision));
      // Named after what it follows, so that it leads to the same place in another process.
      const nextCursor = end < tools.length ? `after:${tools[end - 1]?.name}` : undefined;
      const page = nextCursor === undefined ? { tools: listed } : { tools: listed, nextCursor };
      book.set(cursor, new RawJson(inAscii(JSON.stringify(finish(page)))));
      cursor = nextCursor;
    }
    return book;
  }
}

/** The same JSON. One character beyond Latin-1 doubles in memory everything it is joined with, and slows each step of writing it. */
function inAscii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
