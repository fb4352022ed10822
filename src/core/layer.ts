// Middleware, the same for requests coming in and calls going out: a function that wraps a function.

export type Layer<F> = (inner: F) => F;

/** Composes layers; the first one given is the outermost. */
export function stack<F>(...layers: readonly Layer<F>[]): Layer<F> {
  return (inner) => layers.reduceRight((wrapped, layer) => layer(wrapped), inner);
}
