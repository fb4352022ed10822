// What an answer costs, from its token counts and the configured prices. Pure. A provider's own figure, where it
// states one, is the caller's to prefer.

/** US dollars for a million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** Absent: cached input costs what other input does. */
  readonly cachedInputPerMillion?: number;
}

export interface TokenCounts {
  /** All input, cached included. */
  readonly inputTokens?: number;
  readonly cachedTokens?: number;
  readonly outputTokens?: number;
}

/** The price of a model: what is said of it at this provider, else of its bare name; undefined when nobody said. */
export function priceOf(prices: Readonly<Record<string, Price>>, provider: string, model: string): Price | undefined {
  for (const name of [`${provider}/${model}`, model]) if (Object.hasOwn(prices, name)) return prices[name];
  return undefined;
}

/** US dollars; undefined when no count is known, because nothing is not the price of the unknown. */
export function costUsd(
  { inputTokens, cachedTokens = 0, outputTokens }: TokenCounts,
  price: Price,
): number | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const { inputPerMillion, outputPerMillion, cachedInputPerMillion = inputPerMillion } = price;
  const input = inputTokens ?? 0;
  const cached = Math.min(cachedTokens, input);
  return (
    ((input - cached) * inputPerMillion + cached * cachedInputPerMillion + (outputTokens ?? 0) * outputPerMillion) / 1e6
  );
}
