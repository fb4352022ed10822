// What the tests of this room share: a Host whose streams are strings, and a gateway that answers from a script.

import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import type { Host } from '../../../src/cli/host.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import type { Gateway } from '../../../src/gateway.ts';
import type { Serving } from '../../../src/rpc/conversation.ts';

export interface Staged {
  readonly host: Host;
  readonly stdin: PassThrough;
  readonly out: () => string;
  readonly err: () => string;
  /** As if the process were asked to end. */
  readonly signal: (name: string) => void;
}

class Captured extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

export function stage(argv: readonly string[], env: Host['env'] = {}, isTTY = false): Staged {
  const stdin = new PassThrough();
  const stdout = new Captured(isTTY);
  const stderr = new Captured(isTTY);
  const listeners = new Set<(name: string) => void>();
  const host: Host = {
    argv,
    env,
    stdin: Object.assign(stdin, { isTTY }),
    stdout,
    stderr,
    clock: systemClock,
    random: { draw: () => 0.5, id: () => '00000000-0000-4000-8000-000000000000' },
    secrets: new Secrets(),
    version: '1.2.3',
    onSignal(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    onHangup: () => () => {},
  };
  return {
    host,
    stdin,
    out: () => stdout.text,
    err: () => stderr.text,
    signal: (name) => {
      for (const listener of listeners) listener(name);
    },
  };
}

/** Progress of a scripted call: text, or a phase. */
type Beat = string | { readonly phase: string; readonly attempt: number };

export interface Script {
  readonly beats?: readonly Beat[];
  /** The result of tools/call; absent: the conversation ends instead. */
  readonly result?: JsonObject;
  readonly error?: JsonObject;
}

export interface ScriptedGateway extends Gateway {
  /** Every message the client sent. */
  readonly sent: JsonObject[];
}

export function scripted(script: Script): ScriptedGateway {
  const sent: JsonObject[] = [];
  return {
    sent,
    revision: '2025-11-25',
    serveStdio: (): Serving => ({ done: Promise.resolve(), stop: () => {} }),
    serveHttp: () => assert.fail('not scripted'),
    reload: () => assert.fail('not scripted'),
    refuseReload: () => assert.fail('not scripted'),
    reloadState: () => assert.fail('not scripted'),
    close: () => Promise.resolve(),
    providers: ['scripted'],
    explain: (model) => Promise.resolve({ model, as: 'bare name', strategy: 'priority', targets: [], leftOut: [] }),
    examine: (provider) => Promise.resolve({ provider, type: 'openai', url: '', steps: [] }),
    connect() {
      const queue = new PassThrough({ objectMode: true });
      return {
        send(message) {
          sent.push(message);
          for (const reply of answers(message, script)) queue.write(reply);
          if (message['method'] === 'tools/call' && script.result === undefined && script.error === undefined)
            queue.end();
        },
        received: queue,
        close: () => void queue.end(),
      };
    },
  };
}

function answers({ id = null, method }: JsonObject, { beats = [], result, error }: Script): JsonObject[] {
  const reply = (value: JsonObject): JsonObject[] => [{ jsonrpc: '2.0', id, result: value }];
  if (method === 'initialize') {
    return reply({
      protocolVersion: '2025-11-25',
      serverInfo: { name: 'scripted', version: '9' },
      capabilities: { tools: {} },
    });
  }
  if (method === 'tools/list') return reply({ tools: [{ name: 'chat', description: 'Asks a model. And more.' }] });
  if (method !== 'tools/call') return [];
  const notices = beats.map((beat, i): JsonObject => {
    const said: JsonObject =
      typeof beat === 'string'
        ? { message: beat }
        : { _meta: { 'anymodel/phase': beat.phase, 'anymodel/attempt': beat.attempt } };
    return {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: id, progress: i + 1, ...said },
    };
  });
  if (error !== undefined) return [...notices, { jsonrpc: '2.0', id, error }];
  return result === undefined ? notices : [...notices, ...reply(result)];
}

export function text(...texts: readonly string[]): JsonObject {
  return { content: texts.map((one) => ({ type: 'text', text: one })) };
}
