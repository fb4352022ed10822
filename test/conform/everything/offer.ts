// Everything there is to offer, as a catalog that changes while it is offered: the suite's trigger tools really add and
// remove a tool or a prompt, and tell of it through the feed.

import type { Prompt } from '../../../src/catalog/prompt.ts';
import type { Catalog, Change, Tool } from '../../../src/catalog/tool.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { ChangeFeed } from '../../../src/server/changes.ts';
import { askingTools } from './asking-tools.ts';
import { contentTools } from './content-tools.ts';
import { said, text, toolOf } from './parts.ts';
import { PROMPTS } from './prompts.ts';
import { RESOURCES, WATCHED } from './resources.ts';
import { taskTools } from './task-tools.ts';

const MORE_TOOL = toolOf('test_more', async () => said('There is more.'));

const MORE_PROMPT: Prompt = {
  name: 'test_more_prompt',
  description: 'Comes and goes.',
  arguments: [],
  get: () => ({ messages: [{ role: 'user', content: text('There is more.') }] }),
};

export class Offer {
  readonly #feed: ChangeFeed;
  readonly #tools: readonly Tool[];
  #isMore = { tools: false, prompts: false };
  #catalog: Catalog;

  constructor(clock: Clock, feed: ChangeFeed) {
    this.#feed = feed;
    this.#tools = [...contentTools(clock), ...askingTools(), ...taskTools(clock), ...this.#triggers()];
    this.#catalog = this.#snapshot();
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  #triggers(): readonly Tool[] {
    const trigger = (name: string, change: Change, act: () => void): Tool =>
      toolOf(name, async () => {
        act();
        this.#catalog = this.#snapshot();
        this.#feed.tell(change);
        return said('It has changed.');
      });
    return [
      trigger('test_trigger_tool_change', { list: 'tools' }, () => (this.#isMore.tools = !this.#isMore.tools)),
      trigger('test_trigger_prompt_change', { list: 'prompts' }, () => (this.#isMore.prompts = !this.#isMore.prompts)),
      trigger('test_trigger_resource_change', { resource: WATCHED }, () => {}),
    ];
  }

  #snapshot(): Catalog {
    const { tools: isMoreTools, prompts: isMorePrompts } = this.#isMore;
    const tools = isMoreTools ? [...this.#tools, MORE_TOOL] : this.#tools;
    const prompts = isMorePrompts ? [...PROMPTS, MORE_PROMPT] : PROMPTS;
    const byName = new Map(tools.map((tool) => [tool.name, tool]));
    return { tools, prompts, resources: RESOURCES, find: (name) => byName.get(name) };
  }
}
