import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchTemplate } from '../../../src/catalog/resource.ts';

test('an address fits a template where everything but its variables is the same', () => {
  const cases: [template: string, uri: string, variables: Record<string, string> | undefined][] = [
    ['x://a', 'x://a', {}],
    ['x://a', 'x://ab', undefined],
    ['x://t/{id}/data', 'x://t/123/data', { id: '123' }],
    ['x://t/{id}/data', 'x://t/a%2Fb%20c/data', { id: 'a/b c' }],
    ['x://t/{id}/data', 'x://t//data', undefined],
    ['x://t/{id}/data', 'x://t/1/2/data', undefined],
    ['x://t/{id}/data', 'x://t/1', undefined],
    ['x://t/{id}', 'x://t/%zz', undefined],
    ['x://{a}/{b}', 'x://one/two', { a: 'one', b: 'two' }],
    ['x://{a}-{b}', 'x://one-two', { a: 'one', b: 'two' }],
    ['x://{a}-{b}', 'x://one', undefined],
    ['x://{a}', 'y://one', undefined],
  ];
  for (const [template, uri, variables] of cases) assert.deepEqual(matchTemplate(template, uri), variables, uri);
});
