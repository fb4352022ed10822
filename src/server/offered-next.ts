// What a failure tells its reader to do next, fit for what is offered here: sentences are written where failures are
// known, which is far from the list of tools, and a tool that TOOLS has taken out is of no help.

import type { Catalog } from '../catalog/tool.ts';
import type { Fault } from '../core/fault.ts';

/** In place of sentences of which none is left. */
const ANOTHER_MODEL = 'Choose a model that this server is configured for.';

/** The same fault; of its next step only the sentences that name no tool that is not offered. */
export function withOfferedNext(fault: Fault, { withheld = [] }: Catalog): Fault {
  const { next } = fault.data;
  if (next === undefined) {
    // The kind's own next step is to list the models.
    const isOfNoHelp = fault.kind === 'MODEL_NOT_FOUND' && withheld.includes('list_models');
    return isOfNoHelp ? fault.with({ next: ANOTHER_MODEL }) : fault;
  }
  const sentences = next.split(/(?<=[.!?])\s+/);
  const kept = sentences.filter((sentence) => !withheld.some((tool) => names(sentence, tool)));
  if (kept.length === sentences.length) return fault;
  return fault.with({ next: kept.length === 0 ? ANOTHER_MODEL : kept.join(' ') });
}

/** Most names of tools are words of other meanings too. */
function names(sentence: string, tool: string): boolean {
  return sentence.includes(tool.includes('_') ? tool : `${tool} tool`);
}
