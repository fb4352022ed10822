// The JSON Schema of the configuration file against our own checker, over every file of fixtures/config: what we accept
// it accepts, and what we refuse it refuses, but for what no schema can tell (`schema accepts` in the fixture).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readConfig } from '../src/config/env.ts';
import { configSchemaText } from '../src/config/file/json-schema.ts';
import { parseJsonc } from '../src/config/file/jsonc.ts';
import type { Node } from '../src/config/file/jsonc.ts';
import { configTextOf, inputsOf, load, names } from './support/config-case.ts';
import { root } from './support/root.ts';

interface Validator {
  (value: unknown): boolean;
  errors?: unknown;
}

const require = createRequire(join(root, 'test', 'schema', 'package.json'));
const { default: Draft2020 } = require('ajv/dist/2020') as {
  default: new (options: object) => { compile(schema: unknown): Validator };
};
const schema: unknown = JSON.parse(configSchemaText());
// Strict: a keyword that means nothing where it stands is an error. Unions of types are meant.
const validate = new Draft2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map((item) => plain(item));
  return Object.fromEntries(node.members.map(({ key, node: inner }) => [key, plain(inner)]));
}

test('the schema that is shipped is the one of the rules', () => {
  assert.equal(readFileSync(join(root, 'anymodel-mcp.schema.json'), 'utf8'), configSchemaText());
});

describe('the schema judges as the checker does', () => {
  let count = 0;
  for (const name of names) {
    const { head } = load(name);
    const text = configTextOf(head);
    const tree = text === undefined ? undefined : parseJsonc(text);
    if (tree === undefined || 'problem' in tree) continue;
    count += 1;
    test(name, () => {
      const isAccepted = 'config' in readConfig(inputsOf(head)) || head.includes('\nschema accepts\n');
      assert.equal(validate(plain(tree)), isAccepted, JSON.stringify(validate.errors, null, 1));
    });
  }
  test('there are some', () => assert.ok(count > 50, `${count} files`));
});

test('the example of the product sheet is complete: every key of the schema is in it', () => {
  const tree = parseJsonc(configTextOf(load('file-of-the-product-sheet.txt').head) ?? '');
  assert.ok(!('problem' in tree) && tree.kind === 'object');
  const { properties }: { properties: object } = JSON.parse(configSchemaText());
  assert.deepEqual(tree.members.map(({ key }) => key).toSorted(), Object.keys(properties).toSorted());
});
