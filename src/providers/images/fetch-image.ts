// The seam to images on the web, for a caller who gave nothing but their address.

import type { CallContext } from '../../core/context.ts';

export interface FetchedImage {
  /** A data URL of the type that its bytes tell. */
  readonly url: string;
  readonly bytes: number;
}

/**
 * Fetches the image at an http or https URL, of at most `room` bytes. Undefined whatever stands in the way (an address
 * that is not allowed, no server, no image): the caller chose the address, and is to learn nothing about the network
 * we stand in. Rejects with the cancel's reason.
 */
export type FetchImage = (url: string, room: number, ctx: FetchImageContext) => Promise<FetchedImage | undefined>;

export type FetchImageContext = Pick<CallContext, 'cancel' | 'deadline' | 'log'>;
