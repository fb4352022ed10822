// What the OpenAI-compatible API is built over, out of the graph in force: a call keeps the models it began with, and
// the next one asks those of the configuration that was read meanwhile.

import type { Budget } from '../../access/budget.ts';
import type { ClientGate } from '../../access/client-limits.ts';
import type { Remainders } from '../../access/remainders.ts';
import type { Clock } from '../../core/clock.ts';
import { present } from '../../core/json.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import type { Secrets } from '../../core/secrets.ts';
import { soonAfter } from '../../core/store.ts';
import type { Soon } from '../../core/store.ts';
import { openAiApi } from '../../openai-api/api.ts';
import { openAiRefusal } from '../../openai-api/errors.ts';
import type { OpenAiSite } from '../../openai-api/site.ts';
import type { ModelInfo, Models } from '../../providers/chat.ts';
import type { Face } from '../../transports/http/faces.ts';

/** What of a graph the API asks for. */
export interface OpenAiGraph {
  readonly models: Models;
  nameOf(model: ModelInfo): string;
  readonly gate: Pick<ClientGate, 'enter' | 'left'>;
  readonly budget: Pick<Budget, 'left'>;
  readonly totalMs: number;
}

export interface OpenAiParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly log: Log;
}

export interface OpenAiOptions {
  /** The one in force. */
  readonly graph: () => OpenAiGraph;
  readonly maxBodyBytes: number;
}

/** Every path under `/v1`, and what the carrier refuses there in the form that its clients read. */
export function openAiFaces(parts: OpenAiParts, options: OpenAiOptions): readonly Face[] {
  const serve = openAiApi(siteOf(parts, options));
  const face: Face = { path: '/v1', isTree: true, methods: ['GET', 'POST'], serve, refusal: openAiRefusal };
  // The official client encodes the slash of provider/model.
  return [face, { ...face, path: '/v1/models', hasNames: true }];
}

function siteOf({ clock, random, secrets, log }: OpenAiParts, { graph, maxBodyBytes }: OpenAiOptions): OpenAiSite {
  // Made when first asked for: a server on stdio has no use for it.
  let instance: string | undefined;
  return {
    models: () => graph().models,
    nameOf: (model) => graph().nameOf(model),
    enter: (client) => graph().gate.enter(client),
    left: (client) => leftIn(graph(), client),
    clock,
    random,
    log,
    get totalMs() {
      return graph().totalMs;
    },
    maxBodyBytes,
    get instance() {
      return (instance ??= random.id());
    },
    scrub: (text) => secrets.scrub(text),
  };
}

function leftIn({ gate, budget }: OpenAiGraph, client: string): Soon<Remainders> {
  return soonAfter(gate.left(client), (requests) =>
    soonAfter(budget.left(client), (rest) => ({ ...present({ requests }), ...rest })),
  );
}
