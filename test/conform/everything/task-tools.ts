// Tools whose calls may outlive their request, or must: the fixtures of the tasks extension, which the older form of
// tasks meets as well.

import type { Tool } from '../../../src/catalog/tool.ts';
import { delay } from '../../../src/core/clock.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { Fault } from '../../../src/core/fault.ts';
import { contentOf } from './asking-tools.ts';
import { ask, elicitation, said, shown, text, toolOf } from './parts.ts';

const NAME = elicitation('What is your name?', { name: { type: 'string' } }, ['name']);
const YES = elicitation('Are you sure?', { confirm: { type: 'boolean' } }, ['confirm']);

export function taskTools(clock: Clock): readonly Tool[] {
  return [...workingTools(clock), ...endingTools(), ...waitingTools()];
}

function workingTools(clock: Clock): readonly Tool[] {
  return [
    toolOf('greet', async (args) => said(`Hello, ${shown(args['name'])}!`), {
      inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    }),
    toolOf(
      'slow_compute',
      async ({ seconds, label }, { cancel }) => {
        await delay(clock, Number(seconds) * 1000, cancel);
        return said(`Computed ${shown(label)} in ${shown(seconds)} s.`);
      },
      {
        inputSchema: {
          type: 'object',
          properties: { seconds: { type: 'number', minimum: 0 }, label: { type: 'string' } },
          required: ['seconds'],
        },
        task: 'optional',
      },
    ),
  ];
}

function endingTools(): readonly Tool[] {
  const task = 'required';
  return [
    toolOf('failing_job', async () => ({ content: [text('It did not work.')], isError: true }), { task }),
    toolOf('protocol_error_job', () => Promise.reject(new Fault('invalid-params', 'This job cannot be done.')), {
      task,
    }),
  ];
}

function waitingTools(): readonly Tool[] {
  return [
    toolOf(
      'confirm_delete',
      async ({ filename }, ctx) => {
        const { sure } = await ask(ctx, { sure: YES });
        return said(contentOf(sure)['confirm'] === true ? `Deleted ${shown(filename)}.` : 'Nothing was deleted.');
      },
      {
        inputSchema: { type: 'object', properties: { filename: { type: 'string' } }, required: ['filename'] },
        task: 'optional',
      },
    ),
    toolOf(
      'multi_input',
      async (_, ctx) => {
        const answers = await Promise.all([ask(ctx, { first: NAME }), ask(ctx, { second: YES })]);
        return said(JSON.stringify(Object.assign({}, ...answers)));
      },
      { task: 'optional' },
    ),
    // Asks while its caller waits, and becomes a task with the answer.
    toolOf(
      'test_tool_with_task',
      async (_, ctx) => {
        const answers = await ask(ctx, { user_name: NAME });
        ctx.detach?.();
        return said(`Hello, ${shown(contentOf(answers['user_name'])['name'])}!`);
      },
      { task: 'required', detachesItself: true },
    ),
  ];
}
