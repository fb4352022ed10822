// What a person sees of the demo, from a scripted conversation.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSession } from '../../../../src/cli/client.ts';
import { demo } from '../../../../src/cli/commands/demo.ts';
import { scripted, stage, text } from '../stage.ts';
import type { Script } from '../stage.ts';

const attempts = [
  { provider: 'mock', model: 'cut', status: 200, ms: 12.4, error: 'INCOMPLETE' },
  { provider: 'mock', model: 'cut', status: 200, ms: 30 },
];
const healed: Script = {
  beats: ['You ', { phase: 'restart', attempt: 2 }, 'You ', 'said'],
  result: {
    ...text('You said'),
    _meta: { 'anymodel/attempts': attempts, 'anymodel/model': 'cut', 'anymodel/provider': 'mock' },
  },
};

test('shows every step, the cut and the healing, without colour on a pipe', async () => {
  const { host, out } = stage([]);
  assert.equal(await demo(host, await openSession(scripted(healed), '1.2.3'), false), 0);
  const seen = out();
  for (const part of [
    'client -> server  initialize, protocol 2025-11-25\n',
    'server -> client  scripted 9, protocol 2025-11-25, offers tools\n',
    'server -> client  1 tools\n      chat         Asks a model.\n',
    'server -> client  You  -- the stream was cut; attempt 2, from the beginning\n  server -> client  You said\n',
    'mock/cut, attempt 1: INCOMPLETE after 12 ms, attempt 2: complete after 30 ms\n',
    'it is whole: "You said"\n',
    'anymodel-mcp demo --live\n',
  ]) {
    assert.ok(seen.includes(part), `${JSON.stringify(part)} is not in\n${seen}`);
  }
  assert.ok(!seen.includes('\u001B'));
});

test('colour on a terminal, but not where NO_COLOR or TERM=dumb says so', async () => {
  for (const [env, coloured] of [
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ] as const) {
    const { host, out } = stage([], env, true);
    await demo(host, await openSession(scripted(healed), '1.2.3'), false);
    assert.equal(out().includes('\u001B[1m'), coloured, JSON.stringify(env));
  }
});

test('with --live it asks the provider and breaks nothing on purpose; an error is exit 1', async () => {
  const gateway = scripted({ result: { ...text('No model API is configured.'), isError: true } });
  const { host, out } = stage([]);
  assert.equal(await demo(host, await openSession(gateway, '1.2.3'), true), 1);
  assert.ok(out().includes('No model API is configured.'));
  assert.ok(!JSON.stringify(gateway.sent).includes('mock/'));
});
