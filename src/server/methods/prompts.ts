// prompts/*: what is listed, and the messages a prompt stands for. Knows no prompt by name.
// Follows MCP server/prompts; protocol/MCP.md section 5.4.

import type { Prompt } from '../../catalog/prompt.ts';
import { Fault } from '../../core/fault.ts';
import type { RawJson } from '../../core/json.ts';
import { quoted } from '../../protocol/errors.ts';
import type { GetPromptParams, ListParams } from '../../protocol/params.ts';
import { contentOf, listedItem } from '../../protocol/shape.ts';
import type { Body, ItemFields } from '../../protocol/shape.ts';
import type { Revision } from '../../protocol/revisions.ts';
import { orAsk } from '../call/ask.ts';
import { inCall } from '../call/call.ts';
import type { McpContext } from '../context.ts';
import { listOf, pageFor } from './resources.ts';

export function listPrompts({ cursor }: ListParams, ctx: McpContext): RawJson {
  const { revision } = ctx.peer;
  const list = listOf('prompts', ctx.site.catalog().prompts, fieldsOf);
  return ctx.site.pages.page({ ...list, listed }, revision, pageFor(cursor, ctx));
}

/** Arguments have titles too. */
function listed(prompt: Prompt, revision: Revision): Body {
  const { arguments: args, ...fields } = fieldsOf(prompt);
  return { ...listedItem(fields, revision), arguments: args.map((one) => listedItem(one, revision)) };
}

function fieldsOf({
  name,
  title,
  description,
  arguments: args,
}: Prompt): ItemFields & { readonly arguments: ItemFields[] } {
  return { name, ...(title === undefined ? {} : { title }), description, arguments: args.map((one) => ({ ...one })) };
}

export function getPrompt({ name, arguments: args, answers }: GetPromptParams, ctx: McpContext): Promise<Body> {
  const prompt = promptNamed(name, ctx);
  for (const { name: needed, required } of prompt.arguments) {
    if (required === true && args[needed] === undefined) throw invalid(`the argument ${quoted(needed)} is missing`);
  }
  for (const given of Object.keys(args)) {
    const isKnown = prompt.arguments.some((one) => one.name === given);
    if (!isKnown) throw invalid(`the prompt has no argument ${quoted(given)}`);
  }
  return inCall(ctx, { method: 'prompts/get', prompt: name }, (call) =>
    orAsk(ctx, { of: name, args, answers }, async (asking) => {
      const { description, messages } = await prompt.get(args, { ...call, asking });
      const { revision } = ctx.peer;
      const shaped = messages.map(({ role, content }) => ({ role, content: contentOf(content, revision) }));
      return { description: description ?? prompt.description, messages: shaped };
    }),
  );
}

export function promptNamed(name: string, { site }: McpContext): Prompt {
  const prompt = site.catalog().prompts.find((one) => one.name === name);
  if (prompt === undefined) throw new Fault('invalid-params', `Unknown prompt: ${quoted(name)}.`);
  return prompt;
}

function invalid(rule: string): Fault {
  return new Fault('invalid-params', `Invalid params: ${rule}.`);
}
