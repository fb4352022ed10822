// Words of an upstream that go where words are short: a model's name, a finish reason, an id. One that fills a page
// would come back in every record of the call.

const MOST = 200;

/** The text, cut where no name goes on; never inside a character. */
export function brief(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
