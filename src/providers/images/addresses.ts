// IP addresses as numbers, and which of them a request for somebody else may go to: the public ones; private ones where
// the operator names them; link-local, metadata and everything without a single host behind it never. Pure.
// Follows the IANA special-purpose registries (RFC 6890) and RFC 6052 for addresses behind NAT64.

/** An address as the 128 bits of IPv6, an IPv4 one in its mapped form. */
export type Address = bigint;

export interface Network {
  readonly base: Address;
  /** How many of the 128 bits count. */
  readonly bits: number;
}

export type Kind = 'public' | 'private' | 'never';

const V4_BITS = 96;
const MAPPED = 0xffffn << 32n;

interface Tables {
  /** Whatever stands here wins over what comes after it. */
  readonly never: readonly Network[];
  readonly private: readonly Network[];
  /** All of IPv4, and the global unicast of IPv6. */
  readonly public: readonly Network[];
  readonly nat64: readonly Network[];
}

/** Made when first asked: most starts never are. */
let made: Tables | undefined;

function tables(): Tables {
  return (made ??= {
    never: networks(
      '0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
      // Metadata and agents of clouds that do not answer at link-local addresses: Alibaba, Azure, AWS, Google.
      '100.100.100.200/32 168.63.129.16/32 fd00:ec2::/32 fd20:ce::254/128',
      '::/128 fe80::/10 ff00::/8 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16',
    ),
    private: networks(
      '10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 198.18.0.0/15',
      '::1/128 fc00::/7 fec0::/10',
    ),
    public: networks('0.0.0.0/0', '2000::/3'),
    nat64: networks('64:ff9b::/96'),
  });
}

export function kindOf(address: Address): Kind {
  const known = tables();
  const shown = isIn(address, known.nat64) ? MAPPED | (address & 0xffff_ffffn) : address;
  if (isIn(shown, known.never)) return 'never';
  if (isIn(shown, known.private)) return 'private';
  return isIn(shown, known.public) ? 'public' : 'never';
}

export function isIn(address: Address, all: readonly Network[]): boolean {
  return all.some(({ base, bits }) => (address ^ base) >> BigInt(128 - bits) === 0n);
}

/** `10.1.0.0/16`, `fd12::/48`, or one address; undefined for what is none of these. */
export function readNetwork(text: string): Network | undefined {
  const [written = '', digits, ...more] = text.split('/');
  const base = readAddress(written);
  if (base === undefined || more.length > 0) return undefined;
  const extra = written.includes(':') ? 0 : V4_BITS;
  if (digits === undefined) return { base, bits: 128 };
  const bits = /^\d{1,3}$/.test(digits) ? Number(digits) + extra : Number.NaN;
  return bits <= 128 ? { base, bits } : undefined;
}

/** An address in its usual notation; other notations of IPv4 (octal, one number) are none. */
export function readAddress(text: string): Address | undefined {
  if (!text.includes(':')) return readV4(text);
  const at = text.lastIndexOf(':');
  const tail = text.slice(at + 1);
  if (!tail.includes('.')) return readV6(text);
  const v4 = readV4(tail);
  if (v4 === undefined) return undefined;
  const low = v4 & 0xffff_ffffn;
  return readV6(`${text.slice(0, at + 1)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
}

function readV4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return MAPPED | parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function readV6(text: string): Address | undefined {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [front = [], back] = halves;
  const given = front.length + (back?.length ?? 0);
  if (halves.length > 2 || given > 8 || (back === undefined ? given !== 8 : given === 8)) return undefined;
  const groups = [...front, ...Array.from({ length: 8 - given }, () => '0'), ...(back ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function networks(...lists: readonly string[]): readonly Network[] {
  return lists.flatMap((list) => list.split(' ').flatMap((one) => readNetwork(one) ?? []));
}
