// Ids of calls: what Anthropic takes, each once, and every result at the call it answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToolIds } from '../../../../../src/providers/dialects/anthropic/tool-ids.ts';
import { forSeeds, integer, oneOf } from '../../../../support/property.ts';

test('an id that is fine stays as it is', () => {
  const ids = new ToolIds();
  assert.equal(ids.call('toolu_01-A'), 'toolu_01-A');
  assert.equal(ids.result('toolu_01-A'), 'toolu_01-A');
});

test('characters that are not taken are replaced, and an empty id is given a name', () => {
  const ids = new ToolIds();
  assert.equal(ids.call('functions.f:0'), 'functions_f_0');
  assert.equal(ids.call(''), 'call');
  assert.equal(ids.call('é'), '_');
});

test('a result without a call still has an id of its own', () => {
  const ids = new ToolIds();
  assert.equal(ids.result('lost:1'), 'lost_1');
});

test('a second result for one call stays at that call', () => {
  const ids = new ToolIds();
  assert.equal(ids.call('a'), 'a');
  assert.deepEqual([ids.result('a'), ids.result('a')], ['a', 'a']);
});

test('whatever the ids are, calls are told apart and results find them', () => {
  forSeeds(500, (draw) => {
    const ids = new ToolIds();
    const seen = new Set<string>();
    for (let turn = integer(draw, 5); turn >= 0; turn--) {
      const asked = Array.from({ length: 1 + integer(draw, 3) }, () => oneOf(draw, ['0', 'a b', 'a_b', 'a_b_2', '']));
      const sent = asked.map((id) => ids.call(id));
      for (const id of sent) {
        assert.match(id, /^[a-zA-Z0-9_-]+$/);
        assert.ok(!seen.has(id), `${id} twice`);
        seen.add(id);
      }
      assert.deepEqual(
        asked.map((id) => ids.result(id)),
        sent,
      );
    }
  });
});

test('sixteen thousand calls of one id are told apart in linear time', () => {
  const ids = new ToolIds();
  const sent = new Set(Array.from({ length: 16_000 }, () => ids.call('call_0')));
  assert.equal(sent.size, 16_000);
});
