// Which answers may be given again, and under which key: product sheet, section 8. The key is a hash of every member
// of the request, known and unknown, and of where it leads; the order members are written in does not count.

import { canonical } from '../../core/canonical.ts';
import { sha256Hex } from '../../core/digest.ts';
import type { ChatRequest } from '../../providers/chat.ts';

/** One place a model's name leads to. */
export interface CacheTarget {
  readonly provider: string;
  readonly model: string;
  /** A digest of what decides whose answer it is: address, headers, keys. Never these themselves. */
  readonly credentials: string;
}

/** Whether an equal request may be answered from, and wait for, the answer to this one. */
export function isCacheable({ cache, temperature, seed }: ChatRequest, enabled: boolean): boolean {
  if (cache !== undefined) return cache !== false;
  return enabled && (temperature === 0 || seed !== undefined);
}

/**
 * The name the caller used is not part of it: two names for the same targets are one question. `client` is whose
 * answers these are; everybody's where it is empty.
 */
export function cacheKey(request: ChatRequest, targets: readonly CacheTarget[], client: string): string {
  const { model: _model, cache: _cache, ...asked } = request;
  // Long texts are hashed where they are: in one text with the rest they would be copied first.
  return sha256Hex(canonical({ asked, targets, client }, sha256Hex));
}
