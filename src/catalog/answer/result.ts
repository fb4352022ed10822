// Results as clients show them (product sheet, section 4): a plain answer is text and nothing else, so that no client
// hides it behind metadata; a structured one comes with the same JSON as text; the account of the call is in `_meta`.
// Follows MCP server/tools; which form suits which client: MCP sheet, section 7, "Schemas".

import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Served } from '../../providers/chat.ts';
import type { ContentBlock, ToolResult } from '../tool.ts';
import type { Reply } from './ask.ts';
import { brief } from '../../providers/answer/brief.ts';
import { replayed, toolCallObjects, usageObject } from '../../providers/answer/openai-shape.ts';

/** The answer as text, its tool calls as one block of JSON, and what is missing said last. */
export function plainResult(reply: Reply): ToolResult {
  return { content: [...answerBlocks(reply), ...notes(reply)], meta: asMeta(answerFacts(reply)) };
}

/** The plain answer first, as without detail; then `structured`, as structured content and as text. */
export function detailedResult(structured: JsonObject, reply: Reply, isKnown: boolean): ToolResult {
  const result = structuredResult(structured, reply, isKnown);
  return { ...result, content: [...answerBlocks(reply), ...result.content] };
}

function answerBlocks(reply: Reply): ContentBlock[] {
  const { text, toolCalls } = reply;
  const blocks: ContentBlock[] = [];
  if (text !== '' || toolCalls.length === 0) blocks.push({ type: 'text', text });
  if (toolCalls.length > 0) blocks.push(json({ tool_calls: toolCallObjects(toolCalls), ...replayed(reply) }));
  return blocks;
}

/** The answer as `structured`, with the same JSON as text for those who do not read it. */
export function structuredResult(structured: JsonObject, reply: Reply, isKnown: boolean): ToolResult {
  return {
    content: [json(structured), ...notes(reply)],
    ...(isKnown ? { structuredContent: structured } : {}),
    meta: asMeta(answerFacts(reply)),
  };
}

export function json(value: JsonValue): ContentBlock {
  return { type: 'text', text: JSON.stringify(value) };
}

function notes(reply: Reply): ContentBlock[] {
  const text = remark(reply);
  return text === '' ? [] : [{ type: 'text', text }];
}

/** What a reader must know of an answer that is not whole; empty when it is. */
export function remark({ finishReason, omitted, text }: Reply): string {
  const sentences: string[] = [];
  if (omitted > 0) {
    sentences.push(
      `The answer is longer than one result may be: ${text.length} characters are above, ${omitted} more are left out. ` +
        'Ask for it in parts, or raise MAX_OUTPUT_CHARS on the server.',
    );
  }
  if (finishReason === 'length') {
    sentences.push(
      'The answer stops at its token limit (finish_reason "length"). Raise max_tokens, or ask for the rest.',
    );
  }
  return sentences.length === 0 ? '' : `[${sentences.join(' ')}]`;
}

/** What there is to know of an answer beside its text. */
export function answerFacts({ served, model, finishReason, usage, reasoning }: Reply): JsonObject {
  const facts = callFacts(served, model);
  facts['finish_reason'] = finishReason;
  if (usage !== undefined) facts['usage'] = usageObject(usage);
  if (usage?.costUsd !== undefined) facts['cost_usd'] = usage.costUsd;
  if (reasoning !== '') facts['reasoning'] = reasoning;
  return facts;
}

/** How the call came about, for `_meta`; `model` is the one that served it, empty where none did. */
export function callMeta(served: Served, model: string): JsonObject {
  return asMeta(callFacts(served, model));
}

function callFacts({ provider, attempts, changed, cached, shared }: Served, model: string): JsonObject {
  const facts: JsonObject = {};
  if (model !== '') facts['model'] = brief(model);
  if (provider !== '') facts['provider'] = provider;
  facts['attempts'] = attempts.map((attempt) => ({ ...attempt }));
  if (changed.length > 0) facts['changed'] = [...changed];
  if (cached === true) facts['cached'] = true;
  if (shared === true) facts['shared'] = true;
  return facts;
}

function asMeta(facts: JsonObject): JsonObject {
  const meta: JsonObject = {};
  for (const name of Object.keys(facts)) meta[`anymodel/${name}`] = facts[name] ?? null;
  return meta;
}
