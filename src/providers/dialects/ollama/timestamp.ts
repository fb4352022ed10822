// Ollama's times: RFC 3339, of the server's own zone, with up to nine digits of a second.

/** Unix seconds; undefined for what is no time, and for the year 1, which Go writes for no time at all. */
export function unixSeconds(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '');
  return ms > 0 ? Math.floor(ms / 1000) : undefined;
}
