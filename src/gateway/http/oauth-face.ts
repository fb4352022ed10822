// What OAuth clients look for under `/.well-known` before they have anything to show: where tokens are taken, whom to ask
// for one; else a plain "not there". Served to everybody. Follows RFC 9728; MCP.md 4.6.

import type { Authenticator } from '../../access/authenticator.ts';
import type { Face } from '../../transports/http/faces.ts';
import { REFUSAL_HEADERS, refusalBody } from '../../transports/http/refusal.ts';

export function oauthFace({ wellKnown }: Pick<Authenticator, 'wellKnown'>): Face {
  return {
    path: '/.well-known',
    isTree: true,
    methods: ['GET', 'HEAD'],
    isOpen: true,
    serve(exchange) {
      const found = wellKnown(exchange.path, (name) => exchange.header(name));
      if (found !== undefined) exchange.reply(found.status, found.headers, found.body);
      else exchange.reply(404, REFUSAL_HEADERS, refusalBody(NO_PATH));
    },
  };
}

const NO_PATH = { status: 404, type: 'not_found', message: 'There is nothing at this path.' };
