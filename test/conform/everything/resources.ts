// The resources of the suite: text, bytes, one that changes, and a family of them.

import type { ResourceOffer } from '../../../src/catalog/resource.ts';
import { PNG } from './parts.ts';

const WORDS = 'This is the content of the static text resource.';

export const WATCHED = 'test://watched-resource';

export const RESOURCES: ResourceOffer = {
  listed: [
    {
      uri: 'test://static-text',
      name: 'static-text',
      title: 'Static text',
      description: 'A text that never changes.',
      mimeType: 'text/plain',
      size: WORDS.length,
      read: () => [{ uri: 'test://static-text', mimeType: 'text/plain', text: WORDS }],
    },
    {
      uri: 'test://static-binary',
      name: 'static-binary',
      description: 'An image that never changes.',
      mimeType: 'image/png',
      read: () => [{ uri: 'test://static-binary', mimeType: 'image/png', blob: PNG }],
    },
    {
      uri: WATCHED,
      name: 'watched-resource',
      description: 'A text that can be subscribed to.',
      mimeType: 'text/plain',
      read: () => [{ uri: WATCHED, mimeType: 'text/plain', text: 'Watched resource content' }],
    },
  ],
  templates: [
    {
      uriTemplate: 'test://template/{id}/data',
      name: 'template',
      description: 'Data by their id.',
      mimeType: 'application/json',
      read(uri, { id = '' }) {
        const data = { id, templateTest: true, data: `Data for ID: ${id}` };
        return [{ uri, mimeType: 'application/json', text: JSON.stringify(data) }];
      },
      complete: ({ value }) => ['123', '456'].filter((id) => id.startsWith(value)),
    },
  ],
};
