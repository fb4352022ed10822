// `anymodel://jobs/{id}`: a call that outlives its request, for whoever made it: where it is, the text as far as there is
// any, and what came of it.

import { isObject, present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Job } from '../../jobs/job.ts';
import { readWhole } from '../../jobs/reading.ts';
import { stringOf } from '../../providers/openai-form/read.ts';
import type { Variables } from '../resource.ts';
import type { ToolContext } from '../tool.ts';
import { timestamp } from './document.ts';

export function jobDocument({ id = '' }: Variables, { jobs }: ToolContext): JsonObject | undefined {
  const job = jobs?.find(id);
  if (job === undefined) return undefined;
  const { text, omitted } = readWhole(job);
  return {
    id: job.id,
    state: job.verdict,
    created_at: timestamp(job.createdAt),
    updated_at: timestamp(job.updatedAt),
    ttl_ms: job.ttlMs,
    ...(text === '' ? {} : { text }),
    ...(omitted === 0 ? {} : { omitted_characters: omitted }),
    ...imagesOf(job),
    ...saidBesides(job),
  };
}

/** A document is text: what there is to see is described. */
function imagesOf({ ending: { images = [] } }: Job): JsonObject {
  if (images.length === 0) return {};
  const described = images.map((image): JsonObject =>
    image.type === 'image'
      ? { type: 'image', mime_type: image.mimeType, bytes: Buffer.byteLength(image.data, 'base64') }
      : { type: 'image', url: image.uri },
  );
  return { images: described };
}

/** Why there is no answer; of one that is there, what it says besides its text. */
function saidBesides({ outcome, ending: { blocks, meta, isError } }: Job): JsonObject {
  if (outcome === undefined) return {};
  if ('fault' in outcome) return { error: { code: outcome.fault.kind, message: outcome.fault.message } };
  if (!isError) return blocks.length === 0 ? {} : { notes: [...blocks] };
  const { 'anymodel/error': error } = meta;
  return { error: present({ code: isObject(error) ? stringOf(error['code']) : undefined, message: blocks[0] }) };
}
