// Tools that ask their client: written once, and asked by a request where the revision has that, by a result where it has
// that.

import type { Tool } from '../../../src/catalog/tool.ts';
import { isObject } from '../../../src/core/json.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { ask, can, elicitation, ROOTS, said, sampling, shown, toolOf } from './parts.ts';

const NAME = elicitation('What is your name?', { name: { type: 'string' } }, ['name']);
const CONFIRM = elicitation('Please confirm', { ok: { type: 'boolean' } }, ['ok']);

const DEFAULTS = {
  name: { type: 'string', description: 'A name', default: 'John Doe' },
  age: { type: 'integer', description: 'An age', default: 30 },
  score: { type: 'number', description: 'A score', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const titled = (words: readonly string[]): JsonObject[] => words.map((title, i) => ({ const: `value${i + 1}`, title }));

const ENUMS = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled(['First Option', 'Second Option', 'Third Option']) },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: titled(['First Choice', 'Second Choice', 'Third Choice']) } },
};

export function askingTools(): readonly Tool[] {
  return [...modelTools(), ...userTools(), ...roundTools()];
}

function modelTools(): readonly Tool[] {
  return [
    toolOf(
      'test_sampling',
      async (args, ctx) => {
        const { answer } = await ask(ctx, { answer: sampling(shown(args['prompt'])) });
        return said(`LLM response: ${textOf(answer)}`);
      },
      { inputSchema: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] } },
    ),
    toolOf('test_input_required_result_sampling', async (_, ctx) => {
      const answers = await ask(ctx, { capital_question: sampling('What is the capital of France?') });
      return said(textOf(answers['capital_question']));
    }),
    toolOf('test_missing_capability', async (_, ctx) => {
      const { answer } = await ask(ctx, { answer: sampling('Are you there?') });
      return said(textOf(answer));
    }),
  ];
}

function userTools(): readonly Tool[] {
  const form = (name: string, properties: JsonObject): Tool =>
    toolOf(name, async (_, ctx) => {
      const { form: answer } = await ask(ctx, { form: elicitation('Please fill this in', properties) });
      return said(`Elicitation completed: ${accountOf(answer)}`);
    });
  return [
    toolOf(
      'test_elicitation',
      async ({ message }, ctx) => {
        const properties = { username: { type: 'string' }, email: { type: 'string' } };
        const { user } = await ask(ctx, { user: elicitation(shown(message), properties, ['username', 'email']) });
        return said(`User response: ${accountOf(user)}`);
      },
      { inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] } },
    ),
    form('test_elicitation_sep1034_defaults', DEFAULTS),
    form('test_elicitation_sep1330_enums', ENUMS),
    form('test_streaming_elicitation', { name: { type: 'string' } }),
    toolOf('test_input_required_result_elicitation', async (_, ctx) => {
      const answers = await ask(ctx, { user_name: NAME });
      return said(`Hello, ${shown(contentOf(answers['user_name'])['name'])}!`);
    }),
    toolOf('test_input_required_result_list_roots', async (_, ctx) => {
      const answers = await ask(ctx, { client_roots: ROOTS });
      return said(`Roots: ${JSON.stringify(answers['client_roots'])}`);
    }),
  ];
}

/** Those that ask more than one thing, or more than once. */
function roundTools(): readonly Tool[] {
  const confirmed = (name: string, words: string): Tool =>
    toolOf(name, async (_, ctx) => {
      await ask(ctx, { confirm: CONFIRM });
      return said(words);
    });
  return [
    // The server has opened the seal of the state before it runs this.
    confirmed('test_input_required_result_request_state', 'state-ok'),
    confirmed('test_input_required_result_tampered_state', 'The state was whole.'),
    toolOf('test_input_required_result_multiple_inputs', async (_, ctx) => {
      const greeting = sampling('Generate a greeting');
      const answers = await ask(ctx, { user_name: NAME, greeting, client_roots: ROOTS });
      return said(Object.keys(answers).join(', '));
    }),
    toolOf('test_input_required_result_multi_round', async (_, ctx) => {
      const { step1 } = await ask(ctx, { step1: NAME });
      const color = elicitation('What is your favourite colour?', { color: { type: 'string' } }, ['color']);
      const { step2 } = await ask(ctx, { step2: color });
      return said(`${shown(contentOf(step1)['name'])} likes ${shown(contentOf(step2)['color'])}.`);
    }),
    toolOf('test_input_required_result_capabilities', async (_, ctx) => {
      const all = { model: sampling('Say something.'), user: NAME, roots: ROOTS };
      const able = Object.entries(all).filter(([, { method }]) => can(ctx, method));
      const answers = await ask(ctx, Object.fromEntries(able));
      return said(`Answered: ${Object.keys(answers).join(', ')}`);
    }),
  ];
}

export function contentOf(answer: JsonObject | undefined): Record<string, unknown> {
  const content = answer?.['content'];
  return isObject(content) ? content : {};
}

function textOf(answer: JsonObject | undefined): string {
  return shown(contentOf(answer)['text'] ?? answer);
}

function accountOf(answer: JsonObject | undefined): string {
  return `action=${shown(answer?.['action'])}, content=${JSON.stringify(answer?.['content'] ?? {})}`;
}
