import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../../src/core/log.ts';
import type { Log, LogFields } from '../../../../src/core/log.ts';
import type { LoggingLevel } from '../../../../src/protocol/levels.ts';
import { CallLog, LogGate } from '../../../../src/server/call/client-log.ts';
import { McpClient } from '../../../support/mcp.ts';

function callLog(mcp: McpClient, wanted: LoggingLevel | undefined, log: Log = silentLog): CallLog {
  return new CallLog(
    {
      log,
      wanted: () => wanted,
      logger: 'anymodel-mcp',
      gate: new LogGate(),
      clock: mcp.clock,
      scrub: (text) => text.replaceAll('s3cret', '[redacted]'),
      tell: mcp.context().notify,
    },
    { tool: 'chat', requestId: 'call-1' },
  );
}

test('a client is told message and known fields, scrubbed, and nothing else', () => {
  const mcp = new McpClient();
  callLog(mcp, 'warning')
    .with({ provider: 'corp', url: 'https://corp.example' })
    .warn('tried s3cret', { status: 500, model: 'm-s3cret', stack: 'at x', cause: { a: 1 }, code: { odd: 1 } });
  assert.deepEqual(mcp.said, [
    {
      jsonrpc: '2.0',
      method: 'notifications/message',
      params: {
        level: 'warning',
        logger: 'anymodel-mcp',
        data: {
          message: 'tried [redacted]',
          tool: 'chat',
          requestId: 'call-1',
          provider: 'corp',
          model: 'm-[redacted]',
          status: 500,
        },
      },
    },
  ]);
});

test('the log itself is told everything, bound only when it is first written to', () => {
  const bound: LogFields[] = [];
  const lines: unknown[] = [];
  const inner: Log = { ...silentLog, info: (message, fields) => lines.push([message, fields]), with: bind };
  function bind(fields: LogFields): Log {
    bound.push(fields);
    return inner;
  }
  const log = callLog(new McpClient(), undefined, inner);
  assert.deepEqual(bound, []);
  log.info('one', { url: 'x' });
  log.info('two');
  assert.deepEqual(bound, [{ tool: 'chat', requestId: 'call-1' }]);
  assert.deepEqual(lines, [
    ['one', { url: 'x' }],
    ['two', undefined],
  ]);
});

test('a flood is cut at 20 lines in ten seconds, and the next line says how many were withheld', () => {
  const mcp = new McpClient();
  const log = callLog(mcp, 'debug');
  for (let i = 0; i < 25; i++) log.error(`line ${i}`);
  assert.equal(mcp.said.length, 20);
  mcp.clock.advance(9999);
  log.error('too soon');
  assert.equal(mcp.said.length, 20);
  mcp.clock.advance(1);
  log.error('later');
  assert.equal(mcp.said.length, 21);
  assert.deepEqual(mcp.said[20], {
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: {
      level: 'error',
      logger: 'anymodel-mcp',
      data: { message: 'later', tool: 'chat', requestId: 'call-1', withheld: 6 },
    },
  });
});

test('a client that does not read, and then goes away, does no harm', async () => {
  const mcp = new McpClient();
  mcp.room = Promise.reject(new Error('gone'));
  callLog(mcp, 'debug').error('x');
  await Promise.resolve();
  assert.equal(mcp.said.length, 1);
});
