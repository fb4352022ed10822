// Kept connections, apart by origin. Sites are few, as many as there are providers, and stay. All of a pool go by
// one route, so that an origin says how it is reached; providers with other settings have a pool of their own.

import type { Destination } from './way/destination.ts';
import { Site } from './site.ts';
import type { SiteOptions } from './site.ts';
import type { Way } from './way/way.ts';

export class Pool {
  readonly #options: SiteOptions;
  readonly #sites = new Map<string, Site>();

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  /** The connections to where this goes, by the way that was found to it. */
  siteOf({ secure, where }: Destination, way: Way): Site {
    const origin = (secure ? 'https ' : 'http ') + where;
    let site = this.#sites.get(origin);
    if (site === undefined) this.#sites.set(origin, (site = new Site(way, this.#options)));
    return site;
  }

  /** Ends all connections, those in use too. */
  close(): void {
    for (const site of this.#sites.values()) site.close();
  }
}
