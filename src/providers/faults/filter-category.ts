// What a content filter objected to, in the upstream's own words, out of every shape in use: Azure's results by
// category, OpenRouter's list of reasons, Anthropic's one category (WIRE.md 3.1 and 5.1). Pure.

import { objectAt, stringAt } from '../dialects/fields.ts';
import type { Fields } from '../dialects/fields.ts';
import { filteredCategory } from '../dialects/openai/filter-category.ts';

/** The category an error object names, several joined with commas; undefined when it names none. */
export function categoryOf(error: Fields): string | undefined {
  const inner = objectAt(error, 'innererror') ?? objectAt(error, 'inner_error');
  const reasons = objectAt(error, 'metadata')?.['reasons'];
  return (
    filteredCategory((inner ?? error)['content_filter_result']) ??
    joined(Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : []) ??
    stringAt(objectAt(error, 'stop_details') ?? {}, 'category')
  );
}

function joined(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(', ');
}
