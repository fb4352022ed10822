// Asking the client: for a decision of its user, an answer of its model, or the folders it works in. Who asks does not
// know how the question travels: as a request of ours, or as a result that the client answers by calling again.
// Follows MCP 2025-11-25 client/*; 2026-07-28 basic/patterns (input required).

import type { JsonObject } from '../core/json.ts';

export type ClientMethod = 'elicitation/create' | 'sampling/createMessage' | 'roots/list';

export interface ClientRequest {
  readonly method: ClientMethod;
  readonly params: JsonObject;
}

export interface AskClient {
  /** Whether the client said that it can be asked this. */
  can(method: ClientMethod): boolean;
  /**
   * The client's results, each under the key of its question. Whoever asks must ask the same again when it is run
   * again: a client may answer by repeating its call, and what it answered before is then given at once. Throws
   * `missing-capability` or `INVALID_INPUT` where the client cannot be asked or refuses.
   */
  ask(requests: Readonly<Record<string, ClientRequest>>): Promise<Readonly<Record<string, JsonObject>>>;
}
