// Walks fixtures/http against the built program, over sockets: the bytes a client sends, and the answer it gets.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { answersIn, isEnough, problemWith, readCase, requestBytes } from '../support/http-case.ts';
import type { Names, Step } from '../support/http-case.ts';
import { within } from '../support/program.ts';
import { rawClient } from '../support/raw-client.ts';
import type { RawClient } from '../support/raw-client.ts';
import { root } from '../support/root.ts';
import { FakeUpstream } from '../support/upstream.ts';
import type { Exchange } from '../support/upstream.ts';
import { startServer } from './server-program.ts';

const folder = join(root, 'fixtures', 'http');
const files = readdirSync(folder).filter((name) => name.endsWith('.http'));

/** The environment that a file of fixtures/conversations/config sets. */
function environment(name: string, upstream: string): Record<string, string> {
  const text = readFileSync(join(root, 'fixtures', 'conversations', 'config', name), 'utf8');
  const lines = text.split('\n').filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1).replace('{upstream}', upstream)];
    }),
  );
}

class Run {
  readonly #t: TestContext;
  readonly #port: number;
  readonly #upstream: FakeUpstream;
  readonly #clients = new Map<string, RawClient>();
  /** Answers that were judged, on each connection. */
  readonly #judged = new Map<string, number>();
  readonly #names: Names;
  #asked: Exchange | undefined;

  constructor(t: TestContext, port: number, upstream: FakeUpstream) {
    this.#t = t;
    this.#port = port;
    this.#upstream = upstream;
    this.#names = new Map([['port', String(port)]]);
  }

  async step(step: Step): Promise<void> {
    const [name = ''] = step.words;
    if (step.mark === '>>>') await this.#send(name, step);
    else if (step.mark === '<<<') await this.#expect(name, step);
    else if (step.mark === '~~~') this.#clients.get(name)?.socket.destroy();
    else await this.#upstreamDoes(step.words);
  }

  async #send(name: string, { lines }: Step): Promise<void> {
    let client = this.#clients.get(name);
    if (client === undefined) this.#clients.set(name, (client = await rawClient(this.#t, this.#port)));
    client.send(requestBytes(lines, this.#names));
  }

  async #expect(name: string, step: Step): Promise<void> {
    const client = this.#clients.get(name);
    assert.ok(client !== undefined, `there is no connection ${name}`);
    // What is expected of an answer that goes on is expected of all of it.
    const at = step.words[1] === 'goes-on' ? (this.#judged.get(name) ?? 1) - 1 : (this.#judged.get(name) ?? 0);
    await client.until((text) => isEnough(step, answersIn(text)[at]), `line ${step.at}`);
    const answer = answersIn(client.text)[at];
    assert.ok(answer !== undefined, `line ${step.at}: no answer; ${client.text}`);
    const whole = step.words[1] === 'goes-on' ? { ...step, words: [name, String(answer.status)] } : step;
    const problem = problemWith(whole, answer, this.#names);
    assert.equal(problem, undefined, `line ${step.at}: ${problem}`);
    this.#judged.set(name, at + 1);
  }

  async #upstreamDoes([what = '', file = '']: readonly string[]): Promise<void> {
    if (what === 'asked') this.#asked = await within(this.#upstream.take(), 'a request upstream');
    else if (what === 'left')
      await within(this.#asked?.closed ?? Promise.reject(new Error('nothing asked')), 'its end');
    else if (what === 'answers') this.#asked?.answer(readFileSync(join(root, 'fixtures', 'upstream', file)));
    else throw new Error(`the upstream does no such thing: ${what}`);
  }
}

describe('fixtures/http', () => {
  test('there is a file for every rule that is about HTTP alone', () => {
    const rules = Array.from({ length: 16 }, (_, i) => `R-${77 + i}`);
    assert.deepEqual(
      rules.filter((rule) => !files.some((name) => name.startsWith(`${rule}-`))),
      [],
    );
  });

  for (const name of files) {
    test(name.replace('.http', '').replaceAll('-', ' '), async (t) => {
      const { config, settings, steps } = readCase(readFileSync(join(folder, name), 'utf8'));
      const upstream = await FakeUpstream.listen();
      t.after(() => upstream.close());
      const env = config === undefined ? { MCP_AUTH: 'off' } : environment(config, upstream.address);
      const server = await startServer(t, { ...env, ...settings });
      const run = new Run(t, server.port, upstream);
      for (const step of steps) await run.step(step);
      assert.deepEqual(upstream.untaken, []);
    });
  }
});
