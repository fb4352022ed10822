// What a client takes as an answer, and whether it sent JSON. Pure, and lenient: only what can certainly not be answered
// is refused. Follows RFC 9110, 8.3 and 12.5.1; protocol/MCP.md 4.1, 4.3 and 4.4.

export interface Accepts {
  readonly json: boolean;
  readonly events: boolean;
}

const BOTH: Accepts = { json: true, events: true };

export const JSON_TYPE = 'application/json';
const EVENT_TYPE = 'text/event-stream';

/** What nearly every client sends. */
const USUAL: ReadonlySet<string> = new Set(['*/*', `${JSON_TYPE}, ${EVENT_TYPE}`, `${EVENT_TYPE}, ${JSON_TYPE}`]);

export function acceptsOf(accept: string | undefined): Accepts {
  if (accept === undefined || USUAL.has(accept)) return BOTH;
  const types = accept.toLowerCase().split(',');
  const ranges = new Set(types.map((range) => range.split(';', 1).join('').trim()));
  if (ranges.has('*/*')) return BOTH;
  return {
    json: ranges.has(JSON_TYPE) || ranges.has('application/*'),
    events: ranges.has(EVENT_TYPE) || ranges.has('text/*'),
  };
}

export function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  return contentType === JSON_TYPE || contentType.split(';', 1).join('').trim().toLowerCase() === JSON_TYPE;
}
