// Downloads an image from an address that a caller chose, so every step is taken as if by an attacker: each host is
// checked by name, resolved once, all of its addresses are checked, and only those are connected to, so that a second
// answer of DNS changes nothing. The same again at each redirect. No proxy, which would resolve for itself; no
// credentials, cookies or referer; nothing compressed; no more bytes and no more time than there is room for.

import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { builtin } from '../../../core/builtin.ts';
import type { Clock } from '../../../core/clock.ts';
import { derive, orCancelled } from '../../../core/context.ts';
import type { Cancel } from '../../../core/context.ts';
import { Fault } from '../../../core/fault.ts';
import { IMAGE_HEAD_BYTES, imageTypeOf } from '../../../core/image-kind.ts';
import { present } from '../../../core/json.ts';
import type { FetchResponse } from '../../fetch.ts';
import type { ByteRoom, FetchImage, FetchedImage } from '../../images/fetch-image.ts';
import { reachOf } from '../../images/reach.ts';
import type { Reach } from '../../images/reach.ts';
import { pooledFetch } from '../pooled-fetch.ts';

const MOST_REDIRECTS = 3;
const MOST_BYTES = 20 * 1024 ** 2;
/** For one image, redirects and all. */
const MOST_MS = 15_000;
const CONNECT_MS = 5000;
const HEADERS = {
  accept: 'image/png, image/jpeg, image/gif, image/webp',
  'accept-encoding': 'identity',
  'user-agent': 'anymodel-mcp',
};

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface DownloadOptions {
  readonly clock: Clock;
  /** Hosts and networks that may be asked though their addresses are private: `Reach`. */
  readonly exceptions: readonly string[];
  /** The PEM text of SSL_CERT_FILE. */
  readonly authorities?: string;
  /** Name resolution; the system's unless given. */
  readonly resolve?: Resolve;
}

/** Why there is no image: for the log alone. */
class Refusal extends Error {}

export function imageDownload(options: DownloadOptions): FetchImage {
  const { clock } = options;
  const site = { ...options, reach: reachOf(options.exceptions), resolve: options.resolve ?? resolve };
  return async (url, room, ctx) => {
    const derived = derive(ctx.cancel);
    const cancel = derived.source;
    const late = new Fault('TIMEOUT', 'The image took too long.');
    const stop = clock.after(Math.min(MOST_MS, ctx.deadline - clock.now()), () => cancel.cancel(late));
    try {
      return await follow(url, { site, cancel, room, most: Math.min(room.left, MOST_BYTES) });
    } catch (thrown) {
      if (ctx.cancel.reason !== undefined) throw ctx.cancel.reason;
      const why = thrown instanceof Refusal ? thrown.message : Fault.from(thrown).message;
      ctx.log.info('an image was not fetched', { why });
      return undefined;
    } finally {
      stop();
      derived.dispose();
    }
  };
}

interface Download {
  readonly site: DownloadOptions & { readonly reach: Reach; readonly resolve: Resolve };
  readonly cancel: Cancel;
  readonly room: ByteRoom;
  readonly most: number;
}

async function follow(from: string, download: Download): Promise<FetchedImage> {
  let url = URL.canParse(from) ? new URL(from) : undefined;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    if (url === undefined) throw new Refusal('an address that is none');
    const found: FetchedImage | URL = await ask(url, download);
    if (!(found instanceof URL)) return found;
    url = found;
  }
  throw new Refusal('too many redirects');
}

/** The image, or where it is said to be. */
async function ask(url: URL, { site, cancel, ...bounds }: Download): Promise<FetchedImage | URL> {
  const lookup = pinned(await addressesOf(url, site, cancel));
  const fetch = pooledFetch({ clock: site.clock, lookup, route: present({ authorities: site.authorities }) });
  try {
    const request = { method: 'GET', headers: HEADERS, cancel, connectTimeoutMs: CONNECT_MS } as const;
    const answer = await fetch(url.href, request);
    const next = redirectOf(answer, url);
    return next ?? (await read(answer, bounds));
  } finally {
    fetch.close();
  }
}

/** All addresses of the host, each of which is allowed. */
async function addressesOf(
  { protocol, hostname, username, password }: URL,
  { reach, resolve: lookUp }: Download['site'],
  cancel: Cancel,
): Promise<readonly LookupAddress[]> {
  if (protocol !== 'http:' && protocol !== 'https:') throw new Refusal(`the scheme ${protocol}`);
  if (username !== '' || password !== '') throw new Refusal('an address with credentials');
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!reach.mayName(host)) throw new Refusal(`the host ${host} is never asked`);
  const version = builtin('node:net').isIP(host);
  // Name resolution cannot be called off; it is left to itself.
  const all = version === 0 ? await orCancelled(lookUp(host), cancel) : [{ address: host, family: version }];
  const texts = all.map(({ address }) => address);
  if (!reach.mayConnect(host, texts)) throw new Refusal(`the host ${host} is at ${texts.join(', ')}`);
  return all;
}

/** Name resolution that knows one answer. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function redirectOf({ status, headers }: FetchResponse, from: URL): URL | undefined {
  if (status === 200) return undefined;
  const location = headers.get('location') ?? '';
  const isRedirect = [301, 302, 303, 307, 308].includes(status);
  if (isRedirect && URL.canParse(location, from.href)) return new URL(location, from.href);
  throw new Refusal(`HTTP ${status}`);
}

async function read(
  { headers, body }: FetchResponse,
  { room, most }: Pick<Download, 'room' | 'most'>,
): Promise<FetchedImage> {
  if (!/^(?:identity)?$/i.test(headers.get('content-encoding') ?? '')) throw new Refusal('a compressed answer');
  if (Number(headers.get('content-length') ?? 0) > most) throw new Refusal('an image that is too large');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > most) throw new Refusal('an image that is too large');
    if (!room.take(chunk.length)) throw new Refusal('more than there is room for beside other calls');
    // What is none by its beginning is not read to its end.
    if (bytes >= IMAGE_HEAD_BYTES && bytes - chunk.length < IMAGE_HEAD_BYTES) typeOf(Buffer.concat(chunks));
  }
  const image = Buffer.concat(chunks);
  return { url: `data:${typeOf(image)};base64,${image.toString('base64')}` };
}

function typeOf(image: Buffer): string {
  const type = imageTypeOf(image);
  if (type === undefined) throw new Refusal('no PNG, JPEG, GIF or WebP image');
  return type;
}

function resolve(host: string): Promise<readonly LookupAddress[]> {
  return builtin('node:dns').promises.lookup(host, { all: true });
}
