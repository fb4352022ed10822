// Results as clients show them (product sheet, section 4): a plain answer is text and nothing else, so that no client
// hides it behind metadata; a structured one comes with the same JSON as text; the account of the call is in `_meta`.
// Follows MCP server/tools; which form suits which client: MCP sheet, section 7, "Schemas".

import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Served } from '../../providers/chat.ts';
import type { ContentBlock, ToolContext, ToolResult } from '../tool.ts';
import type { Reply } from './ask.ts';
import { imageBlocks, missingImages } from './images.ts';
import { brief } from '../../providers/answer/brief.ts';
import { jobFacts, nextCall } from './job-facts.ts';
import type { Cut } from './room.ts';
import { replayed, toolCallObjects, usageObject } from '../../providers/answer/openai-shape.ts';

/** The answer as text, its tool calls as one block of JSON, and what is missing said last. */
export function plainResult(reply: Reply): ToolResult {
  const content = answerBlocks(reply);
  content.push(...imageBlocks(reply.images), ...notes(reply));
  return { content, tail: () => tailOf(reply), meta: metaOf(reply) };
}

/** The plain answer first, as without detail; then `structured`, as structured content and as text. */
export function detailedResult(structured: JsonObject, reply: Reply, isKnown: boolean): ToolResult {
  const result = structuredResult(structured, reply, isKnown);
  return { ...result, content: [...answerBlocks(reply), ...result.content] };
}

/** What is said besides the text, to those who read that from a job: to its end, so that nothing of it is missing. */
function tailOf(reply: Reply): readonly string[] {
  const { omitted: _, rest, ...whole } = reply;
  const calls = toolCallBlocks(reply).map(({ text }) => text);
  const note = remark({ ...whole, omitted: rest === undefined ? reply.omitted : 0 });
  return note === '' ? calls : [...calls, note];
}

function metaOf(reply: Reply): JsonObject {
  const meta = asMeta(answerFacts(reply));
  return reply.rest === undefined ? meta : { ...meta, ...restMeta(reply.rest) };
}

/** Where the rest of a text is to be read, for `_meta`. */
export function restMeta(rest: Cut['rest']): JsonObject {
  if (rest === undefined) return {};
  const { job, offset, total } = rest;
  return { 'anymodel/job': jobFacts({ id: job, state: 'completed', offset: 0, next: offset, total }) };
}

function answerBlocks(reply: Reply): ContentBlock[] {
  const { text, toolCalls, images } = reply;
  const blocks: ContentBlock[] = [];
  if (text !== '' || (toolCalls.length === 0 && images === undefined)) blocks.push({ type: 'text', text });
  blocks.push(...toolCallBlocks(reply));
  return blocks;
}

function toolCallBlocks(reply: Reply): { readonly type: 'text'; readonly text: string }[] {
  const { toolCalls } = reply;
  return toolCalls.length === 0 ? [] : [json({ tool_calls: toolCallObjects(toolCalls), ...replayed(reply) })];
}

/** The answer as `structured`, with the same JSON as text for those who do not read it. */
export function structuredResult(structured: JsonObject, reply: Reply, isKnown: boolean): ToolResult {
  return {
    content: [json(structured), ...imageBlocks(reply.images), ...notes(reply)],
    ...(isKnown ? { structuredContent: structured } : {}),
    tail: () => tailOf(reply),
    meta: metaOf(reply),
  };
}

/** How often a result says what is in its JSON: as text, and as structured content where the caller knows that. */
export function copiesOfJson({ structured }: Pick<ToolContext, 'structured'>): number {
  return structured ? 2 : 1;
}

export function json(value: JsonValue): { readonly type: 'text'; readonly text: string } {
  return { type: 'text', text: JSON.stringify(value) };
}

function notes(reply: Reply): ContentBlock[] {
  return notesOf(remark(reply));
}

export function notesOf(text: string): ContentBlock[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

/** What a reader must know of an answer that is not whole; empty when it is. */
export function remark(reply: Reply): string {
  const sentences = cutSentences(reply);
  if (reply.images !== undefined) sentences.push(...missingImages(reply.images));
  if (reply.finishReason === 'length') {
    sentences.push(
      'The answer stops at its token limit (finish_reason "length"). Raise max_tokens, or ask for the rest.',
    );
  }
  return bracketed(sentences);
}

/** What a reader must know of a text that there was no room for. */
export function cutNote(cut: Cut): string {
  return bracketed(cutSentences(cut));
}

function bracketed(sentences: readonly string[]): string {
  return sentences.length === 0 ? '' : `[${sentences.join(' ')}]`;
}

function cutSentences({ text, omitted, rest }: Cut): string[] {
  const longer = 'The answer is longer than one result may be:';
  if (rest !== undefined) {
    const { job, offset, total } = rest;
    const kept = omitted - (total - offset);
    const closed = text.length > offset ? ' The code block that goes on there was closed.' : '';
    const lost = kept > 0 ? ` ${kept} more were not kept.` : '';
    return [
      `${longer} ${offset} of ${total} characters are above.${closed}${lost} Read on with the job tool: ${nextCall(job, 'get', offset)}.`,
    ];
  }
  if (omitted === 0) return [];
  return [
    `${longer} ${text.length} characters are above, ${omitted} more are left out. ` +
      'Ask for it in parts, or raise MAX_OUTPUT_CHARS on the server.',
  ];
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
