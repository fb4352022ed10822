// How a request that comes round again is known: each instance adds itself to the header `anymodel-via` of what it asks
// upstream, and refuses what names it already. A base URL that leads to its own server would otherwise ask itself until
// every connection is taken.

/** More instances than anybody puts in a row. */
const MAX_HOPS = 8;

export type Passage = { readonly via: string } | { readonly problem: string };

/** `header`: the instances the request has passed, separated by commas. */
export function passage(header: string | undefined, instance: string): Passage {
  const passed = (header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (passed.includes(instance))
    return { problem: 'The request has come through this server before: a base URL (GATEWAY_URL?) leads back to it.' };
  if (passed.length >= MAX_HOPS) return { problem: `The request has come through ${passed.length} servers already.` };
  return { via: [...passed, instance].join(', ') };
}
