// Which proxy a request goes by, if any: the provider's own, or the one the environment names for the scheme.
// User name and password become a header here, and stand in nothing that is shown. A proxy is reached over TCP or
// TLS; requests to http URLs are handed to it as they are, for https it opens a tunnel (RFC 9110, 7.3.2).

import { Fault } from '../../../core/fault.ts';
import type { Destination } from './destination.ts';
import { destinationOf } from './destination.ts';
import { isExempt } from './no-proxy.ts';
import type { Route } from './route.ts';

export interface Proxy extends Pick<Destination, 'secure' | 'host' | 'port' | 'where' | 'authorization'> {
  /** What a person would change, in words that stand in the middle of a sentence. */
  readonly setting: string;
}

const OWN = "the provider's proxy setting";
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The proxy on the way to `destination`; none where it is exempt. Throws Fault CONFIG for one that cannot be used. */
export function proxyFor(destination: Destination, { proxy, proxies = {}, socketPath }: Route): Proxy | undefined {
  if (socketPath !== undefined || proxy === '') return undefined;
  if (proxy !== undefined) return proxyOf(proxy, OWN);
  const [written, setting] = destination.secure ? [proxies.https, 'HTTPS_PROXY'] : [proxies.http, 'HTTP_PROXY'];
  const [text, name] = written === undefined ? [proxies.all, 'ALL_PROXY'] : [written, setting];
  if (text === undefined || text === '' || isExempt(destination, proxies.no)) return undefined;
  return proxyOf(text, name);
}

/** Without a scheme it is an http one, as curl has it. */
function proxyOf(text: string, setting: string): Proxy {
  try {
    return { ...destinationOf(SCHEME.test(text) ? text : `http://${text}`), setting };
  } catch {
    // The error says nothing of proxies, and the text may hold a password.
    throw new Fault('CONFIG', `What ${setting} names is not the address of an HTTP proxy.`, {
      data: { next: 'Write it as http://HOST:PORT or https://HOST:PORT; SOCKS is not spoken.' },
    });
  }
}
