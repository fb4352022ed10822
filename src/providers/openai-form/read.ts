// Typed views of JSON members that a schema has already checked: the value, or `undefined` when it is absent
// or of another type.

import type { JsonObject, JsonValue } from '../../core/json.ts';

type Member = JsonValue | undefined;

export function stringOf(value: Member): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: Member): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function listOf(value: Member): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function stringsOf(value: Member): readonly string[] | undefined {
  return listOf(value)?.filter((one) => typeof one === 'string');
}

export function objectOf(value: Member): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
