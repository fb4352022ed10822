// A catalog with resources, templates and prompts of each sort the server must treat apart.

import type { Catalog } from '../../../src/catalog/tool.ts';
import { catalogOf, ECHO } from '../../support/mcp.ts';

export const OFFER: Catalog = {
  ...catalogOf(ECHO),
  resources: {
    listed: [
      {
        uri: 'test://text',
        name: 'text',
        title: 'A text',
        mimeType: 'text/plain',
        size: 2,
        read: () => [{ uri: 'test://text', mimeType: 'text/plain', text: 'hi' }],
      },
      { uri: 'test://late', name: 'late', read: async () => [{ uri: 'test://late', blob: 'AAAA' }] },
    ],
    templates: [
      {
        uriTemplate: 'test://t/{id}',
        name: 'numbered',
        read: (uri, { id }) => (id === 'none' ? undefined : [{ uri, text: `${id}` }]),
        complete: ({ value }, { other = '' }) =>
          Array.from({ length: 150 }, (_, i) => `${value}${other}${i}`).filter((one) => !one.startsWith('none')),
      },
    ],
  },
  prompts: [
    {
      name: 'ask',
      title: 'Ask',
      description: 'Asks.',
      arguments: [{ name: 'question', title: 'Question', required: true }, { name: 'model' }],
      get: ({ question, model }) => ({
        messages: [{ role: 'user', content: { type: 'text', text: `${question} ${model ?? ''}` } }],
      }),
      complete: ({ name, value }) => (name === 'model' ? [`${value}-1`, `${value}-2`] : []),
    },
  ],
};
