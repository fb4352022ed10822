// The prompts of the suite: with and without arguments, with a resource, with an image, and one that asks its client.

import type { Prompt, PromptMessage } from '../../../src/catalog/prompt.ts';
import type { ContentBlock } from '../../../src/catalog/tool.ts';
import { contentOf } from './asking-tools.ts';
import { ask, elicitation, IMAGE, shown, text } from './parts.ts';

const CONTEXT = elicitation('What context should the prompt use?', { context: { type: 'string' } }, ['context']);
const SUGGESTED = ['hello', 'help', 'world'];

const user = (content: ContentBlock): PromptMessage => ({ role: 'user', content });

export const PROMPTS: readonly Prompt[] = [
  {
    name: 'test_simple_prompt',
    title: 'A simple prompt',
    description: 'Takes nothing.',
    arguments: [],
    get: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }),
  },
  {
    name: 'test_prompt_with_arguments',
    description: 'Says its arguments again.',
    arguments: ['arg1', 'arg2'].map((name) => ({ name, description: `The argument ${name}`, required: true })),
    get: ({ arg1 = '', arg2 = '' }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
    complete: ({ value }) => SUGGESTED.filter((word) => word.startsWith(value)),
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'Brings a resource along.',
    arguments: [{ name: 'resourceUri', description: 'Which one', required: true }],
    get({ resourceUri: uri = '' }) {
      const resource = { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' };
      return {
        messages: [user({ type: 'resource', resource }), user(text('Please process the embedded resource above.'))],
      };
    },
  },
  {
    name: 'test_prompt_with_image',
    description: 'Brings an image along.',
    arguments: [],
    get: () => ({ messages: [user(IMAGE), user(text('Please analyze the image above.'))] }),
  },
  {
    name: 'test_input_required_result_prompt',
    description: 'Asks for its context.',
    arguments: [],
    async get(_, ctx) {
      const answers = await ask(ctx, { user_context: CONTEXT });
      return { messages: [user(text(`Use this context: ${shown(contentOf(answers['user_context'])['context'])}`))] };
    },
  },
];
