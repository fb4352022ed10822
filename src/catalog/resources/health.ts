// `anymodel://health`: how the server and its providers are, as `/health` says it to those who may know.

import type { JsonObject } from '../../core/json.ts';
import type { ToolContext } from '../tool.ts';
import { timestamp } from './document.ts';
import { sight } from './sources.ts';
import type { ReloadFacts, ResourceSources } from './sources.ts';

export async function healthDocument(sources: ResourceSources, ctx: ToolContext): Promise<JsonObject> {
  const seen = await sight(sources, ctx);
  const { clock, version, startedAt } = sources;
  return {
    status: 'ok',
    version,
    uptime_s: Math.floor((clock.now() - startedAt) / 1000),
    configuration: configuration(sources.reloads(), seen === undefined),
    providers: sources
      .states()
      .filter(({ id }) => seen?.provider(id) ?? true)
      .map(({ id, well, open }) => ({
        id,
        well,
        open: open.filter((model) => seen?.model({ id: model, provider: id }) ?? true),
      })),
  };
}

/** Problems quote the file, which is not for everybody. */
function configuration({ loadedAt, failed, lastFault }: ReloadFacts, isTold: boolean): JsonObject {
  return {
    loaded_at: timestamp(loadedAt),
    reloads_failed: failed,
    ...(lastFault === undefined || !isTold ? {} : { problems: [...lastFault.problems] }),
  };
}
