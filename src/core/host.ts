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
