// The official client of the first generation, with a limit that our answers outlast threefold as three minutes outlast its
// default of one: 6 s for 60 s. Without jobs it gives up; with them it reads the whole answer, piece by piece.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/index.js';
import { StdioClientTransport } from '../peers/node_modules/@modelcontextprotocol/sdk/dist/esm/client/stdio.js';
import { bundle } from '../peers/peers.mjs';
import { answeringUpstream } from '../support/answering-upstream.mjs';

const LIMIT_MS = 6000;
const PIECES = ['A ', 'long ', 'answer ', 'that ', 'takes ', 'its ', 'time, ', 'and ', 'is ', 'whole.'];
const PIECE_MS = (3 * LIMIT_MS) / PIECES.length;
/** So far below the limit that a busy machine does not come between. */
const SOFT_DEADLINE = { CALL_SOFT_DEADLINE: '900ms' };

// They wait, all of them, and most of the time: so they do it together.
describe('SDK v1 and an answer that takes three times its limit', { timeout: 60_000, concurrency: true }, () => {
  let upstream;
  const opened = [];
  // The pieces come evenly over three times the client's limit.
  before(async () => (upstream = await answeringUpstream(PIECES, PIECE_MS)));
  after(async () => {
    await Promise.all(opened.map((client) => client.close()));
    upstream.close();
  });

  /** A client whose every request has the short limit. */
  async function connect(env) {
    const client = new Client({ name: 'slow-test', version: '1' });
    opened.push(client);
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [bundle], env: { ...upstream.env, ...env } }),
    );
    return (name, args, options = {}) =>
      client.callTool({ name, arguments: args }, undefined, { timeout: LIMIT_MS, ...options });
  }

  /** The text of all pages; the client's own limit holds for each. */
  async function readAll(call, first, options) {
    const { id } = first;
    let { text, next_offset: offset } = first;
    for (let pages = 1; offset !== undefined; pages++) {
      assert.ok(pages < 50, 'it never ends');
      const { content, _meta, isError } = await call('job', { id, action: 'wait', wait_s: 60, offset }, options);
      assert.ok(!isError, content[0]?.text);
      const page = _meta['anymodel/job'];
      assert.equal(page.offset, offset);
      if ((page.next_offset ?? page.total) > offset) text += content[0].text;
      offset = page.next_offset;
    }
    return text;
  }

  test('without jobs it gives up', async () => {
    const call = await connect({ CALL_SOFT_DEADLINE: '0' });
    await assert.rejects(call('chat', { prompt: 'hi' }), { code: -32001 });
  });

  test('chat: the text so far, then the rest', async () => {
    const call = await connect(SOFT_DEADLINE);
    const { content, _meta } = await call('chat', { prompt: 'hi' });
    const job = _meta['anymodel/job'];
    assert.equal(job.state, 'working');
    const text = content.length > 1 ? content[0].text : '';
    assert.equal(await readAll(call, { text, ...job }), PIECES.join(''));
  });

  test('generate, whose result the client holds against its schema', async () => {
    const call = await connect(SOFT_DEADLINE);
    const { structuredContent, _meta } = await call('generate', { prompt: 'hi' });
    assert.equal(structuredContent.finish_reason, 'pending');
    assert.equal(structuredContent.job_id, _meta['anymodel/job'].id);
    assert.equal(await readAll(call, { text: structuredContent.text, ..._meta['anymodel/job'] }), PIECES.join(''));
  });

  test('with progress asked for, and the same limit, it hears the text as well', async () => {
    const call = await connect(SOFT_DEADLINE);
    const heard = [];
    const onprogress = ({ progress, message }) => heard.push({ progress, message });
    const { content, _meta } = await call('chat', { prompt: 'hi' }, { onprogress });
    const text = content.length > 1 ? content[0].text : '';
    assert.equal(await readAll(call, { text, ..._meta['anymodel/job'] }, { onprogress }), PIECES.join(''));
    assert.ok(heard.length > 0);
  });
});
