// Holds one transcript with the built program: says what the client says, waits for what must come, and
// plays the upstream. In golden mode it gathers what came instead of failing, for `make golden`.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseJson } from '../../src/core/json.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Environment } from './bundle.ts';
import type { SchemaCheck } from './official-schema.ts';
import { ConfigFolder } from './config-folder.ts';
import { longAnswer } from './long-answer.ts';
import { difference, golden } from './placeholders.ts';
import type { Captures } from './placeholders.ts';
import { HttpProgram } from './http-program.ts';
import { Program, within } from './program.ts';
import { root } from './root.ts';
import { parseTranscript, Rewriting } from './transcript.ts';
import type { Step, Transcript } from './transcript.ts';
import { FakeUpstream } from './upstream.ts';
import type { Exchange } from './upstream.ts';
import { WireCheck } from './wire-check.ts';

export const transcripts: string = join(root, 'fixtures', 'conversations');
const configs = join(transcripts, 'config');
const recordings = join(root, 'fixtures', 'upstream');
/** What transcripts call `$FILES`, and their configurations `{files}`. */
const files = join(transcripts, 'files');

/** How long golden mode listens for more before it takes silence for the end. */
const LULL_MS = 150;

/** Holds the conversation and answers the file as it should then read: unchanged, unless `rewrite`. */
export async function hold(
  text: string,
  options: {
    readonly revision: string;
    readonly check: SchemaCheck;
    readonly rewrite: boolean;
    readonly over: string;
  },
): Promise<string> {
  const transcript = parseTranscript(located(text), options.revision);
  // Whoever asks for progress hears a heartbeat after 5 s: on a busy machine, too, unless time stands still.
  const timed = options.over !== 'http' && (isTimed(transcript) || text.includes('"progressToken"'));
  const upstream = await FakeUpstream.listen();
  const folder = new ConfigFolder(configs);
  const env = readConfig(transcript.config, { upstream: upstream.address, folder });
  const program = options.over === 'http' ? new HttpProgram(env) : new Program(env, timed);
  const reload = (name: string): void => {
    folder.replace(env['CONFIG_PATH'] ?? '', name);
    program.signal('SIGHUP');
  };
  const conversation = new Conversation({ program, upstream, wire: new WireCheck(options.check), reload });
  const rewriting = options.rewrite ? new Rewriting() : undefined;
  try {
    await conversation.run(transcript, rewriting);
    conversation.checkSecrets(env);
  } catch (error) {
    throw new Error(`${String(error)}\nstderr:\n${conversation.stderr.slice(-2000)}`, { cause: error });
  } finally {
    await conversation.stop();
    folder.remove();
  }
  return rewriting === undefined ? text : unlocated(rewriting.render(text, options.revision));
}

const filesUrl = pathToFileURL(files).href;
const filesPath = JSON.stringify(files).slice(1, -1);

/** With the folder of files where it is on this machine. */
function located(text: string): string {
  return text.replaceAll('file://$FILES', filesUrl).replaceAll('$FILES', filesPath);
}

function unlocated(text: string): string {
  return text.replaceAll(filesUrl, 'file://$FILES').replaceAll(filesPath, '$FILES');
}

/** Whether it needs a clock that stands still until it is moved. */
export function isTimed({ steps }: Transcript): boolean {
  return steps.some(
    (step) =>
      (step.kind === 'do' && step.verb === 'advance') || (step.kind === 'answer' && step.text.startsWith('stall')),
  );
}

/**
 * `NAME=value` lines; `{upstream}` is the fake upstream's address, `{files}` the folder of files, `{folder}` the one with the
 * configuration files.
 */
