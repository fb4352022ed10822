// A resource of ours as it is read: one document of JSON.

import type { JsonObject } from '../../core/json.ts';
import type { ResourceContents } from '../resource.ts';

export const JSON_TYPE = 'application/json';

export function documentOf(uri: string, value: JsonObject): readonly ResourceContents[] {
  return [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(value) }];
}

/** The time of day as resources tell it, from milliseconds since 1970. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
