// `anymodel://jobs/{id}`: a call that outlives its request, for whoever made it: where it is, and what came of it.

import { isObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Outcome } from '../../jobs/job.ts';
import type { Variables } from '../resource.ts';
import type { ToolContext } from '../tool.ts';
import { timestamp } from './document.ts';
import type { ResourceSources } from './sources.ts';

export function jobDocument(
  { jobs }: ResourceSources,
  { id = '' }: Variables,
  { client = '' }: ToolContext,
): JsonObject | undefined {
  const job = jobs.find(id, client);
  if (job === undefined) return undefined;
  return {
    id: job.id,
    state: job.state,
    created_at: timestamp(job.createdAt),
    updated_at: timestamp(job.updatedAt),
    ttl_ms: job.ttlMs,
    ...(job.outcome === undefined ? {} : outcomeOf(job.outcome)),
  };
}

function outcomeOf(outcome: Outcome): JsonObject {
  if ('fault' in outcome) return { error: { code: outcome.fault.kind, message: outcome.fault.message } };
  const { result } = outcome;
  const texts = textsOf(isObject(result) ? result['content'] : undefined);
  const isError = isObject(result) && result['isError'] === true;
  return isError ? { is_error: true, text: texts } : { text: texts };
}

/** The text of a result; its other contents are had from the result itself. */
function textsOf(content: unknown): JsonValue {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
  return blocks
    .flatMap((block) => (isObject(block) && block['type'] === 'text' ? [String(block['text'])] : []))
    .join('\n\n');
}
