// Which paths there are, and who serves each: the table that every request is looked up in.

import type { Serve } from '../../wire/exchange.ts';
import type { Problem } from './refusal.ts';

export interface Face {
  /** Without a slash at its end. */
  readonly path: string;
  /** Every path below it is its own too. */
  readonly isTree?: boolean;
  /** In upper case; HEAD too where it is answered. OPTIONS is the carrier's. */
  readonly methods: readonly string[];
  readonly serve: Serve;
  /** Served to everybody: no key, and whatever the Host and the Origin are. */
  readonly isOpen?: boolean;
  /** The body of a refusal in the form of what is served here, as JSON; absent: the carrier's own form. */
  readonly refusal?: (problem: Problem) => string;
  /** The server is about to stop: ends what would not end by itself. */
  readonly drain?: () => void;
  /** Others may use the server from now on: ends what stays open for those who may no more. */
  readonly review?: (mayStay: MayStay) => void;
}

/** Whether a client, by the name of its key, may still use the server. */
export type MayStay = (client: string | undefined) => boolean;

export class FaceTable {
  readonly #exact: ReadonlyMap<string, Face>;
  readonly #trees: readonly Face[];
  readonly faces: readonly Face[];

  constructor(faces: readonly Face[]) {
    this.faces = faces;
    this.#exact = new Map(faces.map((face) => [face.path, face]));
    this.#trees = faces.filter(({ isTree }) => isTree);
  }

  /** The longest path that is the path asked for, or above it. */
  at(path: string): Face | undefined {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    let best: Face | undefined;
    for (const face of this.#trees) {
      if (path.startsWith(`${face.path}/`) && face.path.length >= (best?.path.length ?? 0)) best = face;
    }
    return best;
  }
}
