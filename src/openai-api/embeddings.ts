// POST /v1/embeddings. Follows WIRE sheet, 3.4.

import type { ApiCall } from './call.ts';
import { readEmbedRequest } from './request/embedding-request.ts';

export async function embeddings(call: ApiCall): Promise<void> {
  const models = call.site.models();
  const { request, isPacked } = readEmbedRequest(await call.body());
  const { model, vectors, usage } = await models.embed(request, call.context(request.model));
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: isPacked ? packed(vector) : vector,
  }));
  const tokens = usage.inputTokens;
  const counts = tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } };
  call.reply({ object: 'list', data, model, ...counts });
}

/** Little-endian 32-bit floats in base64. */
function packed(vector: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes.toString('base64');
}