function readConfig(name: string, { upstream, folder }: { upstream: string; folder: ConfigFolder }): Environment {
  const text = readFileSync(join(configs, name), 'utf8');
  const addressed = text.replaceAll('{upstream}', upstream).replaceAll('{files}', files);
  const filled = addressed.replaceAll('{folder}', () => folder.path);
  const lines = filled.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

interface Parts {
  readonly program: Program | HttpProgram;
  readonly upstream: FakeUpstream;
  readonly wire: WireCheck;
  /** Has the program read another configuration file. */
  readonly reload: (name: string) => void;
}

class Conversation {
  readonly #reload: Parts['reload'];
  readonly #program: Program | HttpProgram;
  readonly #upstream: FakeUpstream;
  readonly #wire: WireCheck;
  readonly #captures: Captures = new Map();
  /** Requests taken and not wholly answered, oldest first. */
  readonly #open: Exchange[] = [];
  /** Every line of ours so far, for the check for secrets. */
  readonly #said: string[] = [];
  #closed = false;
  #exitChecked = false;

  constructor({ program, upstream, wire, reload }: Parts) {
    this.#program = program;
    this.#upstream = upstream;
    this.#wire = wire;
    this.#reload = reload;
  }

  get stderr(): string {
    return this.#program.stderr;
  }

  async run(transcript: Transcript, rewriting: Rewriting | undefined): Promise<void> {
    const { steps } = transcript;
    for (let i = 0; i < steps.length;) {
      const group = groupAt(steps, i);
      const [step] = group;
      if (step === undefined) return;
      try {
        if (rewriting !== undefined && step.kind !== 'hear') await this.#gatherUnsaid(step.line, rewriting);
        await this.#step(step, group, rewriting);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`line ${step.line + 1}: ${message}\n  ${transcript.lines[step.line]}`, { cause: error });
      }
      i += group.length;
    }
    await this.#end(rewriting);
  }

  /** No value of a setting that holds a key may have been said, on any stream. */
  checkSecrets(env: Environment): void {
    const output = [...this.#said, this.#program.stderr].join('\n');
    for (const [name, value] of Object.entries(env)) {
      if (/KEY|TOKEN|SECRET/.test(name) && value.length > 5 && output.includes(value)) {
        throw new Error(`the value of ${name} was shown`);
      }
    }
  }

  async stop(): Promise<void> {
    this.#program.signal('SIGKILL');
    await this.#program.exited;
    await this.#upstream.close();
  }

  async #step(step: Step, group: readonly Step[], rewriting: Rewriting | undefined): Promise<void> {
    if (step.kind !== 'hear' && step.kind !== 'asked') await this.#settle();
    switch (step.kind) {
      case 'send': {
        const text = echoing(step.text, this.#captures);
        this.#wire.sent(text);
        this.#program.write(`${text}\n`);
        return;
      }
      case 'hear':
        return step.anyOrder ? this.#hearAll(group, rewriting) : this.#hear(step, rewriting);
      case 'asked':
        return this.#asked(step, rewriting);
      case 'answer':
        return this.#answer(step.text);
      case 'do':
        return this.#do(step.verb, step.rest);
    }
  }

  /** What comes over one pipe is acted upon before anything comes over another: two have no order of their own. */
  async #settle(): Promise<void> {
    if (this.#program instanceof Program && this.#program.isTimed) await this.#program.settle(this.#upstream.sent);
  }

  /** What a transcript may do to the program's own streams and clock. */
  get #onStdio(): Program {
    if (this.#program instanceof Program) return this.#program;
    throw new Error('this is not done over HTTP');
  }

  /** The next line of ours, checked for what every line must be. */
  async #next(ms?: number): Promise<JsonValue> {
    const line = await this.#program.line(ms);
    if (line === undefined) throw new Error('the program ended');
    return this.#accept(line);
  }

  #accept(line: string): JsonValue {
    this.#said.push(line);
    // A test's ports differ from run to run.
    const value = parseJson(line.replaceAll(/127\.0\.0\.1:\d+/g, 'upstream'));
    if (value === undefined) throw new Error(`stdout holds what is not a message: ${line.slice(0, 300)}`);
    const problem = this.#wire.heard(value);
    if (problem !== undefined) throw new Error(`not a valid message: ${problem}\n  ${line.slice(0, 2000)}`);
    return value;
  }

  async #hear(step: Step & { kind: 'hear' }, rewriting: Rewriting | undefined): Promise<void> {
    let actual: JsonValue;
    try {
      actual = await this.#next(rewriting === undefined ? undefined : 3000);
    } catch (error) {
      if (rewriting === undefined || !/nothing came|program ended/.test(String(error))) throw error;
      rewriting.replace(step.line, undefined);
      return;
    }
    this.#compare(step, '<-', actual, rewriting);
  }

  async #hearAll(group: readonly Step[], rewriting: Rewriting | undefined): Promise<void> {
    const waiting = group.filter((step) => step.kind === 'hear');
    const strangers: JsonValue[] = [];
    for (const _ of group) {
      const actual = await this.#next();
      const found = waiting.findIndex(
        (step) => difference(expectation(step.text), actual, new Map(this.#captures)) === undefined,
      );
      const [match] = found === -1 ? [] : waiting.splice(found, 1);
      if (match === undefined) strangers.push(actual);
      else difference(expectation(match.text), actual, this.#captures);
    }
    for (const [i, step] of waiting.entries()) this.#compare(step, '<~', strangers[i] ?? null, rewriting);
  }

  async #asked(step: Step & { kind: 'asked' }, rewriting: Rewriting | undefined): Promise<void> {
    if (step.text === 'close') {
      const closed = this.#open.shift()?.closed ?? this.#upstream.takeSilent();
      await within(closed, 'the end of the upstream connection');
      return;
    }
    const exchange = await within(this.#upstream.take(), 'a request upstream');
    this.#open.push(exchange);
    const { method, path, body } = exchange.request;
    const [, expectedStart = '', expectedBody = ''] = /^(\S+ \S+) ?(.*)$/s.exec(step.text) ?? [];
    const start = `${method} ${path}`;
    const actual = body === '' ? '' : (parseJson(body) ?? body);
    const problem =
      (start === expectedStart ? undefined : `the request is ${start}`) ??
      difference(expectation(expectedBody), actual, this.#captures);
    if (problem === undefined) return;
    if (rewriting === undefined) throw new Error(`${problem}\n  it was ${start} ${body}`);
    const written = actual === '' ? '' : ` ${JSON.stringify(golden(parseJson(expectedBody), actual, this.#captures))}`;
    rewriting.replace(step.line, `=> ${start}${written}`);
  }

  #answer(text: string): void {
    const [verb = '', file] = text.split(/\s+/);
    const [exchange] = this.#open;
    if (exchange === undefined) throw new Error('there is no request to answer');
    if (verb === 'long') {
      this.#open.shift();
      exchange.answer(longAnswer(Number(file)));
      return;
    }
    const bytes = file === undefined ? undefined : readFileSync(join(recordings, file));
    if (verb === 'stall') {
      if (bytes !== undefined) exchange.write(bytes);
      return;
    }
    this.#open.shift();
    if (verb === 'drop') {
      if (bytes !== undefined) exchange.write(bytes);
      exchange.drop();
    } else if (bytes === undefined) {
      throw new Error('which recorded file?');
    } else if (verb === 'rest') {
      exchange.answer(bytes);
    } else {
      const status = /^HTTP\/1\.\d (\d+)/.exec(bytes.toString('latin1'))?.[1];
      if (status !== verb) throw new Error(`${file} is a ${status}`);
      exchange.answer(bytes);
    }
  }

  async #do(verb: string, rest: string): Promise<void> {
    switch (verb) {
      case 'close':
        this.#closed = true;
        this.#program.closeStdin();
        return;
      case 'bytes': {
        const bytes = Buffer.from(String(JSON.parse(rest)), 'latin1');
        this.#wire.wrote(bytes);
        this.#onStdio.write(bytes);
        return;
      }
      case 'signal':
        // Only a program that has been heard is sure to have its handlers in place.
        this.#closed = true;
        this.#program.signal(rest as NodeJS.Signals);
        return;
      case 'reload':
        this.#reload(rest);
        return;
      case 'closes-stdout':
        this.#onStdio.stdout?.destroy();
        return;
      case 'advance': {
        const [, amount, unit] = /^([\d.]+)(ms|s)$/.exec(rest) ?? [];
        if (amount === undefined) throw new Error(`how long is ${rest}?`);
        return this.#onStdio.advance(Number(amount) * (unit === 's' ? 1000 : 1), this.#upstream.sent);
      }
      case 'stderr':
        await this.#program.exited;
        if (!this.#program.stderr.includes(rest)) throw new Error(`stderr does not say ${rest}`);
        return;
      case 'exits': {
        const { code, signal } = await within(this.#program.exited, 'the end of the program');
        if (String(code ?? signal) !== rest) throw new Error(`the program ended with ${code ?? signal}`);
        this.#exitChecked = true;
        return;
      }
      default:
        throw new Error(`the harness does not know how to ${verb}`);
    }
  }

  /** The end of the file: stdin is closed, the program ends well, and nothing was left unsaid. */
  async #end(rewriting: Rewriting | undefined): Promise<void> {
    if (rewriting !== undefined) await this.#gatherUnsaid(Number.POSITIVE_INFINITY, rewriting);
    if (!this.#closed) {
      this.#program.closeStdin();
      // A closing program lets requests finish for up to 2 s of its own clock (MCP.md 3.15).
      if (this.#program instanceof Program && this.#program.isTimed) {
        await this.#program.advance(2000, this.#upstream.sent);
      }
    }
    const { code, signal } = await within(this.#program.exited, 'the end of the program');
    if (!this.#exitChecked && code !== 0) throw new Error(`the program ended with ${code ?? signal}`);
    const unsaid = this.#program.unsaid();
    if (unsaid.length > 0) throw new Error(`left unsaid: ${unsaid.join('\n').slice(0, 1000)}`);
    const { untaken } = this.#upstream;
    if (untaken.length > 0) throw new Error(`sent upstream unasked: ${JSON.stringify(untaken)}`);
  }

  #compare(step: Step & { kind: 'hear' }, mark: string, actual: JsonValue, rewriting: Rewriting | undefined): void {
    const problem = difference(expectation(step.text), actual, this.#captures);
    if (problem === undefined) return;
    if (rewriting === undefined) throw new Error(`${problem}\n  it was ${JSON.stringify(actual)}`);
    rewriting.replace(step.line, `${mark} ${JSON.stringify(golden(parseJson(step.text), actual, this.#captures))}`);
  }

  /** Golden mode: what the program has said that the transcript does not mention. */
  async #gatherUnsaid(line: number, rewriting: Rewriting): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, LULL_MS));
    for (const said of this.#program.unsaid()) {
      rewriting.insertBefore(line, `<- ${JSON.stringify(golden(undefined, this.#accept(said), this.#captures))}`);
    }
  }
}

/** One step, or all `<~` that stand together. */
function groupAt(steps: readonly Step[], start: number): readonly Step[] {
  let end = start + 1;
  const together = (step: Step | undefined): boolean => step?.kind === 'hear' && step.anyOrder;
  if (together(steps[start])) while (together(steps[end])) end += 1;
  return steps.slice(start, end);
}

/** What the client sends, with what it heard under a name before. */
function echoing(text: string, captures: Captures): string {
  return text.replaceAll(/"<id:(\w+)>"/g, (written, name: string) => JSON.stringify(captures.get(name)) ?? written);
}

/** What a line expects; nothing is JSON that matches nothing, so that golden mode fills it in. */
function expectation(text: string): JsonValue {
  return text === '' ? '' : (parseJson(text) ?? text);
}
