// Results as clients show them (product sheet, section 4): a plain answer is text and nothing else, so that no client
// hides it behind metadata; a structured one comes with the same JSON as text; the account of the call is in `_meta`.
// Follows MCP server/tools; which form suits which client: MCP sheet, section 7, "Schemas".

import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Served } from '../../providers/chat.ts';
import type { ContentBlock, ToolResult } from '../tool.ts';
import type { Reply } from './ask.ts';
import { toolCallObjects, usageObject } from './openai-shape.ts';

/** The answer as text, its tool calls as one block of JSON, and what is missing said last. */
export function plainResult(reply: Reply): ToolResult {
  return { content: [...answerBlocks(reply), ...notes(reply)], meta: answerMeta(reply) };
}

/** The plain answer first, as without detail; then `structured`, as structured content and as text. */
export function detailedResult(structured: JsonObject, reply: Reply, isKnown: boolean): ToolResult {
  const result = structuredResult(structured, reply, isKnown);
  return { ...result, content: [...answerBlocks(reply), ...result.content] };
}

function answerBlocks({ text, toolCalls }: Reply): ContentBlock[] {
  const blocks: ContentBlock[] = [];
  if (text !== '' || toolCalls.length === 0) blocks.push({ type: 'text', text });
  if (toolCalls.length > 0) blocks.push(json({ tool_calls: toolCallObjects(toolCalls) }));
  return blocks;
}

/** The answer as `structured`, with the same JSON as text for those who do not read it. */
export function structuredResult(structured: JsonObject, reply: Reply, isKnown: boolean): ToolResult {
  return {
    content: [json(structured), ...notes(reply)],
    ...(isKnown ? { structuredContent: structured } : {}),
    meta: answerMeta(reply),
  };
}

export function json(value: JsonValue): ContentBlock {
  return { type: 'text', text: JSON.stringify(value) };
}

/** What a reader must know of an answer that is not whole: one block, or none. */
function notes({ finishReason, omitted, text }: Reply): ContentBlock[] {
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
  return sentences.length === 0 ? [] : [{ type: 'text', text: `[${sentences.join(' ')}]` }];
}

function answerMeta({ served, model, finishReason, usage, reasoning }: Reply): JsonObject {
  const meta = callMeta(served, model);
  meta['anymodel/finish_reason'] = finishReason;
  if (usage !== undefined) meta['anymodel/usage'] = usageObject(usage);
  if (reasoning !== '') meta['anymodel/reasoning'] = reasoning;
  return meta;
}

/** How the call came about, for `_meta`; `model` is the one that served it, empty where none did. */
export function callMeta({ provider, attempts, changed }: Served, model: string): JsonObject {
  const meta: JsonObject = {};
  if (model !== '') meta['anymodel/model'] = model;
  if (provider !== '') meta['anymodel/provider'] = provider;
  meta['anymodel/attempts'] = attempts.map((attempt) => ({ ...attempt }));
  if (changed.length > 0) meta['anymodel/changed'] = [...changed];
  return meta;
}
