// What is left of a client's limits, as answers tell it in their headers.

/** One limit. */
export interface Remainder {
  readonly limit: number;
  /** Never below 0. */
  readonly left: number;
  /** Until all of it is there again. */
  readonly resetMs: number;
}

/** Absent: there is no such limit. */
export interface Remainders {
  /** Of a minute. */
  readonly requests?: Remainder;
  /** Of a day. */
  readonly tokens?: Remainder;
  /** Of a day, in US dollars. */
  readonly usd?: Remainder;
}
