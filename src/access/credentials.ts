// What a request gives to be let in, from its headers and from nowhere else: a query string ends in logs. One thing
// counts: what stands behind `Bearer`, and only where there is no such thing `X-API-Key`.
// Follows MCP.md 4.6; RFC 6750, 2.1.

/** Reads a header of the request, whatever the case of its name; of one sent several times all values, joined by commas. */
export type ReadHeader = (name: string) => string | undefined;

export interface Credential {
  readonly text: string;
  /** A token comes as `Bearer` only; a key may come either way. */
  readonly isBearer: boolean;
}

/** `unfit`: something was given, and it is nothing that could be right. */
export function credentialOf(header: ReadHeader): Credential | 'unfit' | undefined {
  const authorization = header('authorization') ?? '';
  if (/^bearer(?: |$)/i.test(authorization)) return fit(authorization.slice('bearer'.length), true);
  const key = header('x-api-key') ?? '';
  if (key !== '') return fit(key, false);
  // Another scheme is the business of a proxy in front of us, and no key.
  return undefined;
}

function fit(written: string, isBearer: boolean): Credential | 'unfit' {
  const text = written.trim();
  return /^[\x21-\x7e]+$/.test(text) ? { text, isBearer } : 'unfit';
}
