// The instructions name the tools that are offered, and no others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instructionsFor } from '../../../src/catalog/instructions.ts';

test('each tool that is offered, in the order of the list', () => {
  assert.equal(
    instructionsFor(['embed', 'job', 'chat', 'generate', 'list_models', 'compare']),
    'Asks language models of the configured API. Use chat for conversations, generate for one prompt, ' +
      'list_models to see the model names, embed for vectors, job to read on in an answer that takes long.',
  );
  assert.equal(instructionsFor(['chat']), 'Asks language models of the configured API. Use chat for conversations.');
  assert.equal(instructionsFor(['compare']), 'Asks language models of the configured API.');
});
