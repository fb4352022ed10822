// Chance, as a value that is handed down; pure rooms take the numbers, not the source.

export interface Random {
  /** Uniform in [0, 1). */
  draw(): number;
  /** An unguessable identifier, RFC 9562 version 4. */
  id(): string;
}

export const systemRandom: Random = {
  draw: () => Math.random(),
  id: () => globalThis.crypto.randomUUID(),
};
