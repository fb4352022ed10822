import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LongText } from '../../../src/core/json.ts';
import { memoryPair } from '../../../src/rpc/memory-link.ts';
import { encodeResult } from '../../../src/wire/encode.ts';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const value of values) out.push(value);
  return out;
}

describe('a memory pair', () => {
  test('carries messages as lines, both ways', async () => {
    const { link, peer } = memoryPair();
    peer.send({ jsonrpc: '2.0', id: 1, method: 'm' });
    peer.send({ id: 2, method: 'm' });
    peer.close();
    const incoming = (await all(link.incoming)).flat();
    assert.deepEqual(
      incoming.map(({ kind }) => kind),
      ['request', 'malformed'],
    );
    assert.equal(link.facts.receivedBytes, 58);

    const text = 'é'.repeat(70_000);
    void link.send(encodeResult(1, { t: new LongText([text]) }));
    void link.notify({
      owner: {},
      text: 'a',
      progress: 2,
      encode: (t, p) => JSON.stringify({ jsonrpc: '2.0', method: 'n', params: { t, p } }),
    });
    await link.close(0);
    assert.deepEqual(await all(peer.received), [
      { jsonrpc: '2.0', id: 1, result: { t: text } },
      { jsonrpc: '2.0', method: 'n', params: { t: 'a', p: 2 } },
    ]);
  });

  test('ends on both sides when the link is closed', async () => {
    const { link, peer } = memoryPair();
    const reading = Promise.all([all(link.incoming), all(peer.received)]);
    await link.close(0);
    assert.deepEqual(await reading, [[], []]);
  });
});
