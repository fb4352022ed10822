// The upstream's own id of a request, which its support asks for. Every vendor has a header of its own
// (WIRE.md 5.3); the most specific one present is taken.

const HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-ms-request-id', 'x-generation-id', 'cf-ray'];

const MAX_ID_LENGTH = 128;

export function requestIdOf(headers: { get(name: string): string | null }): string | undefined {
  for (const name of HEADERS) {
    const value = headers.get(name)?.trim().slice(0, MAX_ID_LENGTH);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}
