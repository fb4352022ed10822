// How long an upstream asks us to wait: `retry-after-ms`, then `retry-after` (RFC 9110 10.2.3, fractions
// allowed), then, on a rate limit only, the resets of the exhausted limits. Pure: the wall clock comes in.
// Values that are not in the future are no answer; the caller's own back-off then decides.

interface Headers {
  get(name: string): string | null;
}

export function retryAfterMs(status: number, headers: Headers, wallMs: number): number | undefined {
  const stated =
    positive(decimal(headers.get('retry-after-ms') ?? '')) ?? parseRetryAfter(headers.get('retry-after'), wallMs);
  if (stated !== undefined || status !== 429) return stated;
  return limitResetMs(headers, wallMs);
}

function parseRetryAfter(value: string | null, wallMs: number): number | undefined {
  if (value === null) return undefined;
  return /^[\d.+-]/.test(value.trim()) ? positive(decimal(value) * 1000) : positive(Date.parse(value) - wallMs);
}

/** Of digits and a point; no hexadecimal, no powers of ten, as `Number` would take. */
function decimal(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Headers that say when a limit comes back, and what is left of it: OpenAI's and OpenRouter's, then Anthropic's. */
const LIMITS: readonly (readonly [reset: string, remaining: string])[] = [
  ...['-requests', '-tokens', ''].map((of) => [`x-ratelimit-reset${of}`, `x-ratelimit-remaining${of}`] as const),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
    (of) => [`anthropic-ratelimit-${of}-reset`, `anthropic-ratelimit-${of}-remaining`] as const,
  ),
];

/** The wait until the limits that are used up come back; where none says so, until the first one does. */
function limitResetMs(headers: Headers, wallMs: number): number | undefined {
  const resets: number[] = [];
  const exhausted: number[] = [];
  for (const [reset, remaining] of LIMITS) {
    const ms = parseReset(headers.get(reset), wallMs);
    if (ms === undefined) continue;
    resets.push(ms);
    if (Number(headers.get(remaining) ?? 'unknown') <= 0) exhausted.push(ms);
  }
  if (exhausted.length > 0) return Math.max(...exhausted);
  return resets.length > 0 ? Math.min(...resets) : undefined;
}

/** Plain numbers from here on are instants, not durations: in seconds, or from the second bound in milliseconds. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

/**
 * Milliseconds until a limit is reset, in any of the forms upstreams use: a Go duration (`6m0s`, `12ms`),
 * seconds, epoch seconds, epoch milliseconds, or an RFC 3339 instant.
 */
export function parseReset(value: string | null, wallMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const n = Number(text);
    if (n >= EPOCH_MS) return positive(n - wallMs);
    return positive(n >= EPOCH_SECONDS ? n * 1000 - wallMs : n * 1000);
  }
  return positive(goDurationMs(text) ?? Date.parse(text) - wallMs);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

function goDurationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g))
    sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return sum;
}

function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
