// What a request asks of a model beyond words, and what is known against a target: only what somebody said it cannot do.
// What nobody said anything about is let through, because most servers say little. Pure.

import type { ChatMessage } from '../../providers/chat.ts';
import type { ModelAsk } from '../../providers/dialect.ts';
import type { Desk } from '../loop/desk.ts';
import { tokenEstimate } from '../limits/token-estimate.ts';

export interface Need {
  readonly op?: ModelAsk['op'];
  readonly images?: boolean;
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  /** Of the input, estimated. */
  readonly tokens?: number;
}

/** What is known of a model at a provider; a member is absent when nobody said. */
export interface Abilities {
  readonly vision?: boolean;
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly embeddings?: boolean;
  readonly contextLength?: number;
}

const NAMES = ['vision', 'tools', 'reasoning', 'embeddings'] as const;

export function needOf(ask: ModelAsk): Need {
  const { inputTokens: tokens } = tokenEstimate(ask);
  if (ask.op !== 'chat') return { op: ask.op, tokens };
  const { messages, tools = [], reasoningEffort = 'none' } = ask.request;
  return {
    op: 'chat',
    images: messages.some(hasImage),
    tools: tools.length > 0,
    reasoning: reasoningEffort !== 'none',
    tokens,
  };
}

function hasImage({ content }: ChatMessage): boolean {
  return Array.isArray(content) && content.some(({ type }: { readonly type: string }) => type === 'image');
}

/** What is configured for the provider, and else what its list says of the model. */
export function abilitiesOf(desk: Desk, model: string): Abilities {
  const info = desk.infoOf(model);
  const known: { -readonly [name in keyof Abilities]: Abilities[name] } = {};
  for (const name of NAMES) {
    const said = desk.settings.capabilities[name] ?? info?.capabilities?.[name];
    if (typeof said === 'boolean') known[name] = said;
  }
  if (info?.contextLength !== undefined) known.contextLength = info.contextLength;
  return known;
}

/** Whether anything may be held against it: if not, nobody has to look at the request. */
export function isLimited(abilities: Abilities): boolean {
  return abilities.contextLength !== undefined || NAMES.some((name) => abilities[name] === false);
}

/** Why the target cannot serve it, as what follows "corp (gpt-4o)"; undefined when nothing speaks against it. */
export function lacking(abilities: Abilities, need: Need): string | undefined {
  const { vision, tools, reasoning, embeddings, contextLength = Infinity } = abilities;
  if (need.op === 'embed' && embeddings === false) return 'makes no embeddings';
  if (need.images === true && vision === false) return 'takes no images';
  if (need.tools === true && tools === false) return 'calls no tools';
  if (need.reasoning === true && reasoning === false) return 'does not reason';
  if ((need.tokens ?? 0) > contextLength)
    return `has room for ${contextLength} tokens, and this is about ${need.tokens}`;
  return undefined;
}
