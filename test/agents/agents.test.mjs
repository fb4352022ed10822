// Agent command lines, each with a scripted model instead of its own: what their users have set up, from the agent's
// configuration file to the answer on the terminal. The model asks for our tool, is given what our server got from a third
// party on loopback, and says it. Run by main.mjs, which cuts it off from the network.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { KEY, httpServer } from '../conform/http-server.mjs';
import { AGENTS } from './agents/table.mjs';
import { scriptedModel } from './model.mjs';
import { run } from './run.mjs';
import { askAndSay, ours } from './script.mjs';
import { answeringUpstream } from '../support/answering-upstream.mjs';

/** What an agent is to wait for a result at most, and an answer that takes twice that. */
const LIMIT_MS = 5000;
const SLOW = { pieces: numbered(20), everyMs: 500 };
/** Longer than any of them shows at once, but for one. */
const LONG = numbered(6000);

const TOOLS = new Set(['chat', 'generate', 'list_models', 'embed', 'job']);

describe('agents', { concurrency: 3 }, () => {
  for (const agent of AGENTS) {
    const skip = agent.program() === undefined;
    if (skip) console.log(`${agent.name}: not tried, ${agent.package} is not installed, or not for this platform`);
    describe(agent.name, { skip, concurrency: 1, timeout: 400_000 }, () => {
      let folder;
      before(() => (folder = mkdtempSync(join(tmpdir(), 'anymodel-agent-'))));
      after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
      const play = (t, scene) => playOnce(t, agent, { folder, ...scene });

      test(`${agent.name}: over stdio it lists our tools, calls chat, and says what that answered`, async (t) => {
        const word = randomUUID();
        const { read, stdout, said, offered } = await play(t, { pieces: [word] });
        assert.match(read.join('\n'), new RegExp(word));
        assert.match(stdout, new RegExp(`The tool said: .*${word}`, 's'));
        assert.deepEqual(introduction(said), agent.says);
        assert.ok(said.some(({ method }) => method === 'tools/list'));
        if (agent.searches !== true) assert.deepEqual(offered, TOOLS);
      });

      test(`${agent.name}: over HTTP, with a key, it does the same`, async (t) => {
        const word = randomUUID();
        const { read, stdout, said } = await play(t, { pieces: [word], overHttp: true });
        assert.match(read.join('\n'), new RegExp(word));
        assert.match(stdout, new RegExp(`The tool said: .*${word}`, 's'));
        assert.deepEqual(said, []);
      });

      test(`${agent.name}: its model reads a long answer to its end`, async (t) => {
        const { read } = await play(t, { pieces: LONG });
        assert.deepEqual(wordsOf(read), wordsOf(LONG));
      });

      const isFixed = agent.limitIsFixed === true && 'its limit cannot be set';
      test(
        `${agent.name}: its model is given an answer that takes longer than the agent waits`,
        { skip: isFixed },
        async (t) => {
          const { read } = await play(t, { ...SLOW, limitMs: LIMIT_MS, env: { CALL_SOFT_DEADLINE: '1500ms' } });
          assert.deepEqual(wordsOf(read), wordsOf(SLOW.pieces));
        },
      );

      test(`${agent.name}: which it would give up on, were there no jobs`, { skip: isFixed }, async (t) => {
        const { read } = await play(t, { ...SLOW, limitMs: LIMIT_MS, env: { CALL_SOFT_DEADLINE: '0' } });
        assert.deepEqual(wordsOf(read), agent.extendsOnProgress === true ? wordsOf(SLOW.pieces) : []);
      });
    });
  }
});

/** Words of ten characters, in lines as long as those of a text are: every page of a long answer holds whole ones. */
function numbered(count) {
  return Array.from({ length: count }, (_, i) => `word-${String(i).padStart(4, '0')}${i % 8 === 7 ? '\n' : ' '}`);
}

/** The words that were read, in their order. */
const wordsOf = (read) => read.join('\n').match(/word-\d{4}/g) ?? [];

/** An agent, its model and our server's upstream, together once; fails where the agent does not end well. */
async function playOnce(t, agent, { folder, pieces, everyMs, env, limitMs, overHttp = false }) {
  const upstream = await answeringUpstream(pieces, everyMs);
  const script = askAndSay({ args: { prompt: 'Say it.' }, say: (read) => `The tool said: ${read.at(-1)}` });
  const model = await scriptedModel((question) => script.turn(question));
  const settings = { ...upstream.env, ...env };
  const served = overHttp ? await httpServer({ ...settings, LOG_LEVEL: 'info' }) : undefined;
  try {
    const server = overHttp
      ? { url: `${served.url}/mcp`, headers: { Authorization: `Bearer ${KEY}` } }
      : { env: settings };
    const { code, stdout, stderr, said, outlived } = await run(agent, { folder, modelUrl: model.url, server, limitMs });
    const told = `${agent.name} printed: ${stdout}\n${stderr}`.slice(0, 3000);
    assert.equal(code, 0, told);
    assert.deepEqual(outlived, [], `our server outlived ${told}`);
    assert.deepEqual(model.unknown, [], `unknown to the scripted model; ${told}`);
    assert.ok(script.read.length > 0, `its model read no result; ${told}`);
    const offered = model.asked.flatMap(({ tools }) => ours(tools).map((tool) => tool.ours));
    return { stdout, said, read: script.read, offered: new Set(offered) };
  } finally {
    upstream.close();
    model.close();
    await served?.close();
  }
}

/** What an agent says of itself, in whichever way its revision has. */
function introduction(said) {
  const { params } = said.find(({ method }) => method === 'initialize' || method === 'server/discover');
  const meta = (name) => params._meta?.[`io.modelcontextprotocol/${name}`];
  const call = said.find(({ method }) => method === 'tools/call');
  return {
    client: (params.clientInfo ?? meta('clientInfo')).name,
    revision: params.protocolVersion ?? meta('protocolVersion'),
    asksForProgress: call.params._meta?.progressToken !== undefined,
  };
}
