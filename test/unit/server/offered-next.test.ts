// Next steps of failures, without those that name a tool that is not offered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { FaultData } from '../../../src/core/fault.ts';
import { withOfferedNext } from '../../../src/server/offered-next.ts';
import { catalogOf } from '../../support/mcp.ts';

function next(
  data: FaultData,
  withheld: readonly string[],
  kind: 'MODEL_NOT_FOUND' | 'TIMEOUT' = 'MODEL_NOT_FOUND',
): string | undefined {
  const fault = new Fault(kind, 'No.', { data });
  return withOfferedNext(fault, { ...catalogOf(), withheld }).data.next;
}

const NEAR = 'Did you mean "gpt-4.1"? The list_models tool shows which models there are.';
const CHAT = 'It is a chat model: ask it with the chat tool.';
const ANOTHER = 'Choose a model that this server is configured for.';

test('a sentence about a tool that is not offered is left out, the others stay as they are', () => {
  assert.equal(next({ next: NEAR }, ['complete', 'list_models']), 'Did you mean "gpt-4.1"?');
  assert.equal(next({ next: NEAR }, ['complete']), NEAR);
  assert.equal(next({ next: CHAT }, ['list_models']), CHAT);
  assert.equal(
    next({ next: 'Wait for the chat to end. Then complete it.' }, ['chat', 'complete']),
    'Wait for the chat to end. Then complete it.',
  );
});

test('where none is left there is another next step', () => {
  assert.equal(next({ next: 'The list_models tool shows which models there are.' }, ['list_models']), ANOTHER);
  assert.equal(next({ next: CHAT }, ['chat']), ANOTHER);
});

test('without a next step of its own a fault has that of its kind, unless that is to list the models', () => {
  assert.equal(next({}, ['list_models']), ANOTHER);
  assert.equal(next({}, ['complete']), undefined);
  assert.equal(next({}, ['list_models'], 'TIMEOUT'), undefined);
});

test('a fault that needs no other next step is the same one', () => {
  const fault = new Fault('MODEL_NOT_FOUND', 'No.', { data: { next: NEAR } });
  assert.equal(withOfferedNext(fault, { ...catalogOf(), withheld: ['embed'] }), fault);
});
