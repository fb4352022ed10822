// A server of everything MCP has, for the official suite and the official clients: their fixtures as a catalog, on the
// engine, the HTTP server and the MCP endpoint of the product, without a key and on loopback. It tells its address on
// stdout, and ends when its stdin does.
//
//   node --import tsx test/conform/everything/main.ts

import { silentLog } from '../../../src/core/log.ts';
import { systemClock as clock } from '../../../src/core/clock.ts';
import { Fault } from '../../../src/core/fault.ts';
import { systemRandom as random } from '../../../src/core/random.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import { opening } from '../../../src/gateway/conversations.ts';
import { serveHttp } from '../../../src/gateway/http/http.ts';
import { mcpFaces } from '../../../src/gateway/http/mcp-http.ts';
import { Jobs } from '../../../src/jobs/jobs.ts';
import { createLog } from '../../../src/observe/sink.ts';
import { ChangeFeed } from '../../../src/server/changes.ts';
import { Offer } from './offer.ts';

const VERSION = '0.0.0';
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const GRACE_MS = 1000;

const none = (): Promise<never> => Promise.reject(new Fault('NOT_CONFIGURED', 'There are no models here.'));

const secrets = new Secrets();
const scrub = (text: string): string => secrets.scrub(text);
const log =
  process.env['LOG_LEVEL'] === 'debug'
    ? createLog({ stream: process.stderr, level: 'debug', clock, scrub })
    : silentLog;
const feed = new ChangeFeed();
const jobs = new Jobs({ clock, random, changed: (job) => feed.tell({ job }) });
const offer = new Offer(clock, feed);

const open = opening(
  {
    catalog: () => offer.catalog,
    methods: { list: none, complete: none, createCompletion: none },
    info: { name: 'everything', version: VERSION, title: 'Everything' },
    instructions: 'The fixtures of the conformance suite.',
    changes: { tools: true, prompts: true, resources: true },
    feed,
    jobs,
    progress: 'delta',
    clock,
    random,
    log,
    totalMs: () => 600_000,
    softDeadlineMs: 0,
    pageSize: 100,
    scrub,
  },
  { clock, log },
);

const served = mcpFaces({ open, catalog: () => offer.catalog, clock, random, secrets, maxBodyBytes: MAX_BODY_BYTES });
const server = await serveHttp(served, {
  host: '127.0.0.1',
  port: 0,
  authenticate: () => ({ caller: {} }),
  health: { version: VERSION, providers: () => [], reloads: () => ({ loadedAt: clock.wall(), failed: 0 }) },
  clock,
  log,
});

process.stdout.write(`http://localhost:${server.port}/mcp\n`);
process.stdin.resume().on('end', () => {
  jobs.stop(new Fault('CANCELLED', 'The server was stopped.'));
  server.drain(GRACE_MS);
  // Sessions whose client has not ended them wait for it, which keeps a process.
  void server.done.then(() => process.exit(0));
});
