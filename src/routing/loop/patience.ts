// What a target's address and name tell of how long it may take before its first token: servers that may have
// to load the model, and models that think before they speak, get more, unless a limit was set, which then
// holds everywhere. Product sheet, sections 3 and 8.

import { isLocalHost } from '../../providers/base-url.ts';
import type { Ask, ModelAsk } from '../../providers/dialect.ts';
import { thinksFirst } from '../../providers/model-names.ts';
import type { ProviderSettings } from '../targets/settings.ts';

const USUAL_MS = 30_000;
const LONG_MS = 300_000;

const LOCAL_TYPES: ReadonlySet<string> = new Set(['local', 'lmstudio', 'vllm', 'ollama']);

/** Milliseconds to the first token; Infinity where the answer comes in one piece and only the deadline counts. */
export function startLimitMs(provider: ProviderSettings, ask: Ask): number {
  if (ask.op === 'embed' || ('stream' in ask && !ask.stream)) return Infinity;
  const { firstTokenMs } = provider.timeout;
  if (firstTokenMs !== undefined) return firstTokenMs;
  // A list needs no model to be loaded.
  if (ask.op === 'models' || ask.op === 'describe') return USUAL_MS;
  return mayLoad(provider) || mayThink(ask) ? LONG_MS : USUAL_MS;
}

/** By its name, or because it is asked to: several think in silence, or say nothing but pings meanwhile. */
function mayThink(ask: ModelAsk): boolean {
  const effort = ask.op === 'chat' ? ask.request.reasoningEffort : undefined;
  return thinksFirst(ask.request.model) || (effort !== undefined && effort !== 'none');
}

function mayLoad(provider: ProviderSettings): boolean {
  return LOCAL_TYPES.has(provider.type) || (provider.type !== 'mock' && isLocalHost(provider.baseUrl));
}
