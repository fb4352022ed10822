// The product's own prompts: to ask another model, and to have it judge an answer. Their messages are for the client's
// model, which is told which of our tools to call; nothing is asked of a model when a prompt is got.
// Product sheet, section 5; MCP server/prompts.

import type { Prompt, PromptArgument, PromptResult } from '../prompt.ts';
import type { Complete } from '../resource.ts';

const MODEL: PromptArgument = {
  name: 'model',
  title: 'Model',
  description: 'The model to ask; default: the configured one.',
};

/** `tool` is the one that asks a model. */
export function builtInPrompts(tool: string, complete: Complete): readonly Prompt[] {
  return [
    {
      name: 'ask',
      title: 'Ask another model',
      description: 'Asks a model a question and shows its answer as it is.',
      arguments: [{ name: 'question', title: 'Question', description: 'What to ask.', required: true }, MODEL],
      get: ({ question = '', model = '' }) =>
        said(
          `${callOf(tool, model)} with the question below as its prompt, and show me the answer as it is, without changing it.`,
          part('question', question),
        ),
      complete,
    },
    {
      name: 'second_opinion',
      title: 'Second opinion',
      description: 'Has a model check an answer, and says what it finds.',
      arguments: [
        { name: 'answer', title: 'Answer', description: 'The answer to be checked.', required: true },
        { name: 'question', title: 'Question', description: 'What it is an answer to.' },
        MODEL,
      ],
      get: ({ answer = '', question = '', model = '' }) =>
        said(
          `${callOf(tool, model)} and have it check the answer below: what is wrong, what is missing, and what it would say ` +
            'instead. Then tell me where it agrees, where it does not, and which of the two is right.',
          question === '' ? '' : part('question', question),
          part('answer', answer),
        ),
      complete,
    },
  ];
}

function callOf(tool: string, model: string): string {
  const which = model === '' ? 'without naming a model' : `with model ${JSON.stringify(model)}`;
  return `Call the tool ${tool} ${which}`;
}

/** Marked off, so that what it says is not taken for what is to be done. */
function part(name: string, text: string): string {
  return `<${name}>\n${text}\n</${name}>`;
}

function said(...parts: readonly string[]): PromptResult {
  const text = parts.filter((one) => one !== '').join('\n\n');
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
