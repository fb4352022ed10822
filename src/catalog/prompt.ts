// What a prompt is: a name, the arguments it takes, and a function that writes the messages. Arguments are strings,
// all of them.
// Follows MCP server/prompts.

import type { Soon } from '../core/store.ts';
import type { Complete } from './resource.ts';
import type { ContentBlock, ToolContext } from './tool.ts';

export interface PromptArgument {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly required?: boolean;
}

export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock;
}

export interface PromptResult {
  readonly description?: string;
  readonly messages: readonly PromptMessage[];
}

export interface Prompt {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** Required arguments are there, and every one is of those above. */
  get(args: Readonly<Record<string, string>>, ctx: ToolContext): Soon<PromptResult>;
  readonly complete?: Complete;
}
