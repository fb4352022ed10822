// Kept connections, apart by origin. Sites are few, as many as there are providers, and stay.

import type { Destination } from './destination.ts';
import { Site } from './site.ts';
import type { SiteOptions } from './site.ts';

export class Pool {
  readonly #options: SiteOptions;
  readonly #sites = new Map<string, Site>();

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  /** The connections to where this goes. */
  siteOf(destination: Destination): Site {
    const origin = (destination.secure ? 'https ' : 'http ') + destination.where;
    let site = this.#sites.get(origin);
    if (site === undefined) this.#sites.set(origin, (site = new Site(destination, this.#options)));
    return site;
  }

  /** Ends all connections, those in use too. */
  close(): void {
    for (const site of this.#sites.values()) site.close();
  }
}
