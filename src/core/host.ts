// Facts about host names that more than one room goes by. A host is as `URL.hostname` gives it: lower case, no port.

const LOOPBACK =
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\]|host\.docker\.internal|host\.containers\.internal)$/;

/** Whether it is this machine, seen from a container too: a model there may have to be loaded before it answers. */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** Whether what listens at that address can be reached from this machine only. With or without brackets. */
export function bindsLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** OpenAI's own API, regional addresses included. */
export function isOpenAiHost(hostname: string): boolean {
  return hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com');
}
