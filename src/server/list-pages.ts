// The pages of a list, encoded once for each snapshot of it and revision: the list of tools is the longest thing most
// clients ever ask of us, and several ask for it more than once.
// Follows MCP server/utilities/pagination: cursors are opaque, an unknown one is invalid params.

import { Fault } from '../core/fault.ts';
import { RawJson } from '../core/json.ts';
import type { Revision } from '../protocol/revisions.ts';
import type { Body } from '../protocol/shape.ts';

/** What a list is made of. The same items are the same list. */
export interface List<Item> {
  /** The member of the result that holds them. */
  readonly member: string;
  readonly items: readonly Item[];
  /** Tells an item from the others. */
  readonly nameOf: (item: Item) => string;
  readonly listed: (item: Item, revision: Revision) => Body;
}

export interface Page {
  readonly cursor: string | undefined;
  /** Completes a page that is not yet encoded. */
  readonly finish: (page: Body) => Body;
}

/** A page by the cursor that leads to it; the first one has none. */
type Book = ReadonlyMap<string | undefined, RawJson>;

export class ListPages {
  readonly #pageSize: number;
  readonly #books = new WeakMap<object, Map<Revision, Book>>();

  constructor(pageSize: number) {
    this.#pageSize = Math.max(1, pageSize);
  }

  /** The page a cursor leads to. Throws `invalid-params` for a cursor we never gave. */
  page<Item>(list: List<Item>, revision: Revision, { cursor, finish }: Page): RawJson {
    let books = this.#books.get(list.items);
    if (books === undefined) this.#books.set(list.items, (books = new Map()));
    let book = books.get(revision);
    if (book === undefined) books.set(revision, (book = this.#write(list, revision, finish)));
    const page = book.get(cursor);
    if (page === undefined) throw new Fault('invalid-params', 'Invalid params: no page has this cursor.');
    return page;
  }

  #write<Item>({ member, items, nameOf, listed }: List<Item>, revision: Revision, finish: Page['finish']): Book {
    const book = new Map<string | undefined, RawJson>();
    let cursor: string | undefined;
    for (let start = 0; start < items.length || start === 0; start += this.#pageSize) {
      const end = start + this.#pageSize;
      const onPage = items.slice(start, end);
      const last = onPage.at(-1);
      // Named after what it follows, so that it leads to the same place in another process.
      const nextCursor = end < items.length && last !== undefined ? `after:${nameOf(last)}` : undefined;
      const page = { [member]: onPage.map((item) => listed(item, revision)) };
      const whole = nextCursor === undefined ? page : { ...page, nextCursor };
      book.set(cursor, new RawJson(inAscii(JSON.stringify(finish(whole)))));
      cursor = nextCursor;
    }
    return book;
  }
}

/** The same JSON. One character beyond Latin-1 doubles in memory everything it is joined with, and slows each step of writing it. */
function inAscii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
