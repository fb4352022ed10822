// Facts about host names that more than one room goes by. A host is as `URL.hostname` gives it: lower case, no port.

const LOOPBACK =
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\]|host\.docker\.internal|host\.containers\.internal)$/;

/** Whether it is this machine, seen from a container too: a model there may have to be loaded before it answers. */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** OpenAI's own API, regional addresses included. */
export function isOpenAiHost(hostname: string): boolean {
  return hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com');
}

/**
 * Whether a server that listens there, or is reached there, is reached from this machine alone. Unlike
 * {@link isLoopbackHost} it takes no name that a resolver could lead elsewhere.
 */
export function isLoopbackAddress(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

/** What a Host header, or an origin after its scheme, names. */
export interface Place {
  /** In lower case; IPv6 in brackets. */
  readonly name: string;
  /** Empty when none is named. */
  readonly port: string;
}

const AUTHORITY = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/(.+)$/i;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Nothing for what is no name or address, with or without a port. */
export function placeOf(authority: string): Place | undefined {
  const [, name, port = ''] = AUTHORITY.exec(authority) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), port };
}

/** An origin in the one form in which two are compared; nothing for what is none, `null` included. */
export function normalOrigin(text: string): string | undefined {
  const [, scheme = '', authority = ''] = ORIGIN.exec(text) ?? [];
  const place = placeOf(authority);
  if (place === undefined) return undefined;
  const lower = scheme.toLowerCase();
  const port = place.port === '' || place.port === DEFAULT_PORTS[lower] ? '' : `:${place.port}`;
  return `${lower}://${place.name}${port}`;
}
