// The seam to images on the web, for a caller who gave nothing but their address.

import type { CallContext } from '../../core/context.ts';

export interface FetchedImage {
  /** A data URL of the type that its bytes tell. */
  readonly url: string;
}

/** What bounds what is read from a place that a caller chose. */
export interface ByteRoom {
  /** Bytes that are left for it. */
  readonly left: number;
  /** Told how many bytes are read, or about to be. False: they are too many beside what others read. */
  readonly take: (bytes: number) => boolean;
}

/**
 * Fetches the image at an http or https URL, for which there is so much room. Undefined whatever stands in the way (an address
 * that is not allowed, no server, no image): the caller chose the address, and is to learn nothing about the network
 * we stand in. Rejects with the cancel's reason.
 */
export type FetchImage = (url: string, room: ByteRoom, ctx: FetchImageContext) => Promise<FetchedImage | undefined>;

export type FetchImageContext = Pick<CallContext, 'cancel' | 'deadline' | 'log'>;
