// Which hosts are reached without the environment's proxy: NO_PROXY as curl and Go read it. Entries are parted by
// commas or space: `*`, a name (it and all below it, with or without a leading dot), an address, a range in CIDR
// form; each but the last may end in a port. Only a host that is written as an address is compared with addresses:
// nothing is asked of DNS. What is none of these is passed over. Loopback is never asked of a proxy, whose own
// loopback is another.

import { builtin } from '../../../core/builtin.ts';
import type { Destination } from './destination.ts';

const LOOPBACK = 'localhost,127.0.0.0/8,::1';
const RANGE = /^\[?([^\][/]+)\]?\/(\d{1,3})$/;
const WITH_PORT = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/;

/** Whether `destination` is loopback or stands in `noProxy`. */
export function isExempt({ host, port }: Pick<Destination, 'host' | 'port'>, noProxy = ''): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return `${LOOPBACK},${noProxy}`
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, name, port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const range = RANGE.exec(entry);
  if (range !== null) return isWithin(host, range[1] ?? '', Number(range[2]));
  // An IPv6 address without brackets has no port.
  const [, written = entry, only] = WITH_PORT.exec(entry) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const name = written.replace(/^\[|\]$/g, '').replace(/^\*?\.|\.$/g, '');
  const { isIP } = builtin('node:net');
  const version = isIP(name);
  if (version !== 0) return isWithin(host, name, version === 4 ? 32 : 128);
  return name !== '' && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)));
}

/** An IPv4 address that is written as an IPv6 one counts as what it is, and not the other way round. */
function isWithin(host: string, base: string, bits: number): boolean {
  const { BlockList, isIP } = builtin('node:net');
  const version = isIP(base);
  if (version === 0 || isIP(host) < version || bits > (version === 4 ? 32 : 128)) return false;
  const range = new BlockList();
  range.addSubnet(base, bits, family(version));
  return range.check(host, family(isIP(host)));
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}
