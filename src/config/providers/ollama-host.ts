// OLLAMA_HOST as people set it for Ollama itself: a host, a port, both, or a URL, quotes and all. It is read as
// Ollama's own client reads it, where the port is 11434 unless a scheme stands in front (then it is the scheme's),
// and an address to listen on means the same machine. Pure.

import { httpUrl } from '../settings/parse.ts';
import type { Parsed } from '../settings/parse.ts';

const PORT = 11434;

/** A server is told to listen on these; a client finds it here. */
const LISTENING: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

export function ollamaHost(text: string): Parsed<string> {
  const bare = text
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  const parsed = httpUrl(bare.includes('://') ? bare : withScheme(bare));
  if ('problem' in parsed) return parsed;
  const url = new URL(parsed.value);
  const host = LISTENING[url.hostname];
  if (host === undefined) return parsed;
  url.hostname = host;
  return { value: url.href.replace(/\/$/, '') };
}

function withScheme(text: string): string {
  if (/^ollama\.com(?:\/|$)/i.test(text)) return `https://${text}`;
  const [, authority = '', path = ''] = /^([^/]*)(.*)$/s.exec(text) ?? [];
  if (/^:\d+$/.test(authority)) return `http://127.0.0.1${text}`;
  // An IPv6 address without its brackets.
  const host = /^[\da-f]*:[\da-f:]*:[\da-f]*$/i.test(authority) ? `[${authority}]` : authority;
  return /[^:]:\d+$/.test(host) ? `http://${host}${path}` : `http://${host}:${PORT}${path}`;
}
