// The request of a health check. `/models` is what the provider's dialect sends for its list; any other endpoint is a
// path below the base URL, or a whole URL. Keys go to the provider's own address only.

import { openAiBase } from '../../providers/base-url.ts';
import type { Sending } from '../../providers/dialect.ts';
import type { Desk } from '../loop/desk.ts';

export function probeRequest(desk: Desk, endpoint: string, now: number): Sending {
  const { settings, memory, keys, upstream } = desk;
  const [key = ''] = keys.order('', now);
  const list = upstream.dialect.encode({ op: 'models' }, desk.endpointOf(key), memory.lessons.of('', now));
  if (endpoint === '/models') return list;
  const { root, query } = openAiBase(settings.baseUrl);
  const url = new URL(endpoint.replace(/^\//, ''), `${root}/`);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
  for (const [name, value] of Object.entries(settings.query)) url.searchParams.set(name, value);
  const isOwn = url.origin === new URL(root).origin;
  return { method: 'GET', url: url.href, headers: isOwn ? list.headers : {}, changed: [] };
}
