import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, show } from '../../../src/core/schema.ts';
import type { ObjectSchema, Schema } from '../../../src/core/schema.ts';

const CLOSED: ObjectSchema = {
  type: 'object',
  properties: { model: { type: 'string' }, max_tokens: { type: 'integer', minimum: 1 } },
  required: ['model'],
  additionalProperties: false,
};

/** The one problem of a value, as a sentence. */
function problem(schema: Schema, value: unknown): string | undefined {
  const problems = check(schema, value);
  assert.ok(problems.length <= 1, JSON.stringify(problems));
  return problems.map(({ path, message }) => `${path} ${message}`.trim())[0];
}

test('a value that conforms has no problems', () => {
  assert.deepEqual(check(CLOSED, { model: 'm', max_tokens: 5 }), []);
  assert.deepEqual(check({}, null), []);
  assert.deepEqual(check({ type: 'integer' }, 5.0), []);
});

test('each type is told from the others', () => {
  assert.equal(problem({ type: 'string' }, 3), 'must be a string, not 3');
  assert.equal(problem({ type: 'number' }, '3'), 'must be a number, not "3"');
  assert.equal(problem({ type: 'integer' }, 1.5), 'must be an integer, not 1.5');
  assert.equal(problem({ type: 'boolean' }, 'true'), 'must be a boolean, not "true"');
  assert.equal(problem({ type: 'array' }, {}), 'must be an array, not an object');
  assert.equal(problem({ type: 'object' }, []), 'must be an object, not an array');
  assert.equal(problem({ type: 'object' }, null), 'must be an object, not null');
  assert.equal(problem({ type: 'string' }, undefined), 'must be a string, not nothing');
  assert.equal(problem({ type: 'number' }, JSON.parse('1e999')), 'must be a number, not null');
});

test('bounds are named with the value that breaks them', () => {
  assert.equal(problem({ type: 'number', minimum: 0 }, -1), 'must be at least 0, not -1');
  assert.equal(problem({ type: 'number', maximum: 2 }, 2.5), 'must be at most 2, not 2.5');
  assert.equal(problem({ type: 'string', minLength: 1 }, ''), 'must not be empty');
  assert.equal(problem({ type: 'string', minLength: 3 }, 'ab'), 'must have at least 3 characters, not 2');
  assert.equal(problem({ type: 'array', minItems: 1 }, []), 'must have at least 1 item');
  assert.equal(problem({ type: 'array', minItems: 2 }, [1]), 'must have at least 2 items');
  assert.equal(problem({ type: 'array', maxItems: 1 }, [1, 2]), 'must have at most 1 item, not 2');
});

test('a word that is not in the list is answered with the list and the nearest', () => {
  const schema: Schema = { enum: ['user', 'assistant'] };
  assert.equal(
    problem(schema, 'asistant'),
    'must be one of "user", "assistant", not "asistant" (did you mean "assistant"?)',
  );
  assert.equal(problem(schema, 'xyz'), 'must be one of "user", "assistant", not "xyz"');
  assert.equal(problem(schema, 3), 'must be one of "user", "assistant", not 3');
});

test('every problem is reported, with the path of each', () => {
  const schema: ObjectSchema = {
    type: 'object',
    properties: {
      list: { type: 'array', items: { type: 'object', properties: { n: { type: 'number' } }, required: ['id'] } },
    },
  };
  assert.deepEqual(check(schema, { list: [{ id: 1, n: 'x' }, { n: 2 }, 7] }), [
    { path: 'list[0].n', message: 'must be a number, not "x"' },
    { path: 'list[1].id', message: 'is required' },
    { path: 'list[2]', message: 'must be an object, not 7' },
  ]);
  assert.deepEqual(check({ type: 'string' }, 1, 'args'), [{ path: 'args', message: 'must be a string, not 1' }]);
});

test('a name that is not known gets the nearest, or all of them', () => {
  assert.deepEqual(check(CLOSED, { model: 'm', maxTokens: 1 }), [
    { path: 'maxTokens', message: 'is not known here (did you mean "max_tokens"?)' },
  ]);
  assert.deepEqual(check(CLOSED, { model: 'm', '': 1 }), [
    { path: '""', message: 'is not known here (known are model, max_tokens)' },
  ]);
  assert.deepEqual(check(CLOSED, { model: 'm', colour: 1 }), [
    { path: 'colour', message: 'is not known here (known are model, max_tokens)' },
  ]);
});

test('names are let through where the schema does not forbid them', () => {
  const { additionalProperties: _, ...open } = CLOSED;
  assert.deepEqual(check(open, { model: 'm', colour: 1 }), []);
});

test('members of the prototype are neither known nor present', () => {
  assert.deepEqual(check({ type: 'object', properties: {}, required: ['toString'] }, {}), [
    { path: 'toString', message: 'is required' },
  ]);
  const hostile: unknown = JSON.parse('{"model":"m","__proto__":1,"constructor":2}');
  assert.deepEqual(
    check(CLOSED, hostile).map(({ path }) => path),
    ['__proto__', 'constructor'],
  );
});

test('hostile input is bounded: 20 problems, long names and values cut short', () => {
  const list: Schema = { type: 'array', items: { type: 'string' } };
  assert.equal(
    check(
      list,
      Array.from({ length: 300_000 }, () => 0),
    ).length,
    20,
  );
  const names = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`name${i}`, 0]));
  assert.equal(check(CLOSED, { model: 'm', ...names }).length, 20);
  assert.deepEqual(check(CLOSED, { model: 'm', ['q'.repeat(5000)]: 1 }), [
    { path: `${'q'.repeat(40)}…`, message: 'is not known here (known are model, max_tokens)' },
  ]);
  assert.equal(problem({ type: 'number' }, 'q'.repeat(5000)), `must be a number, not "${'q'.repeat(40)}…"`);
});

test('a value that is cut short never ends in half a character', () => {
  assert.equal(show(`${'q'.repeat(39)}😀`), `"${'q'.repeat(39)}…"`);
});
