// A prompt of the configuration: messages in which `{{argument}}` stands for what the caller gives.

import { present } from '../../core/json.ts';
import type { Prompt, PromptArgument } from '../prompt.ts';
import type { Complete } from '../resource.ts';
import { filled } from './template.ts';

/** As the configuration has it; checked already. */
export interface PromptSettings {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
}

export function configuredPrompt(settings: PromptSettings, complete: Complete): Prompt {
  const { name, title, description, arguments: args, messages } = settings;
  return {
    name,
    ...present({ title }),
    description,
    arguments: args,
    get: (given) => ({
      messages: messages.map(({ role, text }) => ({ role, content: { type: 'text', text: filled(text, given) } })),
    }),
    complete,
  };
}
