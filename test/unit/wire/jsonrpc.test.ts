import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classify } from '../../../src/wire/jsonrpc.ts';
import type { Message } from '../../../src/wire/jsonrpc.ts';

/** `[id, kind of fault]` of a malformed line. */
function refusal(line: string): readonly [unknown, string] {
  return asRefusal(classify(line));
}

function asRefusal(message: Message): readonly [unknown, string] {
  return message.kind === 'malformed' ? [message.id, message.fault.kind] : ['not malformed', message.kind];
}

describe('a request', () => {
  test('has its id, method and params', () => {
    assert.deepEqual(classify('{"jsonrpc":"2.0","id":7,"method":"m","params":{"a":[1]}}'), {
      kind: 'request',
      id: 7,
      method: 'm',
      params: { a: [1] },
    });
  });

  test('keeps the type of its id: 0, "" and "1" are ids, and 1 is not "1" (R-22)', () => {
    for (const id of [0, -1, 1, '1', '', 'é']) {
      const message = classify(JSON.stringify({ jsonrpc: '2.0', id, method: 'm' }));
      assert.deepEqual(message, { kind: 'request', id, method: 'm', params: undefined });
    }
  });

  test('with params null has none', () => {
    assert.deepEqual(classify('{"jsonrpc":"2.0","id":1,"method":"m","params":null}'), {
      kind: 'request',
      id: 1,
      method: 'm',
      params: undefined,
    });
  });

  test('may have params in an array: what they mean is not decided here', () => {
    const message = classify('{"jsonrpc":"2.0","id":1,"method":"m","params":[1]}');
    assert.equal(message.kind, 'request');
  });

  test('with params that are no structure is answered -32602 under its id', () => {
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":1,"method":"m","params":5}'), [1, 'invalid-params']);
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":1,"method":"m","params":"x"}'), [1, 'invalid-params']);
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":1,"method":"m","params":false}'), [1, 'invalid-params']);
  });
});

describe('what is not a message', () => {
  test('not JSON is a parse error without an id (R-19)', () => {
    for (const line of ['{', 'hello', '{"a":}', '\uFFFD', 'nul', '{"jsonrpc":"2.0","id":1,"method":"m"} x']) {
      assert.deepEqual(refusal(line), [null, 'parse']);
    }
  });

  test('JSON that is no object is invalid', () => {
    for (const line of ['1', '"x"', 'null', 'true', '[]']) assert.deepEqual(refusal(line), [null, 'invalid-request']);
  });

  test('without jsonrpc 2.0 the id is echoed (R-20)', () => {
    assert.deepEqual(refusal('{"id":99,"method":"tools/list"}'), [99, 'invalid-request']);
    assert.deepEqual(refusal('{"jsonrpc":"1.0","id":"a","method":"tools/list"}'), ['a', 'invalid-request']);
    assert.deepEqual(refusal('{"jsonrpc":2.0,"id":0,"method":"tools/list"}'), [0, 'invalid-request']);
  });

  test('id null, true or an object is answered under null (R-23)', () => {
    for (const id of ['null', 'true', '{}', '[1]', '1e999']) {
      assert.deepEqual(refusal(`{"jsonrpc":"2.0","id":${id},"method":"m"}`), [null, 'invalid-request']);
    }
  });

  test('a fractional id is refused and echoed (R-24)', () => {
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":1.5,"method":"m"}'), [1.5, 'invalid-request']);
  });

  test('without a method the id is echoed', () => {
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":3}'), [3, 'invalid-request']);
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":3,"method":5}'), [3, 'invalid-request']);
    assert.deepEqual(refusal('{"jsonrpc":"2.0","method":1,"params":"bar"}'), [null, 'invalid-request']);
    assert.deepEqual(refusal('{}'), [null, 'invalid-request']);
  });
});

describe('what is never answered', () => {
  test('a notification', () => {
    assert.deepEqual(classify('{"jsonrpc":"2.0","method":"m","params":{"a":1}}'), {
      kind: 'notification',
      method: 'm',
      params: { a: 1 },
    });
  });

  test('a notification, whatever is wrong with it (R-21)', () => {
    assert.deepEqual(refusal('{"method":"m"}'), [undefined, 'invalid-request']);
    assert.deepEqual(refusal('{"jsonrpc":"2.0","method":"m","params":5}'), [undefined, 'invalid-params']);
  });

  test('a response', () => {
    assert.deepEqual(classify('{"jsonrpc":"2.0","id":1,"result":{}}'), {
      kind: 'response',
      id: 1,
      result: {},
    });
    assert.deepEqual(classify('{"jsonrpc":"2.0","id":"a","error":{"code":1}}'), {
      kind: 'response',
      id: 'a',
      error: { code: 1 },
    });
  });

  test('a response that is wrong: an error under its id would hit a request of the peer', () => {
    assert.deepEqual(refusal('{"id":1,"result":{}}'), [undefined, 'invalid-request']);
    assert.deepEqual(refusal('{"jsonrpc":"2.0","id":null,"error":{}}'), [undefined, 'invalid-request']);
  });
});

describe('an array', () => {
  test('is a batch of its members, each told apart', () => {
    const message = classify('[{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","method":"n"},1,[]]');
    assert.equal(message.kind, 'batch');
    const kinds = message.kind === 'batch' ? message.members.map(({ kind }) => kind) : [];
    assert.deepEqual(kinds, ['request', 'notification', 'malformed', 'malformed']);
  });

  test('of absurd length is refused as one', () => {
    assert.deepEqual(refusal(`[${'1,'.repeat(10_000)}1]`), [null, 'invalid-request']);
    assert.equal(classify(`[${'1,'.repeat(9_999)}1]`).kind, 'batch');
  });
});

describe('hostile input', () => {
  test('nesting as deep as the line allows does not crash', () => {
    assert.deepEqual(refusal('['.repeat(1_000_000)), [null, 'parse']);
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    assert.equal(classify(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":${deep}}}`).kind, 'request');
    assert.equal(classify(deep).kind, 'batch');
  });

  test('a member named __proto__ makes no message', () => {
    assert.deepEqual(refusal('{"__proto__":{"jsonrpc":"2.0","id":1,"method":"m"}}'), [null, 'invalid-request']);
  });
});

test('an id past 2^53 is refused: it was rounded, and an answer would be under another id', () => {
  const message = classify('{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}');
  assert.equal(message.kind, 'malformed');
  assert.equal(message.kind === 'malformed' && message.id, null);
});
