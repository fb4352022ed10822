// Parts of the composition: the HTTP server together with who may use it, of one configuration after another.

import type { Catalog } from '../../catalog/tool.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import type { Secrets } from '../../core/secrets.ts';
import { openAccess } from './access.ts';
import type { Access } from './access.ts';
import type { Open } from '../conversations.ts';
import { serveHttp } from './http.ts';
import type { HttpOptions, HttpServing } from './http.ts';
import type { Face } from '../../transports/http/faces.ts';
import { LIMITS } from '../../transports/http/limits.ts';
import { mcpFaces } from './mcp-http.ts';
import { oauthFace } from './oauth-face.ts';
import { openAiFaces } from './openai-api.ts';
import type { OpenAiGraph } from './openai-api.ts';

export interface HttpSiteParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly health: HttpOptions['health'];
  /** What is served over MCP too, of the configuration in force. */
  readonly face: () => OpenAiGraph & { readonly catalog: Catalog };
  readonly open: Open;
}

export interface HttpSite {
  /**
   * Serves at the place the configuration says. Rejects with a Fault that says what to change when it cannot listen there,
   * or would stand open. `tell` shows a line to whoever started us, as it is: a key that was generated.
   */
  readonly serve: (tell: (line: string) => void) => Promise<HttpServing>;
  /** Keys and tokens are those of another configuration from the next request on. */
  readonly reload: (config: Config) => void;
  readonly close: () => void;
}

/** Of the largest size, at a time. */
const BODIES = 4;

/** Nothing is opened before `serve`. */
export function openHttp(start: Config, parts: HttpSiteParts): HttpSite {
  let config = start;
  let access: Access | undefined;
  let faces: readonly Face[] = [];
  return {
    async serve(tell) {
      const { listen, http, maxLineBytes } = config;
      const scheme = http.tls === undefined ? 'http' : 'https';
      access = openAccess(config, { ...parts, scheme, tell });
      const { authenticator } = access;
      const { authenticate } = authenticator;
      faces = [
        oauthFace(authenticator),
        ...mcpFaces({ ...parts, catalog: () => parts.face().catalog, maxBodyBytes: maxLineBytes }),
        ...openAiFaces(parts, { graph: parts.face, maxBodyBytes: maxLineBytes }),
      ];
      // However large one body may be, several find room.
      const limits = { ...LIMITS, bodiesBytes: Math.max(LIMITS.bodiesBytes, BODIES * maxLineBytes) };
      return serveHttp(faces, { ...parts, ...listen, ...http, authenticate, limits });
    },
    reload(next) {
      config = next;
      if (access === undefined) return;
      access.reload(next);
      for (const face of faces) face.review?.(access.authenticator.isKnown);
    },
    close: () => access?.close(),
  };
}
