// Which hosts an image may be fetched from for a caller, before and after their names are resolved. Nothing is resolved
// here, and no private address is allowed but those the operator wrote down.

import { isIn, kindOf, readAddress, readNetwork } from './addresses.ts';
import type { Network } from './addresses.ts';

/** Names of what tells a machine of a cloud who it is; what they resolve to is not even looked at. */
const NEVER =
  /^(?:metadata|instance-data|(?:.+\.)?metadata\.(?:google\.internal|goog|azure\.com|azure\.internal|tencentyun\.com)|(?:.+\.)?instance-data\.ec2\.internal)$/;

export interface Reach {
  /** Whether the name, or address, may be looked at at all. */
  mayName(host: string): boolean;
  /** Whether all addresses may be connected to for that host: one that may not spoils the rest. */
  mayConnect(host: string, addresses: readonly string[]): boolean;
}

/** `exceptions`: hosts (`images.corp.example`, `*.corp.example`) and networks whose private addresses are allowed. */
export function reachOf(exceptions: readonly string[]): Reach {
  const networks: Network[] = [];
  const names: string[] = [];
  for (const one of exceptions) {
    const network = readNetwork(one);
    if (network === undefined) names.push(plainName(one));
    else networks.push(network);
  }
  const isNamed = (host: string): boolean =>
    names.some((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name));
  const mayReach = (host: string, text: string): boolean => {
    const address = readAddress(text);
    if (address === undefined) return false;
    const kind = kindOf(address);
    return kind === 'public' || (kind === 'private' && (isIn(address, networks) || isNamed(host)));
  };
  return {
    mayName: (host) => !NEVER.test(plainName(host)),
    mayConnect: (host, addresses) =>
      addresses.length > 0 && addresses.every((address) => mayReach(plainName(host), address)),
  };
}

function plainName(host: string): string {
  return host.toLowerCase().replace(/\.+$/, '');
}
