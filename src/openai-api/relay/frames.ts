// What an answer looks like as it comes, for one endpoint: events in, the text of server-sent events out. Pure. The
// frames say nothing before there is something of the answer to say, so that until then it may still come from elsewhere.

import type { ChatEvent } from '../../providers/chat.ts';

export interface Frames {
  /** What is to be written for these events; empty: nothing yet. `restart` is not for frames. */
  take(events: readonly ChatEvent[]): string;
  /** The answer begins anew; nothing of it was written. */
  reset(): void;
  /** The answer is whole: what is left to be written. */
  end(): string;
}

/** What is known of an answer before the upstream says more. */
export interface FrameOptions {
  /** In place of an id that the upstream does not give. */
  readonly id: string;
  /** Unix seconds, likewise. */
  readonly created: number;
  /** The model that serves it, as it is known when asked. */
  readonly model: () => string;
  readonly includeUsage: boolean;
}

export const DONE = 'data: [DONE]\n\n';

export function dataFrame(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
