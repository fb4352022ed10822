// Every message we emit, checked against the official JSON Schema of its revision. The schemas are read from
// the folder beside the project, else taken out of the pinned conformance package; with neither, loading
// throws, because a check that cannot run has failed.
//
// The official schemas let unknown members through. Ours are closed before use, so that a member newer than
// the revision is caught (MCP 2026-07-28 and older, "do not emit what the revision does not define").

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { isObject } from '../../src/core/json.ts';
import { root } from './root.ts';

const REVISIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export const MODERN = '2026-07-28';

type Tree = Record<string, unknown>;

interface Validator {
  (value: unknown): boolean;
  errors?: { instancePath: string; message?: string; params?: unknown }[] | null;
}

interface Ajv {
  addSchema(schema: unknown, key: string): void;
  getSchema(ref: string): Validator | undefined;
}

/** Says what is wrong with `value` as a `definition` of the revision, or nothing. */
export type SchemaCheck = (revision: string, definition: string, value: unknown) => string | undefined;

export function loadOfficialSchemas(): SchemaCheck {
  const require = createRequire(join(root, 'test', 'schema', 'package.json'));
  const { default: Draft07 } = require('ajv') as { default: new (options: Tree) => Ajv };
  const { default: Draft2020 } = require('ajv/dist/2020') as { default: new (options: Tree) => Ajv };
  const schemas = readSchemas();
  const loaded = new Map<string, Ajv>();
  return (revision, definition, value) => {
    const schema = schemas.get(revision);
    if (schema === undefined) throw new Error(`there is no official schema for ${revision}`);
    const home = '$defs' in schema ? '$defs' : 'definitions';
    let ajv = loaded.get(revision);
    if (ajv === undefined) {
      // The formats are byte, uri and uri-template: ours to honour, not worth another package here.
      ajv = new (home === '$defs' ? Draft2020 : Draft07)({ strict: false, allErrors: true, validateFormats: false });
      ajv.addSchema(close(schema), 'mcp');
      loaded.set(revision, ajv);
    }
    const validate = ajv.getSchema(`mcp#/${home}/${definition}`);
    if (validate === undefined) return `${revision} defines no ${definition}`;
    if (validate(value)) return undefined;
    return (validate.errors ?? [])
      .slice(0, 4)
      .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
      .join('; ');
  };
}

function readSchemas(): Map<string, Tree> {
  const beside = join(root, '..', 'shared', 'protocol', 'schema');
  if (existsSync(beside)) {
    return new Map(REVISIONS.map((revision) => [revision, readTree(join(beside, `${revision}.json`))]));
  }
  const pinned = join(
    root,
    'test',
    'peers',
    'node_modules',
    '@modelcontextprotocol',
    'conformance',
    'dist',
    'index.js',
  );
  if (!existsSync(pinned)) throw new Error('the official schemas are neither beside the project nor in test/peers');
  return cutOut(readFileSync(pinned, 'utf8'));
}

function readTree(path: string): Tree {
  const tree: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isObject(tree)) throw new Error(`${path} is not a schema`);
  return tree;
}

/**
 * The schemas as the conformance package carries them: four object literals in its bundle, oldest first. It
 * has none for 2024-11-05, whose messages are then held against the next revision's, which only adds members.
 */
function cutOut(program: string): Map<string, Tree> {
  const found: Tree[] = [];
  const opening = /=(\{\$schema:`https?:\/\/json-schema\.org\/[^`]+`,(?:definitions|\$defs):\{)/g;
  for (let match = opening.exec(program); match !== null; match = opening.exec(program)) {
    const tree: unknown = runInNewContext(`(${literalAt(program, match.index + 1)})`);
    const definitions = isObject(tree) ? (tree['$defs'] ?? tree['definitions']) : undefined;
    if (isObject(tree) && isObject(definitions) && 'JSONRPCMessage' in definitions) found.push(tree);
  }
  const [first, ...rest] = found;
  if (first === undefined || rest.length !== 3) throw new Error(`the package holds ${found.length} schemas, not 4`);
  return new Map(REVISIONS.map((revision, i) => [revision, found[Math.max(0, i - 1)] ?? first]));
}

/** The object literal that starts at `start`: to its matching brace, strings skipped. */
function literalAt(program: string, start: number): string {
  const token = /[{}]|`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(program); match !== null; match = token.exec(program)) {
    if (match[0] === '{') depth += 1;
    if (match[0] === '}') depth -= 1;
    if (depth === 0) return program.slice(start, token.lastIndex);
  }
  throw new Error('a schema in the package does not end');
}

/** A copy whose objects admit only the members they name; what is itself a schema, and `_meta`, stay open. */
function close(node: unknown, name = ''): unknown {
  if (Array.isArray(node)) return node.map((item) => close(item));
  if (!isObject(node) || name === 'inputSchema' || name === 'outputSchema' || /_meta$|MetaObject$/.test(name)) {
    return node;
  }
  const copy: Tree = {};
  for (const [key, value] of Object.entries(node)) copy[key] = close(value, key);
  const { properties } = copy;
  if (!isObject(properties) || copy['type'] !== 'object' || 'additionalProperties' in copy) return copy;
  // The older schemas leave these two to the base type of every message.
  if ('method' in properties) properties['jsonrpc'] ??= { const: '2.0' };
  if (name === 'params') properties['_meta'] ??= { type: 'object' };
  copy['additionalProperties'] = false;
  return copy;
}
